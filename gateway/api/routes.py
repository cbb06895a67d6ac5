"""The one table of the API: which address does what. Everything lies under ``/api/v1/<borough>``."""

from collections.abc import Callable
from typing import Any, NamedTuple

from marshmallow import Schema

from chassis.contract import Operation
from chassis.schemas import Nothing
from gateway import contract as own
from gateway import drafting
from gateway.assessors import ArrangeVisit, with_assessors
from gateway.contract import webhooks
from gateway.named_people import ChangeRestriction, RestrictFamily, with_more_people, with_people
from gateway.opening import with_places
from gateway.provider_check import checked
from gateway.records.gathering import with_everything_held
from gateway.triaging import AcceptReferral, AssignReferral, answering, with_assignee, with_link, with_proposed
from services.assessments import contract as assessments
from services.outreach import contract as outreach
from services.referrals import contract as referrals
from services.referrals.contract import consent, records
from services.referrals.contract import importing as imports
from services.sessions import contract as sessions


class Route(NamedTuple):
    """One address.

    Attributes:
        method: ``GET``, or ``POST`` for whatever changes something, and for what is asked with words that may stand in no address.
        path: its variable parts are arguments of the operation.
        operation: what is called; its arguments that are not in the path come as query or as JSON body.
        summary: a few words for the document.
        status: of the answer when all went well.
        request: what a client sends, where that is less than the operation takes.
        completed: adds what the gateway knows better than the client; returns the operation's arguments.
        asks_again: only somebody who proved within the last ten minutes who they are may do it.
    """

    method: str
    path: str
    operation: Operation
    summary: str
    status: int = 200
    request: type[Schema] | None = None
    completed: Callable[[dict[str, Any]], dict[str, Any]] = dict
    asks_again: bool = False

    @property
    def asked(self) -> type[Schema]:
        """What a client sends, in path and body or query."""
        return self.request or self.operation.request


