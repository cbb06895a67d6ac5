"""The one table of the API: which address does what. Everything lies under ``/api/v1/<borough>``."""

from collections.abc import Callable
from typing import Any, NamedTuple

from marshmallow import Schema

from chassis.contract import Operation
from chassis.schemas import Nothing
from gateway import contract as own
from gateway.assessors import ArrangeVisit, with_assessors
from gateway.named_people import ChangeRestriction, RestrictFamily, with_more_people, with_people
from gateway.opening import with_places
from gateway.provider_check import checked
from services.assessments import contract as assessments
from services.outreach import contract as outreach
from services.referrals import contract as referrals
from services.sessions import contract as sessions


class Route(NamedTuple):
    """One address.

    Attributes:
        method: ``GET``, or ``POST`` for whatever changes something.
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
)

REFERRALS: tuple[Route, ...] = (
    Route("GET", "/referrals", referrals.LIST_REFERRALS, "Referrals by status and age"),
    Route("POST", "/referrals", referrals.REFER, "Refer a family", 201),
    Route("GET", "/referrals/mine", referrals.OWN_REFERRALS, "What you referred, as far as each family lets you know"),
    Route("GET", "/referrals/summary", referrals.TRIAGE_SUMMARY, "What waits for triage"),
    Route("GET", "/referrals/<uuid:referral_id>", referrals.GET_REFERRAL, "One referral"),
    Route("POST", "/referrals/<uuid:referral_id>/accept", referrals.ACCEPT, "Accept for joint assessment"),
    Route("POST", "/referrals/<uuid:referral_id>/ask", referrals.ASK_FOR_INFORMATION, "Ask the referrer for information"),
    Route("POST", "/referrals/<uuid:referral_id>/answer", referrals.ANSWER_INFORMATION, "Write down the answer"),
    Route("POST", "/referrals/<uuid:referral_id>/redirect", referrals.REDIRECT, "Point to another service"),
    Route("POST", "/referrals/<uuid:referral_id>/decline", referrals.DECLINE, "Decline"),
    Route("POST", "/referrals/<uuid:referral_id>/duplicate", referrals.MARK_DUPLICATE, "Mark as the same as another"),
    Route("POST", "/referrals/<uuid:referral_id>/withdraw", referrals.WITHDRAW, "The family does not want to go on"),
    Route("POST", "/referrals/<uuid:referral_id>/close", referrals.CLOSE, "Close"),
    Route("GET", "/families", referrals.LIST_FAMILIES, "Families by name"),
    Route("GET", "/families/<uuid:family_id>", referrals.GET_FAMILY, "One family"),
    Route("POST", "/families/<uuid:family_id>", referrals.CHANGE_FAMILY, "Change a family's record"),
    Route("GET", "/families/<uuid:family_id>/restriction", referrals.GET_RESTRICTION, "Who may see a family"),
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
}
