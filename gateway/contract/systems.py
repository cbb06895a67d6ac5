"""Other systems that use the API of a borough."""

from collections.abc import Mapping
from typing import Final

from marshmallow import fields

from chassis.contract import Operation
from chassis.schemas import Contract, Nothing, PageRequest, choice, identifier, moment, page_of, some_of, text, whole, yes_no
from gateway.access.scopes import SCOPES

SYSTEM_STATES: Final[Mapping[str, str]] = {"working": "Works", "expired": "Has ended", "withdrawn": "Withdrawn"}
LIFE_DAYS: Final = 365


def _days() -> fields.Integer:
    hint = f"At most {LIFE_DAYS}, and {LIFE_DAYS} if you leave it empty. Make a new token before this one ends."
    return whole("For how many days?", ge=1, le=LIFE_DAYS, required=False, load_default=LIFE_DAYS, hint=hint)


def _given() -> "fields.List[str]":
    """Describe what a token was given: a scope may be published no longer, and then allows nothing."""
    return fields.List(fields.String(), required=True, metadata={"label": "What it may do"})


class AddSystemRequest(Contract):
    """A system that is to use the API."""

    name = text("Which system is it?", max_length=80, hint="For example, health visiting record, council website")
    scopes = some_of("What may it do?", SCOPES, hint="Choose only what it needs.")
    days = _days()


class SystemRequest(Contract):
    """Which token of a system."""

    system_id = identifier("System")


class RenewSystemRequest(SystemRequest):
    """A system's next token; the one before works on until it ends or is taken back, so that there is time to change."""

    days = _days()


class System(Contract):
    """A system's token. The token itself is told once, to whoever made it.

    ``acts_as`` is the system whichever of its tokens this is: what was referred with one is its own with the next.
    """

    id = identifier("System")
    acts_as = identifier("Acts as")
    name = text("Name")
    scopes = _given()
    state = choice("State", SYSTEM_STATES)
    expires_soon = yes_no("Does it end within 30 days?")
    expires_at = moment("Works until")
    made_at = moment("Made")
    made_by_name = text("Made by", sensitivity="personal")
    used_at = moment("Last used", required=False)
    withdrawn_at = moment("Withdrawn", required=False)


class NewSystem(System):
    """A system's token that was made just now."""

    token = text("Token", required=False)


class OwnScopes(Contract):
    """What a system is told of itself at ``/system``."""

    id = identifier("System")
    acts_as = identifier("Acts as")
    name = text("Name")
    scopes = _given()
    expires_at = moment("Works until")


LIST_SYSTEMS = Operation("gateway", "list_systems", "systems.manage", PageRequest, page_of(System))
GET_SYSTEM = Operation("gateway", "get_system", "systems.manage", SystemRequest, System)
ADD_SYSTEM = Operation("gateway", "add_system", "systems.manage", AddSystemRequest, NewSystem, changes=True)
RENEW_SYSTEM = Operation("gateway", "renew_system", "systems.manage", RenewSystemRequest, NewSystem, changes=True)
WITHDRAW_SYSTEM = Operation("gateway", "withdraw_system", "systems.manage", SystemRequest, System, changes=True)
OWN_SCOPES = Operation("gateway", "own_scopes", "systems.read_own", Nothing, OwnScopes)

OPERATIONS: tuple[Operation, ...] = (LIST_SYSTEMS, GET_SYSTEM, ADD_SYSTEM, RENEW_SYSTEM, WITHDRAW_SYSTEM, OWN_SCOPES)