BOROUGH: tuple[Route, ...] = (
    Route("GET", "/me", own.ME, "Your own membership"),
    Route("GET", "/borough", own.GET_BOROUGH, "The borough"),
    Route("POST", "/borough", own.CHANGE_BOROUGH, "Change programme name and policy"),
    Route("GET", "/branding", own.GET_BRANDING, "How the borough shows itself"),
    Route("POST", "/branding", own.CHANGE_BRANDING, "Change programme name, colour, contacts and privacy notice"),
    Route("POST", "/branding/logo", own.CHANGE_LOGO, "Take another logo"),
    Route("POST", "/branding/logo/remove", own.REMOVE_LOGO, "Show no logo any more"),
    Route("POST", "/branding/check", own.CHECK_PUBLIC_PAGE, "The public page is right as it is"),
    Route("GET", "/sign-on", own.GET_SIGN_ON, "How single sign-on is set up"),
    Route("POST", "/sign-on", own.SET_SIGN_ON, "Set single sign-on up", asks_again=True),
    Route("POST", "/sign-on/check", own.NOTE_SIGN_ON_CHECK, "Ask the provider now", request=Nothing, completed=checked),
    Route("POST", "/sign-on/use", own.SWITCH_SIGN_ON, "Switch single sign-on on, off, or make it the only way in", asks_again=True),
    Route("GET", "/agencies", own.LIST_AGENCIES, "Agencies by name"),
    Route("GET", "/borough/set-up", own.GET_SET_UP, "Who is there and what was decided before the first referral"),
    Route("POST", "/borough/open", own.OPEN_BOROUGH, "Take referrals from now on", request=Nothing, completed=with_places),
    Route("GET", "/policy", own.GET_POLICY, "The policy in force, and what is to come"),
    Route("POST", "/policy", own.CHANGE_POLICY, "Decide on the policy from a day on"),
    Route("POST", "/policy/reviewed", own.REVIEW_POLICY, "The policy is right as it is"),
    Route("GET", "/policy/versions", own.LIST_POLICY_VERSIONS, "Every version of the policy, newest first"),
    Route("POST", "/policy/versions/<int:number>/withdraw", own.WITHDRAW_POLICY, "Take back a policy that is still to come"),
    Route("POST", "/agencies", own.ADD_AGENCY, "Add an agency", 201),
    Route("POST", "/agencies/<uuid:agency_id>/rename", own.RENAME_AGENCY, "Give an agency another name"),
    Route("POST", "/agencies/<uuid:agency_id>/retire", own.RETIRE_AGENCY, "Let nobody belong to an agency any more"),
    Route("GET", "/people", own.LIST_PEOPLE, "Members by name"),
    Route("POST", "/people/<uuid:member_id>/change", own.CHANGE_MEMBER, "Change a member's roles and agency", asks_again=True),
    Route("POST", "/people/<uuid:member_id>/end", own.END_MEMBERSHIP, "End a membership", asks_again=True),
    Route("GET", "/people/<uuid:member_id>/sessions", own.LIST_MEMBER_SESSIONS, "Where a member is signed in"),
    Route("POST", "/people/<uuid:member_id>/factors/reset", own.RESET_FACTORS, "Let a member set up a second factor anew", asks_again=True),
    Route("POST", "/people/<uuid:member_id>/sessions/end", own.END_MEMBER_SESSIONS, "End every session of a member"),
    Route("POST", "/people/<uuid:member_id>/sessions/<uuid:session_id>/end", own.END_MEMBER_SESSION, "End one session of a member"),
    Route("GET", "/notices", own.LIST_NOTICES, "What administrators were told at once, newest first"),
    Route("POST", "/notices/<uuid:notice_id>/look-at", own.LOOK_AT_NOTICE, "Keep that you looked at a notice, and what came of it"),
    Route("GET", "/invitations", own.LIST_INVITATIONS, "Invitations, newest first"),
    Route("POST", "/invitations", own.INVITE, "Invite somebody", 201, asks_again=True),
    Route("POST", "/invitations/<uuid:invitation_id>/withdraw", own.WITHDRAW_INVITATION, "Take an invitation back"),
    Route(
        "POST",
        "/invitations/<uuid:invitation_id>/resend",
        own.RESEND_INVITATION,
        "Send an invitation again, with a new link",
        asks_again=True,
    ),
    Route("GET", "/system", own.OWN_SCOPES, "What the system that asks is, and what its token allows"),
    Route("GET", "/systems", own.LIST_SYSTEMS, "Tokens of other systems, newest first"),
    Route("POST", "/systems", own.ADD_SYSTEM, "Let a system use the API; its token is told once", 201, asks_again=True),
    Route("GET", "/systems/<uuid:system_id>", own.GET_SYSTEM, "One token of a system"),
    Route("POST", "/systems/<uuid:system_id>/renew", own.RENEW_SYSTEM, "Give a system its next token", 201, asks_again=True),
    Route("POST", "/systems/<uuid:system_id>/withdraw", own.WITHDRAW_SYSTEM, "Take a token back at once"),
    Route("GET", "/systems/<uuid:system_id>/webhook", webhooks.GET_WEBHOOK, "Where a system is told by itself"),
    Route("POST", "/systems/<uuid:system_id>/webhook", webhooks.SET_WEBHOOK, "Say where a system is to be told", asks_again=True),
    Route(
        "POST",
        "/systems/<uuid:system_id>/webhook/rotate",
        webhooks.ROTATE_WEBHOOK_SECRET,
        "Give a webhook its next secret",
        asks_again=True,
    ),
    Route("POST", "/systems/<uuid:system_id>/webhook/switch", webhooks.SWITCH_WEBHOOK, "Tell a system, or nothing any more"),
    Route("GET", "/systems/<uuid:system_id>/webhook/deliveries", webhooks.LIST_DELIVERIES, "What a system was told, newest first"),
    Route(
        "POST",
        "/systems/<uuid:system_id>/webhook/deliveries/<uuid:delivery_id>/retry",
        webhooks.RETRY_DELIVERY,
        "Send something again, now",
    ),
)

