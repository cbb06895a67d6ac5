"""Other systems that use the API of a borough."""

from collections.abc import Mapping
from typing import Final

from marshmallow import fields

from chassis.contract import Operation
from chassis.schemas import Contract, Nothing, PageRequest, choice, identifier, moment, page_of, some_of, text, whole
from gateway.access.scopes import SCOPES

SYSTEM_STATES: Final[Mapping[str, str]] = {"working": "Working", "expired": "Expired", "withdrawn": "Withdrawn"}
LIFE_DAYS: Final = 365


class AddSystemRequest(Contract):
    """A system that is to use the API."""

    name = text("Which system is it?", max_length=80, hint="For example, health visiting record, reporting warehouse")
    scopes = some_of("What may it do?", SCOPES, hint="Choose only what it needs.")
    days = whole(
        "For how many days?",
        ge=1,
        le=LIFE_DAYS,
        required=False,
        load_default=LIFE_DAYS,
        allow_none=False,
        hint=f"At most {LIFE_DAYS}. Make a new token before this one ends.",
    )


class SystemRequest(Contract):
    """Which system."""

    system_id = identifier("System")


class System(Contract):
    """A system's token. The token itself is told once, to whoever made it."""

    id = identifier("System")
    name = text("Name")
    scopes = some_of("What it may do", SCOPES)
    state = choice("State", SYSTEM_STATES)
    expires_at = moment("Works until")
    made_at = moment("Made")
    made_by_name = text("Made by", sensitivity="personal")
    used_at = moment("Last used", required=False)
    withdrawn_at = moment("Withdrawn", required=False)


class NewSystem(System):
    """A system's token that was made just now."""

    token = text("Token", required=False)


class OwnScopes(Contract):
    """What a system is told of itself at ``/me``."""

    id = identifier("System")
    name = text("Name")
    scopes = fields.List(fields.String(), required=True, metadata={"label": "What it may do"})
    expires_at = moment("Works until")


LIST_SYSTEMS = Operation("gateway", "list_systems", "systems.manage", PageRequest, page_of(System))
ADD_SYSTEM = Operation("gateway", "add_system", "systems.manage", AddSystemRequest, NewSystem, changes=True)
WITHDRAW_SYSTEM = Operation("gateway", "withdraw_system", "systems.manage", SystemRequest, System, changes=True)
OWN_SCOPES = Operation("gateway", "own_scopes", "boroughs.read", Nothing, OwnScopes)

OPERATIONS: tuple[Operation, ...] = (LIST_SYSTEMS, ADD_SYSTEM, WITHDRAW_SYSTEM, OWN_SCOPES)
