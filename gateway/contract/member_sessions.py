"""Sessions of a borough's members, as its administrator sees and ends them."""

from chassis.contract import Operation
from chassis.schemas import Contract, identifier, many
from gateway.contract.account import MemberSession
from gateway.contract.people import MemberRequest


class MemberSessions(Contract):
    """A member's sessions, the one used last first. They are the person's, whatever boroughs they belong to."""

    items = many(MemberSession, "Sessions")


class EndMemberSessionRequest(MemberRequest):
    """A session of a member that ends now."""

    session_id = identifier("Session")


LIST_MEMBER_SESSIONS = Operation("gateway", "list_member_sessions", "people.manage", MemberRequest, MemberSessions)
END_MEMBER_SESSION = Operation("gateway", "end_member_session", "people.manage", EndMemberSessionRequest, MemberSessions, changes=True)
END_MEMBER_SESSIONS = Operation("gateway", "end_member_sessions", "people.manage", MemberRequest, MemberSessions, changes=True)

OPERATIONS: tuple[Operation, ...] = (LIST_MEMBER_SESSIONS, END_MEMBER_SESSION, END_MEMBER_SESSIONS)
