"""Until when each person's record is kept, and what a person decided when the time came."""

from typing import Final

from chassis.contract import Operation
from chassis.keeping import MANAGE
from chassis.schemas import Contract, PageRequest, choice, day, identifier, page_of, text, yes_no

SIDES: Final[dict[str, str]] = {"parent": "Parent", "child": "Child"}
CHILD_UNTIL_AGE: Final = 25
"""Birthday up to which a child's record is kept at least (NHS Records Management Code 2021, children's records)."""
LONGEST_YEARS: Final = 20
"""Years that a record is kept longer at most, in one decision."""


class Clock(Contract):
    """One person's clock."""

    person_id = identifier("Person")
    family_id = identifier("Family")
    side = choice("Parent or child", SIDES)
    name = text("Name", max_length=300, sensitivity="personal")
    birth_date = day("Date of birth", required=False, sensitivity="personal")
    last_contact_on = day("Last contact")
    keep_until = day("Kept until")
    kept_longer_because = text("Why it is kept longer", required=False, max_length=2000, sensitivity="personal")
    due = yes_no("Due for a decision")
    held = yes_no("Held")


class DueRequest(PageRequest):
    """Whose time is over, the longest first."""


class KeepLonger(Contract):
    """Keep a person's record longer."""

    person_id = identifier("Person")
    until = day("Until when?")
    reason = text("Why is it kept longer?", max_length=2000, multiline=True, sensitivity="personal")


PageOfClocks = page_of(Clock)
DUE_RECORDS = Operation("referrals", "due_records", MANAGE, DueRequest, PageOfClocks)
KEEP_LONGER = Operation("referrals", "keep_longer", MANAGE, KeepLonger, Clock, changes=True, keeps=True)

OPERATIONS = (DUE_RECORDS, KEEP_LONGER)