REFERRALS: tuple[Route, ...] = (
    Route("GET", "/referrals", referrals.LIST_REFERRALS, "Referrals by status and age"),
    Route("POST", "/referrals", referrals.REFER, "Refer a family", 201, completed=drafting.referring),
    Route("POST", "/drafts", referrals.START_DRAFT, "Begin a referral, to be written step by step", 201, completed=drafting.starting),
    Route("GET", "/drafts", referrals.OWN_DRAFTS, "What you began and have not sent"),
    Route(
        "GET",
        "/drafts/<uuid:draft_id>",
        referrals.GET_DRAFT,
        "A referral that is being written; without an account its secret comes in the header Stay-Play-Draft",
        request=drafting.ReadDraft,
        completed=drafting.with_secret,
    ),
    Route("POST", "/drafts/<uuid:draft_id>/save", referrals.SAVE_DRAFT, "Keep the answers of one step"),
    Route("POST", "/drafts/<uuid:draft_id>/code", referrals.ASK_CODE, "Mail a code that proves an address", completed=drafting.mailing),
    Route("POST", "/drafts/<uuid:draft_id>/proof", referrals.PROVE_MAIL, "Try the code that was mailed", completed=drafting.proving),
    Route(
        "POST",
        "/drafts/<uuid:draft_id>/send",
        referrals.SEND_DRAFT,
        "Make the referral of it, once; whoever has an account is written to at its address",
        request=referrals.DraftRequest,
        completed=drafting.sending,
    ),
    Route("POST", "/drafts/<uuid:draft_id>/discard", referrals.DISCARD_DRAFT, "Forget it"),
    Route("GET", "/referrals/mine", referrals.OWN_REFERRALS, "What you referred, as far as each family lets you know"),
    Route(
        "GET",
        "/referrals/mine/<uuid:referral_id>",
        referrals.OWN_REFERRAL,
        "One thing that you referred, as far as the family lets you know",
    ),
    Route(
        "POST",
        "/referrals/mine/<uuid:referral_id>/questions/<uuid:question_id>/answer",
        referrals.ANSWER_OWN_QUESTION,
        "Answer what the team asks about something that you referred, once",
    ),
    Route("GET", "/referrals/summary", referrals.TRIAGE_SUMMARY, "What waits for triage"),
    Route(
        "GET",
        "/questions/by-link",
        referrals.QUESTION_BY_LINK,
        "What a referrer is asked; the secret of the link comes in the header Stay-Play-Link",
        request=Nothing,
        completed=with_link,
    ),
    Route("POST", "/questions/answer", referrals.ANSWER_BY_LINK, "Answer a question by its link, once", completed=answering),
    Route("GET", "/referrals/board", referrals.TRIAGE_BOARD, "The triage board, with what waits counted"),
    Route("GET", "/referrals/<uuid:referral_id>", referrals.GET_REFERRAL, "One referral"),
    Route(
        "POST",
        "/referrals/<uuid:referral_id>/accept",
        referrals.ACCEPT,
        "Accept for joint assessment",
        request=AcceptReferral,
        completed=with_proposed,
    ),
    Route(
        "POST",
        "/referrals/<uuid:referral_id>/assign",
        referrals.ASSIGN,
        "Make it a member's, or nobody's",
        request=AssignReferral,
        completed=with_assignee,
    ),
    Route("POST", "/referrals/<uuid:referral_id>/judge", referrals.JUDGE_CRITERION, "Say whether a criterion is met, and how you know"),
    Route("POST", "/referrals/<uuid:referral_id>/reopen", referrals.REOPEN, "Open again what was decided against"),
    Route(
        "POST",
        "/referrals/<uuid:referral_id>/questions/<uuid:question_id>/look-at",
        referrals.LOOK_AT_ANSWER,
        "Keep that you looked at an answer that came after the decision",
    ),
    Route("POST", "/referrals/<uuid:referral_id>/ask", referrals.ASK_FOR_INFORMATION, "Ask the referrer for information"),
    Route("POST", "/referrals/<uuid:referral_id>/answer", referrals.ANSWER_INFORMATION, "Write down the answer"),
    Route("POST", "/referrals/<uuid:referral_id>/redirect", referrals.REDIRECT, "Point to another service"),
    Route("POST", "/referrals/<uuid:referral_id>/decline", referrals.DECLINE, "Decline"),
    Route("POST", "/referrals/<uuid:referral_id>/duplicate", referrals.MARK_DUPLICATE, "Mark as the same as another"),
    Route("POST", "/referrals/<uuid:referral_id>/withdraw", referrals.WITHDRAW, "The family does not want to go on"),
    Route("POST", "/referrals/<uuid:referral_id>/close", referrals.CLOSE, "Close"),
    Route("GET", "/families/<uuid:family_id>/sharing", consent.FAMILY_SHARING, "What a family agreed to, and what was shared"),
    Route("POST", "/families/<uuid:family_id>/consents", consent.GIVE_CONSENT, "Record what the family agrees to", 201),
    Route(
        "POST",
        "/families/<uuid:family_id>/consents/<uuid:consent_id>/withdraw",
        consent.WITHDRAW_CONSENT,
        "The family takes something back",
    ),
    Route("POST", "/families/<uuid:family_id>/sharing", consent.LOG_SHARING, "Something was shared, or was not, and why", 201),
    Route("GET", "/imports/columns", imports.IMPORT_COLUMNS, "The columns of a waiting list"),
    Route("GET", "/imports", imports.LIST_IMPORTS, "Waiting lists that came as files, newest first"),
    Route("POST", "/imports", imports.START_IMPORT, "Send a waiting list as a file, to be checked", 201),
    Route("GET", "/imports/<uuid:import_id>", imports.GET_IMPORT, "One waiting list, with how far it is"),
    Route("GET", "/imports/<uuid:import_id>/rows", imports.LIST_IMPORT_ROWS, "Its rows: what is wrong, what seems to be here"),
    Route("GET", "/imports/<uuid:import_id>/faults", imports.IMPORT_FAULTS, "All rows that need changing, as they came"),
    Route("POST", "/imports/<uuid:import_id>/rows", imports.DECIDE_IMPORT_ROWS, "Leave rows out, or refer them all the same"),
    Route("POST", "/imports/<uuid:import_id>/commit", imports.COMMIT_IMPORT, "Refer every row that is ready, in one go"),
    Route("POST", "/imports/<uuid:import_id>/cancel", imports.CANCEL_IMPORT, "Throw a waiting list away"),
    Route("POST", "/imports/<uuid:import_id>/undo", imports.UNDO_IMPORT, "Take its referrals back, where nobody has worked on any"),
    Route("GET", "/families", referrals.LIST_FAMILIES, "Families by last name"),
    Route("POST", "/families/search", referrals.SEARCH_FAMILIES, "Families by whatever is known of somebody, and why each was found"),
    Route("GET", "/families/<uuid:family_id>", referrals.GET_FAMILY, "One family"),
    Route("POST", "/families/<uuid:family_id>", referrals.CHANGE_FAMILY, "Change a family's record"),
    Route("POST", "/families/<uuid:family_id>/parents", referrals.SAVE_PARENT, "Add an adult to a family, or change one"),
    Route("POST", "/families/<uuid:family_id>/children", referrals.SAVE_CHILD, "Add a child to a family, or change one"),
    Route(
        "POST",
        "/families/<uuid:family_id>/people/<uuid:person_id>/take-out",
        referrals.TAKE_OUT_PERSON,
        "Let somebody leave a family's record",
    ),
    Route("POST", "/families/<uuid:family_id>/contact", referrals.CHANGE_CONTACT, "Change how a family is reached"),
    Route("POST", "/families/<uuid:family_id>/addresses", referrals.CHANGE_ADDRESSES, "Change where a family lives and lived"),
    Route("POST", "/families/<uuid:family_id>/needs", referrals.CHANGE_NEEDS, "Change what a family needs to take part"),
    Route("POST", "/families/<uuid:family_id>/safety", referrals.CHANGE_SAFETY, "Change who may not collect or be told"),
    Route("GET", "/families/<uuid:family_id>/restriction", referrals.GET_RESTRICTION, "Who may see a family"),
    Route("GET", "/families/duplicates", referrals.LIST_MATCHES, "Families that may be on record twice, likeliest first"),
    Route("GET", "/families/<uuid:family_id>/matches", referrals.FIND_MATCHES, "Who may be the same family, with reasons"),
    Route("POST", "/families/<uuid:family_id>/matches/<uuid:other_id>", referrals.DECIDE_MATCH, "Say what you think of two families"),
    Route(
        "GET",
        "/families/<uuid:into_id>/compare/<uuid:merged_id>",
        referrals.COMPARE_FAMILIES,
        "Two records side by side, and what making them one would do",
        request=referrals.CompareTwo,
    ),
    Route("POST", "/families/<uuid:into_id>/merge", referrals.MERGE_FAMILIES, "Make two records one"),
    Route("GET", "/families/<uuid:family_id>/merges", referrals.FAMILY_MERGES, "What was merged into a family"),
    Route("POST", "/families/merges/<uuid:merge_id>/undo", referrals.UNDO_MERGE, "Make two records of one again"),
    Route(
        "POST",
        "/families/<uuid:family_id>/restrict",
        referrals.RESTRICT_FAMILY,
        "Restrict a family to named people",
        request=RestrictFamily,
        completed=with_people,
    ),
    Route(
        "POST",
        "/families/<uuid:family_id>/restriction/change",
        referrals.CHANGE_RESTRICTION,
        "Change who may see a restricted family",
        request=ChangeRestriction,
        completed=with_more_people,
    ),
    Route("POST", "/families/<uuid:family_id>/restriction/lift", referrals.LIFT_RESTRICTION, "Let everybody see a family again"),
    Route("POST", "/families/<uuid:family_id>/break-glass", referrals.BREAK_GLASS, "Open a restricted family's record for four hours"),
    Route("POST", "/families/find-restricted", referrals.FIND_RESTRICTED, "Whether a restricted family matches exactly"),
)

