"""What administrators are told at once."""

from collections.abc import Mapping
from typing import Final

from chassis.contract import Operation
from chassis.schemas import Contract, PageRequest, choice, identifier, moment, page_of, text, version, yes_no

NOTICES: Final[Mapping[str, str]] = {
    "glass_broken": "Somebody opened a restricted record without being named for it",
    "system_stopped": "A system no longer gets updates",
}


class Notice(Contract):
    """Somebody opened a restricted family's record without being named; or a system no longer gets updates, for it did not answer."""

    id = identifier("Notice")
    version = version()
    kind = choice("What it is about", NOTICES)
    person_id = identifier("Person", required=False)
    person_name = text("Who", required=False, sensitivity="personal")
    agency_name = text("Agency", required=False)
    family_id = identifier("Reference of the family", required=False)
    system_id = identifier("System", required=False)
    system_name = text("Which system", required=False, max_length=80)
    reason = text("Why", max_length=1000)
    happened_at = moment("When")
    until = moment("They can open it until", required=False)
    looked_at = moment("Looked at", required=False)
    looked_by = text("By", required=False, sensitivity="personal")
    note = text("What came of it", required=False, max_length=2000)


class ListNoticesRequest(PageRequest):
    """Which notices: all, or those that nobody has looked at."""

    new = yes_no("Only those that nobody has looked at", required=False)


class LookAtNoticeRequest(Contract):
    """That you looked at a notice."""

    notice_id = identifier("Notice")
    version = version()
    note = text(
        "What was the outcome?",
        max_length=2000,
        multiline=True,
        hint="For example, whom you asked, whether there was good reason for it, what was put right.",
    )


LIST_NOTICES = Operation("gateway", "list_notices", "notices.read", ListNoticesRequest, page_of(Notice))
LOOK_AT_NOTICE = Operation("gateway", "look_at_notice", "notices.read", LookAtNoticeRequest, Notice, changes=True)

OPERATIONS: tuple[Operation, ...] = (LIST_NOTICES, LOOK_AT_NOTICE)
