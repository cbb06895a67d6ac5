"""What the referrals service can be asked to do."""

from chassis.auditing import audit_operations
from chassis.contract import Operation
from chassis.schemas import Nothing, PageRequest
from services.referrals.contract import family, referral, restriction

_TRIAGE = "referrals.triage"


def _move(name: str, request: type[referral.ReferralRequest]) -> Operation:
    """Return a move of a referral: version checked, refused where its status does not allow it."""
    return Operation("referrals", name, _TRIAGE, request, referral.Referral, changes=True)


REFER = Operation("referrals", "refer", "referrals.refer", referral.ReferRequest, referral.ReferralSummary, changes=True)
OWN_REFERRALS = Operation("referrals", "own_referrals", "referrals.read_own", PageRequest, referral.PageOfOwnReferrals)
GET_REFERRAL = Operation("referrals", "get_referral", "referrals.read", referral.ReferralRequest, referral.Referral)
LIST_REFERRALS = Operation("referrals", "list_referrals", "referrals.read", referral.ListReferralsRequest, referral.PageOfReferrals)
TRIAGE_SUMMARY = Operation("referrals", "triage_summary", "referrals.read", Nothing, referral.TriageSummary)

ACCEPT = _move("accept", referral.AcceptRequest)
ASK_FOR_INFORMATION = _move("ask_for_information", referral.AskRequest)
ANSWER_INFORMATION = _move("answer_information", referral.AnswerRequest)
REDIRECT = _move("redirect", referral.RedirectRequest)
DECLINE = _move("decline", referral.DeclineRequest)
MARK_DUPLICATE = _move("mark_duplicate", referral.DuplicateRequest)
WITHDRAW = _move("withdraw", referral.WithdrawRequest)
CLOSE = _move("close", referral.CloseRequest)

GET_FAMILY = Operation("referrals", "get_family", "families.read", family.FamilyRequest, family.Family)
LIST_FAMILIES = Operation("referrals", "list_families", "families.read", family.ListFamiliesRequest, family.PageOfFamilies)
CHANGE_FAMILY = Operation("referrals", "change_family", "families.change", family.ChangeFamilyRequest, family.Family, changes=True)
FAMILY_STORY = Operation("referrals", "family_story", "families.read", family.FamilyRequest, family.Story)

OPERATIONS: tuple[Operation, ...] = (
    REFER,
    OWN_REFERRALS,
    GET_REFERRAL,
    LIST_REFERRALS,
    TRIAGE_SUMMARY,
    ACCEPT,
    ASK_FOR_INFORMATION,
    ANSWER_INFORMATION,
    REDIRECT,
    DECLINE,
    MARK_DUPLICATE,
    WITHDRAW,
    CLOSE,
    GET_FAMILY,
    LIST_FAMILIES,
    CHANGE_FAMILY,
    FAMILY_STORY,
    *restriction.OPERATIONS,
    *audit_operations("referrals"),
)