_REQUEST = "/records/requests/<uuid:request_id>"

RECORDS: tuple[Route, ...] = (
    Route("GET", "/records/summary", records.requests.RECORDS_SUMMARY, "How many requests wait to be answered"),
    Route("GET", "/records/requests", records.requests.LIST_REQUESTS, "What people ask about their data, the next to be answered first"),
    Route("POST", "/families/<uuid:family_id>/records/requests", records.requests.OPEN_REQUEST, "Write down what somebody asks", 201),
    Route("GET", _REQUEST, records.requests.GET_REQUEST, "One request"),
    Route("POST", f"{_REQUEST}/extend", records.requests.EXTEND_REQUEST, "Take two months longer"),
    Route("POST", f"{_REQUEST}/close", records.requests.CLOSE_REQUEST, "Write down what came of it"),
    Route("GET", f"{_REQUEST}/pack", records.packs.GET_PACK, "The pack, record by record"),
    Route(
        "POST",
        f"{_REQUEST}/pack",
        records.packs.FREEZE_PACK,
        "Gather everything we hold",
        201,
        records.requests.SubjectRequestRequest,
        with_everything_held,
    ),
    Route("POST", f"{_REQUEST}/pack/review", records.packs.REVIEW_PACK, "Decide what is given out of some records"),
    Route("POST", f"{_REQUEST}/pack/second-look", records.packs.SECOND_LOOK, "Keep that somebody else looked through it too"),
    Route("POST", f"{_REQUEST}/pack/give", records.packs.GIVE_PACK, "Give the pack out", asks_again=True),
    Route("GET", f"{_REQUEST}/pack/file", records.packs.GIVEN_PACK, "What was given out, as JSON"),
    Route("GET", "/families/<uuid:family_id>/records", records.controls.FAMILY_RECORDS, "How a family's record is kept"),
    Route("GET", "/families/<uuid:family_id>/records/state", records.controls.RECORD_STATE, "Whether a record may be used and erased"),
    Route("POST", "/families/<uuid:family_id>/records/hold", records.controls.PLACE_HOLD, "Keep a record from being erased", 201),
    Route("POST", "/families/<uuid:family_id>/records/limit", records.controls.LIMIT_USE, "Let nobody use a record", 201),
    Route("POST", "/records/controls/<uuid:control_id>/lift", records.controls.LIFT_CONTROL, "Lift a hold or a restriction"),
    Route("GET", "/records/due", records.retention.DUE_RECORDS, "People whose time is over"),
    Route("POST", "/records/people/<uuid:person_id>/keep", records.retention.KEEP_LONGER, "Keep a person's record longer"),
    Route(
        "POST", "/families/<uuid:family_id>/records/erase", records.erasure.ERASE, "Erase a family, or a person of it", 202, asks_again=True
    ),
    Route("GET", "/records/erasures", records.erasure.LIST_ERASURES, "Erasures, newest first"),
    Route("GET", "/records/erasures/<uuid:erasure_id>", records.erasure.GET_ERASURE, "How far an erasure is"),
)

