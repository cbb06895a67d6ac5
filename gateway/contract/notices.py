"""What administrators are told at once."""

from chassis.contract import Operation
from chassis.schemas import Contract, PageRequest, identifier, moment, page_of, text, version, yes_no


class Notice(Contract):
    """Somebody opened a restricted family's record without being named."""

    id = identifier("Notice")
    version = version()
    person_id = identifier("Person")
    person_name = text("Who", sensitivity="personal")
    agency_name = text("Agency", required=False)
    family_id = identifier("Reference of the family")
    reason = text("Why", max_length=1000)
    happened_at = moment("When")
    until = moment("They can open it until")
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
        "What came of it?", max_length=2000, multiline=True, hint="For example, whom you asked, and whether there was good reason for it."
    )


LIST_NOTICES = Operation("gateway", "list_notices", "notices.read", ListNoticesRequest, page_of(Notice))
LOOK_AT_NOTICE = Operation("gateway", "look_at_notice", "notices.read", LookAtNoticeRequest, Notice, changes=True)

OPERATIONS: tuple[Operation, ...] = (LIST_NOTICES, LOOK_AT_NOTICE)
