"""A referral that is being written, a step at a time: kept as it goes, put aside, taken up again, sent once.

Whoever has an account owns their drafts. Somebody without one holds a secret of their own making (256 random bits), of which only the
digest is kept here: with it they read, save and send. Without it there is one way back: a code to the mail address that was proved
before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from marshmallow import Schema, fields, validate

from chassis.contract import Operation
from chassis.schemas import Contract, Nothing, choice, email, identifier, many, moment, text, version, whole, yes_no
from services.referrals.contract.joining import JOIN_STEPS, JoinRequest
from services.referrals.contract.professional import PROFESSIONAL_STEPS, STAFF_STEPS, ProfessionalReferral, StaffReferral, Steps


@dataclass(frozen=True, slots=True)
class DraftKind:
    """A kind of referral that is written step by step.

    Attributes:
        words: what it is called.
        whole: schema of what is sent.
        steps: fields of each step, in order.
        days: how long a draft is kept after it was last saved.
        members_only: only somebody of the team may write one.
        needs_mail: somebody without an account proves a mail address before anything is kept.
    """

    words: str
    whole: type[Schema]
    steps: Steps
    days: int = 14
    members_only: bool = False
    needs_mail: bool = False


DRAFT_KINDS: Final[Mapping[str, DraftKind]] = {
    "professional": DraftKind("A professional's referral", ProfessionalReferral, PROFESSIONAL_STEPS, needs_mail=True),
    "staff": DraftKind("A referral taken by phone or letter", StaffReferral, STAFF_STEPS, members_only=True),
    "self": DraftKind("A parent's own wish to join", JoinRequest, JOIN_STEPS, days=2),
}
"""Every kind, by its code."""

_KINDS: Final = {code: kind.words for code, kind in DRAFT_KINDS.items()}


@cache
def step_schema(kind: str, step: str) -> Schema:
    """Return the schema of the answers of one step. Raises KeyError where there is no such step."""
    found = DRAFT_KINDS[kind]
    return found.whole(only=found.steps[step])


def step_of(kind: str, field: str) -> str:
    """Return the step that asks a field of the whole; empty where none does."""
    return next((step for step, asked in DRAFT_KINDS[kind].steps.items() if field in asked), "")


def put_together(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the answers of every step as the one request that they make."""
    return {name: value for step in answers.values() for name, value in step.items()}


def _secret() -> Any:
    rule = validate.Regexp(
        r"[A-Za-z0-9_-]{43,86}\Z", error="Secret: send 256 random bits in Base64 for addresses (43 letters and figures)."
    )
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=rule,
        metadata={
            "label": "Secret",
            "hint": "Of somebody without an account: made by their own client, and kept by it. Members send none.",
            "sensitivity": "internal",
        },
    )


class StartDraftRequest(Contract):
    """What kind of referral, and whose."""

    kind = choice("Kind", _KINDS)
    secret = _secret()


class DraftRequest(Contract):
    """Which draft, with what opens it."""

    draft_id = identifier("Draft")
    secret = _secret()


class SaveDraftRequest(DraftRequest):
    """The answers of one step; they are held against its schema, and kept only where they fit."""

    version = version()
    step = text("Step", max_length=40)
    answers = fields.Dict(keys=fields.String(), required=True, metadata={"label": "Answers", "sensitivity": "personal"})


class AskCodeRequest(DraftRequest):
    """A code is to be sent to a mail address: to prove it, or to come back with it."""

    email = email("Your work email address", hint="We send a code to it, and later a copy of the referral.", sensitivity="personal")


class ProveMailRequest(DraftRequest):
    """The code that came by mail. With another secret than before it opens the draft anew, and the old secret no more."""

    code = text("Code", max_length=20, sensitivity="internal", hint="Six figures. The code works for 15 minutes.")


class SendDraftRequest(DraftRequest):
    """Which draft, and the mail address of the account of whoever sends it: the gateway says it, no client does.

    A referrer is written to at an address that is known to be theirs, never at one that they typed.
    """

    own_email = email("Mail address of the account", required=False)


class DraftKept(Contract):
    """Where a draft stands, without anything that it says."""

    id = identifier("Draft")
    version = version()
    kind = choice("Kind", _KINDS)
    expires_at = moment("Kept until")


class Draft(DraftKept):
    """A draft with the answers so far, by step, as they were saved; after it was sent, for a day, for a copy."""

    email = text("Mail address", required=False, max_length=254, sensitivity="personal")
    email_proven = yes_no("Is the mail address proved?")
    answers = fields.Dict(keys=fields.String(), required=True, metadata={"label": "Answers by step", "sensitivity": "personal"})
    sent_at = moment("Sent", required=False)
    reference = text("Reference", required=False, max_length=9)


class MailProof(DraftKept):
    """What came of a code."""

    proven = yes_no("Was it the code?")
    tries_left = whole("How often another may be tried", ge=0, le=100)


class DraftSent(Contract):
    """What a draft has become; the same again for whoever sends it twice."""

    reference = text("Reference", max_length=9)
    sent_at = moment("Sent")
    referral_id = identifier("Referral")


class OwnDraft(DraftKept):
    """A draft of one's own in a list."""

    initials = text("Family, by initials", required=False, max_length=100, sensitivity="personal")
    saved_at = moment("Last saved")


class OwnDrafts(Contract):
    """What one began and has not sent."""

    drafts = many(OwnDraft, "Drafts", at_most=100)


_MAY: Final = "referrals.draft"

START_DRAFT = Operation("referrals", "start_draft", _MAY, StartDraftRequest, DraftKept, changes=True)
GET_DRAFT = Operation("referrals", "get_draft", _MAY, DraftRequest, Draft)
SAVE_DRAFT = Operation("referrals", "save_draft", _MAY, SaveDraftRequest, DraftKept, changes=True)
ASK_CODE = Operation("referrals", "ask_code", _MAY, AskCodeRequest, DraftKept, changes=True)
PROVE_MAIL = Operation("referrals", "prove_mail", _MAY, ProveMailRequest, MailProof, changes=True)
SEND_DRAFT = Operation("referrals", "send_draft", _MAY, SendDraftRequest, DraftSent, changes=True)
DISCARD_DRAFT = Operation("referrals", "discard_draft", _MAY, DraftRequest, Nothing, changes=True)
OWN_DRAFTS = Operation("referrals", "own_drafts", "referrals.own_drafts", Nothing, OwnDrafts)

OPERATIONS: tuple[Operation, ...] = (
    START_DRAFT,
    GET_DRAFT,
    SAVE_DRAFT,
    ASK_CODE,
    PROVE_MAIL,
    SEND_DRAFT,
    DISCARD_DRAFT,
    OWN_DRAFTS,
)