ASSESSMENTS: tuple[Route, ...] = (
    Route("GET", "/assessments", assessments.LIST_ASSESSMENTS, "Joint assessments by status and age"),
    Route("GET", "/assessments/waiting", assessments.ASSESSMENTS_WAITING, "What waits for the team, and for you"),
    Route("GET", "/assessments/<uuid:assessment_id>", assessments.GET_ASSESSMENT, "One joint assessment"),
    Route("GET", "/assessments/<uuid:assessment_id>/changes", assessments.ASSESSMENT_CHANGES, "What changed between two versions"),
    Route(
        "POST",
        "/assessments/<uuid:assessment_id>/visits",
        assessments.ARRANGE_VISIT,
        "Arrange the joint visit",
        201,
        ArrangeVisit,
        with_assessors,
    ),
    Route("POST", "/assessments/<uuid:assessment_id>/edit", assessments.EDIT, "Write a new version"),
    Route("POST", "/assessments/<uuid:assessment_id>/sign", assessments.SIGN, "Sign a version"),
    Route("POST", "/assessments/<uuid:assessment_id>/disagree", assessments.DISAGREE, "Say why a version can't be signed"),
    Route("POST", "/visits/<uuid:visit_id>/done", assessments.MARK_VISIT_DONE, "The visit took place"),
    Route("POST", "/visits/<uuid:visit_id>/missed", assessments.MARK_VISIT_MISSED, "The family was not in"),
    Route("POST", "/visits/<uuid:visit_id>/cancel", assessments.CANCEL_VISIT, "Cancel the visit"),
)

