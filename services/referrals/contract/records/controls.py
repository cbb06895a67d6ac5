"""Legal holds, which stop erasure, and restrictions of processing, which stop use."""

from typing import Final

from chassis.contract import Operation
from chassis.keeping import MANAGE
from chassis.schemas import Contract, choice, day, identifier, many, moment, text, version, yes_no
from services.referrals.contract.family import FamilyRequest
from services.referrals.contract.records.erasure import Erasure
from services.referrals.contract.records.requests import SubjectRequestSummary
from services.referrals.contract.records.retention import Clock

CONTROLS: Final[dict[str, str]] = {"hold": "Legal hold: nothing may be erased", "limit": "Restriction of processing: kept, not used"}
BECAUSE: Final[dict[str, str]] = {
    "claim": "A legal claim, or one that may come",
    "inquiry": "A public inquiry or a review, such as a child safeguarding practice review",
    "police": "The police or a court asked for it",
    "contested": "The person says that it is not right, and that is being checked",
    "unlawful": "It should not have been used, and the person wants it kept, not erased",
    "needed_by_person": "We no longer need it; the person needs it for a legal claim",
    "objection": "The person objected, and that is being weighed",
}
HOLD_BECAUSE: Final = {code: BECAUSE[code] for code in ("claim", "inquiry", "police")}
LIMIT_BECAUSE: Final = {code: BECAUSE[code] for code in ("contested", "unlawful", "needed_by_person", "objection")}


class PlaceHold(FamilyRequest):
    """Keep a family's record from being erased, everywhere."""

    because = choice("Why may it not be erased?", HOLD_BECAUSE)
    reason = text("In words", max_length=2000, multiline=True, sensitivity="personal")
    until_on = day("Until when?", required=False, hint="Leave it empty if nobody knows yet. A hold is never lifted automatically.")


class LimitUse(FamilyRequest):
    """Keep a family's record and let nobody use it."""

    because = choice("Why may it not be used?", LIMIT_BECAUSE)
    reason = text("In words", max_length=2000, multiline=True, sensitivity="personal")


class LiftControl(Contract):
    """Lift a hold or a restriction."""

    control_id = identifier("Which")
    version = version()
    reason = text("Why is it lifted?", max_length=2000, multiline=True, sensitivity="personal")


class Control(Contract):
    """A hold or a restriction, in force or lifted."""

    id = identifier("Which")
    version = version()
    kind = choice("What", CONTROLS)
    family_id = identifier("Family")
    because = choice("Why", BECAUSE)
    reason = text("In words", required=False, max_length=2000, sensitivity="personal")
    until_on = day("Until", required=False)
    placed_by = text("Decided by", max_length=200)
    placed_at = moment("Since")
    lifted_by = text("Lifted by", required=False, max_length=200)
    lifted_at = moment("Lifted", required=False)
    lifted_because = text("Why it was lifted", required=False, max_length=2000, sensitivity="personal")
    in_force = yes_no("In force")


class FamilyRecords(Contract):
    """How a family's record is kept: who asked for what, what is held, until when each person is kept, what was erased."""

    family_id = identifier("Family")
    name = text("Family", max_length=2000, sensitivity="personal")
    registered = yes_no("It is in the registry, and was not only referred")
    people = many(Clock, "People", at_most=40)
    requests = many(SubjectRequestSummary, "Requests", at_most=200)
    controls = many(Control, "Holds and restrictions", at_most=200)
    erasures = many(Erasure, "Erasures", at_most=100)
    held = yes_no("Nothing may be erased")
    limited = yes_no("It may not be used")


class RecordState(Contract):
    """What everybody who opens the record is told of it."""

    family_id = identifier("Family")
    held = yes_no("Nothing may be erased")
    limited = yes_no("It may not be used")
    limited_because = choice("Why it may not be used", BECAUSE, required=False)


PLACE_HOLD = Operation("referrals", "place_hold", MANAGE, PlaceHold, Control, changes=True, keeps=True)
LIMIT_USE = Operation("referrals", "limit_use", MANAGE, LimitUse, Control, changes=True, keeps=True)
LIFT_CONTROL = Operation("referrals", "lift_control", MANAGE, LiftControl, Control, changes=True, keeps=True)
FAMILY_RECORDS = Operation("referrals", "family_records", MANAGE, FamilyRequest, FamilyRecords)
RECORD_STATE = Operation("referrals", "record_state", "families.read", FamilyRequest, RecordState)

OPERATIONS = (PLACE_HOLD, LIMIT_USE, LIFT_CONTROL, FAMILY_RECORDS, RECORD_STATE)
