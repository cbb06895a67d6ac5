"""The register of a session: fields and operations."""

from marshmallow import fields, validate

from chassis.contract import Operation
from chassis.schemas import (
    Contract,
    choice,
    day,
    identifier,
    many,
    moment,
    nested,
    text,
    version,
    whole,
    yes_no,
)
from services.referrals.contract import Barred, Need
from services.sessions.contract.codes import COLLECTION_STATES, MARKS, PERSON_KINDS, REOPENED_BECAUSE
from services.sessions.contract.groups import Session


class SessionId(Contract):
    """Which session."""

    session_id = identifier("Session")


class RegisterPerson(Contract):
    """A member of the family who may come."""

    id = identifier()
    given_name = text("Given name", max_length=400, sensitivity="personal")
    family_name = text("Family name", max_length=400, sensitivity="personal")
    preferred_name = text("What they like to be called", required=False, max_length=400, sensitivity="personal")
    kind = choice("Parent or child", PERSON_KINDS)
    birth_date = day("Born", required=False, sensitivity="personal")


class RegisterLine(Contract):
    """One family on the register. ``missed`` counts the sessions missed in a row before this one."""

    family_id = identifier("Family")
    family_name = text("Family", max_length=2000, sensitivity="personal", hint="Such as Sinead Doyle and Finn")
    surname = text("Family name", max_length=400, sensitivity="personal")
    restricted = yes_no("Restricted to others: you can't see who it is", required=False, load_default=False)
    members = many(RegisterPerson, "Who may come", at_most=20)
    language = text("Language", required=False)
    interpreter = yes_no("Interpreter", required=False)
    not_allowed = many(Barred, "Who may not collect or be told", at_most=10, required=False, load_default=list)
    access_needs = many(Need, "What somebody needs to take part", at_most=20, required=False, load_default=list)
    expected_on = fields.List(fields.Date(), load_default=list, metadata={"label": "Babies expected"})
    mark = choice("Mark", MARKS, required=False)
    people = fields.List(fields.UUID(), required=True, metadata={"label": "Who is here"})
    arrived_at = moment("Arrived", required=False)
    left_at = moment("Left", required=False)
    marked_by = text("Marked by", required=False)
    marked_at = moment("Marked at", required=False)
    collection = choice("Collection", COLLECTION_STATES, required=False)
    collected_at = moment("Collected at", required=False)
    first_time = yes_no("First time")
    missed = whole("Missed in a row before", ge=0, le=100000)


class Register(Contract):
    """Everything that the register page needs, in one answer.

    ``version`` is what changes and the closing are made on. ``people_here`` counts persons, the rest families.
    """

    session = nested(Session, "Session")
    version = whole("Version", ge=1, le=2**31 - 1)
    lines = many(RegisterLine, "Families", at_most=1000)
    people_here = whole("In the building", ge=0, le=100000)
    families_here = whole("Families here", ge=0, le=10000)
    expected = whole("Families expected", ge=0, le=10000)
    to_mark = whole("Still to mark", ge=0, le=10000)
    may_mark = yes_no("The day has come and the register is open")
    may_reopen = yes_no("The register is closed and can still be corrected")
    closed_at = moment("Closed at", required=False)
    closed_by = text("Closed by", required=False)


class GivenMark(Contract):
    """What somebody says of one family.

    ``was`` is what the form showed when it was opened: a mark equal to it is somebody leaving the family as it is,
    and is never taken for a change, so a whole form can be sent when only one line was touched. Leave it out
    when every mark that is sent is meant.
    """

    family_id = identifier("Family")
    mark = choice("Mark", MARKS)
    people = fields.List(
        fields.UUID(),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=20),
        metadata={"label": "Who is here", "widget": "checkboxes", "hint": "Everybody of the family, where left out"},
    )
    arrived_at = moment("Arrived", required=False)
    left_at = moment("Left", required=False)
    was = choice("What the form showed", MARKS, required=False)


class RecordRegister(Contract):
    """Marks of some or all families, made on a version of the register.

    Two people may mark one register at once: marks of different families merge. Where somebody else has marked
    the same family differently since ``version``, nothing is saved and `Stale` holds both.
    """

    session_id = identifier("Session")
    version = version()
    marks = many(GivenMark, "Marks", at_least=1, at_most=200)


class CloseRegister(Contract):
    """Close the register that was seen; every expected family has its mark."""

    session_id = identifier("Session")
    version = version()


class ReopenRegister(Contract):
    """Open a closed register again to correct it; closing it again tells what holds then."""

    session_id = identifier("Session")
    version = version()
    reason = choice("What is to be corrected?", REOPENED_BECAUSE)


GET_REGISTER = Operation("sessions", "get_register", "registers.read", SessionId, Register)
RECORD_REGISTER = Operation("sessions", "record_register", "registers.record", RecordRegister, Register, changes=True, keeps=True)
CLOSE_REGISTER = Operation("sessions", "close_register", "registers.record", CloseRegister, Register, changes=True, keeps=True)
REOPEN_REGISTER = Operation("sessions", "reopen_register", "registers.record", ReopenRegister, Register, changes=True, keeps=True)
OPERATIONS: tuple[Operation, ...] = (GET_REGISTER, RECORD_REGISTER, CLOSE_REGISTER, REOPEN_REGISTER)