SESSIONS: tuple[Route, ...] = (
    Route("GET", "/venues", sessions.LIST_VENUES, "Venues"),
    Route("POST", "/venues", sessions.ADD_VENUE, "Add a venue", 201),
    Route("GET", "/groups", sessions.LIST_GROUPS, "Groups"),
    Route("POST", "/groups", sessions.ADD_GROUP, "Add a weekly group", 201),
    Route("GET", "/groups/<uuid:group_id>", sessions.GET_GROUP, "One group with its places and sessions"),
    Route("GET", "/sessions", sessions.SESSIONS_ON, "The sessions of a day"),
    Route("GET", "/sessions/unclosed", sessions.OPEN_REGISTERS, "Past sessions whose register is open"),
    Route("GET", "/sessions/<uuid:session_id>/register", sessions.GET_REGISTER, "The register of a session"),
    Route("POST", "/sessions/<uuid:session_id>/register", sessions.RECORD_REGISTER, "Mark families"),
    Route("POST", "/sessions/<uuid:session_id>/register/close", sessions.CLOSE_REGISTER, "Close the register"),
    Route("POST", "/sessions/<uuid:session_id>/register/reopen", sessions.REOPEN_REGISTER, "Open a closed register again, to correct it"),
    Route("GET", "/places", sessions.LIST_PLACES, "Places and the waiting list"),
    Route("POST", "/places/<uuid:place_id>/offer", sessions.OFFER_PLACE, "Offer a place in a group"),
    Route("POST", "/places/<uuid:place_id>/start", sessions.START_PLACE, "The family takes the place up"),
    Route("POST", "/places/<uuid:place_id>/pause", sessions.PAUSE_PLACE, "The family takes a break"),
    Route("POST", "/places/<uuid:place_id>/resume", sessions.RESUME_PLACE, "The break is over"),
    Route("POST", "/places/<uuid:place_id>/end", sessions.END_PLACE, "End the place"),
    Route("POST", "/families/<uuid:family_id>/places", sessions.ADD_PLACE, "Put a family back on the waiting list", 201),
    Route("GET", "/families/<uuid:family_id>/attendance", sessions.FAMILY_ATTENDANCE, "How a family is doing in its group"),
)

OUTREACH: tuple[Route, ...] = (
    Route("GET", "/outreach/cases", outreach.LIST_CASES, "Outreach cases, most urgent first"),
    Route("POST", "/outreach/cases", outreach.OPEN_CASE, "Open a case", 201),
    Route("GET", "/outreach/summary", outreach.OUTREACH_SUMMARY, "How many cases there are"),
    Route("GET", "/outreach/cases/<uuid:case_id>", outreach.GET_CASE, "One case with its contacts"),
    Route("POST", "/outreach/cases/<uuid:case_id>/take", outreach.TAKE_CASE, "Become the owner"),
    Route("POST", "/outreach/cases/<uuid:case_id>/close", outreach.CLOSE_CASE, "Close the case"),
    Route("POST", "/outreach/cases/<uuid:case_id>/contacts", outreach.LOG_CONTACT, "Write down a contact", 201),
    Route("POST", "/families/<uuid:family_id>/contacts", outreach.LOG_CONTACT, "Write down a contact outside any case", 201),
    Route("GET", "/outreach/collections", outreach.LIST_RUNS, "Collection runs of a day"),
    Route("POST", "/outreach/collections", outreach.ARRANGE_COLLECTION, "Put a family on the run of a session", 201),
    Route("POST", "/outreach/collections/<uuid:run_id>/complete", outreach.COMPLETE_COLLECTION, "The run is done"),
)

AREAS: dict[str, tuple[Route, ...]] = {
    "Borough and people": BOROUGH,
    "Referrals and families": REFERRALS,
    "Joint assessments": ASSESSMENTS,
    "Groups and sessions": SESSIONS,
    "Outreach": OUTREACH,
    "Rights of people in the records": RECORDS,
}
