"""What the referrals service can be asked to do."""

from chassis.auditing import audit_operations
from chassis.contract import Operation
from chassis.keeping import HELD
from chassis.schemas import Nothing, PageRequest
from services.referrals.contract import (
    board,
    consent,
    decisions,
    draft,
    family,
    importing,
    matching,
    merging,
    parts,
    question,
    records,
    referral,
    restriction,
    search,
)

_TRIAGE = "referrals.triage"


def _move(name: str, request: type[referral.ReferralRequest]) -> Operation:
    """Return a move of a referral: version checked, refused where its status does not allow it."""
    return Operation("referrals", name, _TRIAGE, request, referral.Referral, changes=True)


REFER = Operation("referrals", "refer", "referrals.refer", referral.ReferRequest, referral.ReferralSummary, changes=True)
OWN_REFERRAL = Operation("referrals", "own_referral", "referrals.read_own", referral.ReferralRequest, referral.OwnReferral)
OWN_REFERRALS = Operation("referrals", "own_referrals", "referrals.read_own", PageRequest, referral.PageOfOwnReferrals)
GET_REFERRAL = Operation("referrals", "get_referral", "referrals.read", referral.ReferralRequest, referral.Referral)
LIST_REFERRALS = Operation("referrals", "list_referrals", "referrals.read", referral.ListReferralsRequest, referral.PageOfReferrals)
TRIAGE_SUMMARY = Operation("referrals", "triage_summary", "referrals.read", Nothing, referral.TriageSummary)

ACCEPT = _move("accept", decisions.AcceptRequest)
ASK_FOR_INFORMATION = _move("ask_for_information", decisions.AskRequest)
ANSWER_INFORMATION = _move("answer_information", decisions.AnswerRequest)
REDIRECT = _move("redirect", decisions.RedirectRequest)
DECLINE = _move("decline", decisions.DeclineRequest)
MARK_DUPLICATE = _move("mark_duplicate", decisions.DuplicateRequest)
WITHDRAW = _move("withdraw", decisions.WithdrawRequest)
CLOSE = _move("close", decisions.CloseRequest)
REOPEN = _move("reopen", decisions.ReopenRequest)
ASSIGN = _move("assign", decisions.AssignRequest)
JUDGE_CRITERION = _move("judge_criterion", decisions.JudgeRequest)
LOOK_AT_ANSWER = Operation("referrals", "look_at_answer", _TRIAGE, question.LateAnswerRequest, referral.Referral, changes=True)
TRIAGE_BOARD = Operation("referrals", "triage_board", "referrals.read", board.BoardRequest, board.Board)
QUESTION_BY_LINK = Operation("referrals", "question_by_link", "referrals.draft", question.LinkRequest, question.AskedByLink)
ANSWER_BY_LINK = Operation("referrals", "answer_by_link", "referrals.draft", question.AnswerByLinkRequest, question.Answered, changes=True)
ANSWER_OWN_QUESTION = Operation(
    "referrals", "answer_own_question", "referrals.answer_own", question.AnswerOwnRequest, question.Answered, changes=True
)

GET_FAMILY = Operation("referrals", "get_family", "families.read", family.FamilyRequest, family.Family)
LIST_FAMILIES = Operation("referrals", "list_families", "families.read", family.ListFamiliesRequest, family.PageOfFamilies)
CHANGE_FAMILY = Operation("referrals", "change_family", "families.change", family.ChangeFamilyRequest, family.Family, changes=True)
FAMILY_STORY = Operation("referrals", "family_story", "families.read", family.FamilyRequest, family.Story)

OPERATIONS: tuple[Operation, ...] = (
    REFER,
    OWN_REFERRAL,
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
    REOPEN,
    ASSIGN,
    JUDGE_CRITERION,
    LOOK_AT_ANSWER,
    TRIAGE_BOARD,
    QUESTION_BY_LINK,
    ANSWER_BY_LINK,
    ANSWER_OWN_QUESTION,
    GET_FAMILY,
    LIST_FAMILIES,
    CHANGE_FAMILY,
    FAMILY_STORY,
    *draft.OPERATIONS,
    *matching.OPERATIONS,
    *merging.OPERATIONS,
    *parts.OPERATIONS,
    *consent.OPERATIONS,
    *importing.OPERATIONS,
    *restriction.OPERATIONS,
    *search.OPERATIONS,
    *records.OPERATIONS,
    HELD["referrals"],
    *audit_operations("referrals"),
)
