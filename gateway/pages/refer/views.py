"""Referring a family: where it begins, and what becomes of it."""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, StayPlayError
from gateway import drafting
from gateway.access import current
from gateway.access.guard import public_of_borough
from gateway.contract import whole_policy
from gateway.pages.forms import Filled, Form
from gateway.pages.refer import asking, checking, cookie, proving
from gateway.pages.refer.drafts import KINDS, draft_of, onwards, own_address
from gateway.pages.show import here, onward, page
from gateway.pages.strangers import abuse
from services.referrals.contract import ASK_CODE, DISCARD_DRAFT, DRAFT_KINDS, OWN_DRAFTS, START_DRAFT, AskCodeRequest

part = Blueprint("refer", __name__)
MAIL_FORM: Final = Form(AskCodeRequest, "draft_id", "secret")


@part.route("/<borough>/refer", methods=["GET", "POST"])
@public_of_borough
def start(borough: str) -> AnyResponse:
    """Say what is needed, and begin: with a mail address, or signed in."""
    if request.method == "GET":
        return start_page()
    return begin_without_account() if current.without_account() else begin_as_member()


def start_page(filled: Filled | None = None) -> Response:
    """Return the page on which a referral is begun."""
    mine = current.call(OWN_DRAFTS)["drafts"] if current.may(OWN_DRAFTS.permission) else []
    return page(
        "refer/start.html",
        title="Refer a family",
        status=422 if filled and filled.in_error else 200,
        has_faults=bool(filled and filled.in_error),
        filled=filled or MAIL_FORM.blank(),
        drafts=[one for one in mine if one["kind"] in KINDS],
        kinds=DRAFT_KINDS,
        programme=current.any_borough().programme_name,
        known=not current.without_account(),
        staff=current.may("families.read"),
    )


def begin_as_member() -> AnyResponse:
    """Begin a referral of one's own, or one that somebody of the team writes down."""
    kind = request.form.get("kind", "professional")
    if kind not in KINDS:
        raise NotFound
    draft = current.call(START_DRAFT, idempotency_key=request.form.get("form_key", ""), kind=kind)
    return onward("refer.go_on", draft_id=draft["id"])


def begin_without_account() -> AnyResponse:
    """Begin with a mail address: a code goes to it, and nothing about a family is asked before it came back."""
    filled = MAIL_FORM.sent(request.form)
    kept = cookie.secret() or cookie.new_secret()
    email = (filled.checked(draft_id=_NOBODYS) or {}).get("email")
    if email is None:
        return start_page(filled)
    try:
        abuse.check(request.form, seconds=2)
        values = drafting.starting({"kind": "professional", "secret": kept})
        drafting.mailing({"email": email})
        draft = current.call(START_DRAFT, idempotency_key=filled.sent_key(), **values)
        code_key = f"{filled.sent_key()[:58]}-code"
        current.call(ASK_CODE, idempotency_key=code_key, draft_id=draft["id"], secret=kept, email=email)
    except StayPlayError as error:
        _shown_at_the_start(filled, error)
        return start_page(filled)
    response = onward("refer.code", draft_id=draft["id"])
    cookie.give(response, kept)
    return response


def _shown_at_the_start(filled: Filled, error: StayPlayError) -> None:
    if error.status not in {409, 422, 429}:
        raise error
    filled.refuse(error)


_NOBODYS: Final = "00000000-0000-0000-0000-000000000000"


@part.get("/<borough>/refer/<uuid:draft_id>")
@public_of_borough
def go_on(borough: str, draft_id: UUID) -> AnyResponse:
    """Go on where one stopped; without the browser it was begun in, the way back is by mail."""
    try:
        return onwards(draft_of(draft_id))
    except NotFound:
        if not current.without_account():
            raise
        return redirect(here("refer.resume", draft_id=draft_id), 303)


@part.get("/<borough>/refer/<uuid:draft_id>/later")
@public_of_borough
def later(borough: str, draft_id: UUID) -> Response:
    """Say until when it is kept, and how one comes back."""
    draft = draft_of(draft_id)
    link = here("refer.resume", draft_id=draft_id, _external=True) if current.without_account() else ""
    return page("refer/later.html", title="Your answers are kept", draft=draft, link=link)


@part.post("/<borough>/refer/<uuid:draft_id>/discard")
@public_of_borough
def discard(borough: str, draft_id: UUID) -> AnyResponse:
    """Throw everything away that was written."""
    current.call(DISCARD_DRAFT, idempotency_key=request.form.get("form_key", ""), draft_id=draft_id, secret=cookie.secret())
    return onward("refer.start", "draft_discarded")


@part.get("/<borough>/refer/sent/<uuid:draft_id>")
@public_of_borough
def sent(borough: str, draft_id: UUID) -> AnyResponse:
    """Say that it arrived, its reference, and what happens next."""
    draft = draft_of(draft_id)
    if not draft["sent_at"]:
        return onwards(draft)
    return page("refer/sent.html", title="Thank you. The referral has arrived", tab="A referral was sent", draft=draft, **_told(draft))


def _told(draft: dict[str, Any]) -> dict[str, Any]:
    answers = draft["answers"]
    typed = answers.get("you", {}).get("referrer", {}).get("email")
    return {
        "email": typed if draft["kind"] == "staff" else own_address(draft),
        "known": not current.without_account(),
        "agreed": answers.get("agreement", {}).get("agrees") == "yes",
        "programme": current.any_borough().programme_name,
        "days": whole_policy(current.any_borough().policy)["first_contact_days"],
    }


@part.get("/<borough>/refer/sent/<uuid:draft_id>/copy")
@public_of_borough
def copy(borough: str, draft_id: UUID) -> AnyResponse:
    """Show what was sent, for whoever sent it to keep or print; for a day."""
    draft = draft_of(draft_id)
    if not draft["sent_at"]:
        return onwards(draft)
    sections = checking.sections_of(draft)
    return page("refer/copy.html", title=f"Referral {draft['reference']}", tab="A copy of a referral", draft=draft, sections=sections)


part.add_url_rule("/<borough>/refer/<uuid:draft_id>/check", "check", checking.check, methods=["GET", "POST"])
part.add_url_rule("/<borough>/refer/<uuid:draft_id>/code", "code", proving.code, methods=["GET", "POST"])
part.add_url_rule("/<borough>/refer/resume/<uuid:draft_id>", "resume", proving.resume, methods=["GET", "POST"])
part.add_url_rule("/<borough>/refer/<uuid:draft_id>/<step>", "step", asking.step, methods=["GET", "POST"])
