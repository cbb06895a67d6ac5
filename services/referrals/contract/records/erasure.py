"""Erasing a person or a whole family: one person's decision, carried through every service."""

from typing import Final

from marshmallow import ValidationError, fields

from chassis.auditing.contract import SERVICES
from chassis.contract import Operation
from chassis.keeping import MANAGE
from chassis.schemas import Contract, PageRequest, choice, identifier, many, moment, page_of, text
from services.referrals.contract.family import FamilyRequest

ERASED_BECAUSE: Final[dict[str, str]] = {
    "asked": "The person asked for it, and nothing says that it must be kept",
    "retention": "The time to keep it is over",
    "mistake": "It should never have been here",
}
ERASURE_STATES: Final[dict[str, str]] = {
    "asked": "Waiting until every part of the platform is ready",
    "erasing": "Under way",
    "done": "Erased everywhere",
    "stopped": "Stopped by a legal hold",
}
SERVICE_STATES: Final[dict[str, str]] = {"waiting": "Not heard from yet", "ready": "Ready", "done": "Erased", "held": "Stopped"}
CONFIRM: Final = "ERASE"
"""What is typed to show that it is meant."""


def _typed(word: str) -> None:
    if word.strip().upper() != CONFIRM:
        raise ValidationError(f"To show that you mean it: type {CONFIRM}.")


class Erase(FamilyRequest):
    """Erase a family's record, or what identifies one person in it. It can't be undone."""

    person_id = identifier("Whom?", required=False)
    request_id = identifier("Request", required=False)
    because = choice("Why may it be erased?", ERASED_BECAUSE)
    confirm = text(f"Type {CONFIRM} to show that you mean it", max_length=20, validate=_typed)


class ErasureRequest(Contract):
    """Which erasure."""

    erasure_id = identifier("Erasure")


class ServiceReport(Contract):
    """How far one part of the platform is."""

    service = choice("Part", {service: service for service in SERVICES})
    state = choice("State", SERVICE_STATES)
    at = moment("When", required=False)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), load_default=dict, metadata={"label": "Rows by table"})


class Erasure(Contract):
    """An erasure: it names nobody, for it stays when all else is gone."""

    id = identifier("Erasure")
    family_id = identifier("Reference of the family")
    person_id = identifier("Reference of the person", required=False)
    because = choice("Why", ERASED_BECAUSE)
    state = choice("State", ERASURE_STATES)
    decided_by = text("Decided by", max_length=200)
    decided_at = moment("Decided")
    begun_at = moment("Begun", required=False)
    finished_at = moment("Finished", required=False)
    services = many(ServiceReport, "Parts of the platform")


class ListErasures(PageRequest):
    """Erasures, newest first."""

    state = choice("State", ERASURE_STATES, required=False)


PageOfErasures = page_of(Erasure)
ERASE = Operation("referrals", "erase", MANAGE, Erase, Erasure, changes=True, keeps=True)
GET_ERASURE = Operation("referrals", "get_erasure", MANAGE, ErasureRequest, Erasure)
LIST_ERASURES = Operation("referrals", "list_erasures", MANAGE, ListErasures, PageOfErasures)

OPERATIONS = (ERASE, GET_ERASURE, LIST_ERASURES)
