"""A parent asks to join: no account, one question a page, all of it under one address, so that *Back* finds one page and not seven.

What was answered lies in a draft that the browser holds by a cookie (`cookie`). The page shows the first step that is not answered yet.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from chassis import clock
from chassis.errors import Invalid, NotFound, Stale, StayPlayError
from chassis.ids import new_id
from gateway.access import current
from gateway.access.guard import public_of_borough
from gateway.languages import for_families
from gateway.pages.forms import Filled
from gateway.pages.join import cookie, leaving, returning, steps
from gateway.pages.join.answers import sections
from gateway.pages.join.dates import dates_of, who_for_of
from gateway.pages.show import here
from gateway.pages.strangers import abuse
from gateway.pages.strangers.shown import face_of, in_this_language, public_page
from gateway.people.models import real_now
from services.referrals.contract import GET_DRAFT, SAVE_DRAFT, SEND_DRAFT, START_DRAFT

part = Blueprint("join", __name__)
part.add_url_rule("/<borough>/leave", "leave", leaving.leave, methods=["GET", "POST"])
part.add_url_rule("/<borough>/hide", "hide", leaving.hide)
part.add_url_rule("/<borough>/join/later", "later", returning.later, methods=["GET", "POST"])
part.add_url_rule("/<borough>/join/back/<link>", "back", returning.back, methods=["GET", "POST"])

FREE: Final = 600
"""Steps from one address in an hour before the first delay: thirty parents of a children's centre."""
STARTS: Final = 60
SECONDS: Final = 5
"""Nobody answers every question faster."""

Draft = dict[str, Any]


@part.get("/<borough>/join")
@public_of_borough
@for_families
def show(borough: str) -> AnyResponse:
    """Show the next question, what was answered, or what happens next; to who has not begun, what this is."""
    held = cookie.held()
    draft = draft_of(held)
    if held is None or draft is None:
        return begin_page(borough)
    if draft["sent_at"]:
        return sent_page(borough, draft)
    step = steps.next_of(draft["answers"])
    return step_page(step, steps.filled_of(step, draft["answers"]), draft) if step else check_page(draft)


@part.post("/<borough>/join")
@public_of_borough
@for_families
def go(borough: str) -> AnyResponse:
    """Begin, keep the answers of a step, go back to one, or send them all."""
    abuse.pace("join", free=FREE)
    asked = request.form.get("go", "")
    if asked == "start":
        return begin()
    held = cookie.held()
    draft = draft_of(held)
    if held is None or draft is None or draft["sent_at"]:
        return gone_page() if draft is None else onward()
    answer: Callable[[cookie.Held, Draft], AnyResponse] = {"change": change, "send": send}.get(asked, save)
    return answer(held, draft)


def draft_of(held: cookie.Held | None) -> Draft | None:
    """Return what the browser's draft says; None where it has none, its time is over, or it is a professional's."""
    if held is None:
        return None
    try:
        found = current.call(GET_DRAFT, draft_id=held.draft_id, secret=held.secret)
    except NotFound:
        return None
    return found if found["kind"] == "self" else None


def begin() -> AnyResponse:
    """Begin: from now on the browser holds a draft."""
    abuse.pace("join begun", free=STARTS)
    secret = cookie.new_secret()
    draft = current.call(START_DRAFT, idempotency_key=str(new_id()), kind="self", secret=secret)
    response = onward()
    cookie.give(response, cookie.Held(draft["id"], secret, real_now()))
    return response


def change(held: cookie.Held, draft: Draft) -> AnyResponse:
    """Show a step that was answered, with its answers."""
    to = request.form.get("to", "")
    return step_page(to, steps.filled_of(to, draft["answers"]), draft) if to in steps.STEPS else onward()


def save(held: cookie.Held, draft: Draft) -> AnyResponse:
    """Keep the answers of a step, or show it again with what is wrong."""
    step = request.form.get("step", "")
    if step not in steps.STEPS:
        return onward()
    filled = steps.form_of(step).sent(request.form)
    if filled.resized():
        return step_page(step, filled, draft)
    try:
        abuse.check(request.form, opened_at=held.opened_at, seconds=0)
        keep(held, step, filled)
    except (Invalid, Stale, abuse.LooksAutomatic) as error:
        filled.refuse(error)
        return step_page(step, filled, draft)
    response = onward()
    cookie.give(response, held)
    return response


def keep(held: cookie.Held, step: str, filled: Filled) -> None:
    """Keep the answers of a step.

    Raises:
        Invalid: some are wrong.
        Stale: they were changed in another window.
    """
    version = request.form.get("version", "")
    current.call(
        SAVE_DRAFT,
        idempotency_key=filled.sent_key(),
        draft_id=held.draft_id,
        secret=held.secret,
        version=int(version) if version.isdecimal() and len(version) < 9 else 1,
        step=step,
        answers=filled.answers,
    )


def send(held: cookie.Held, draft: Draft) -> AnyResponse:
    """Send it all; where something is missing or wrong, show the step that asks it."""
    try:
        abuse.check(request.form, seconds=SECONDS, opened_at=held.opened_at)
        current.call(SEND_DRAFT, idempotency_key=request.form.get("form_key", ""), draft_id=held.draft_id, secret=held.secret)
    except Invalid as error:
        return wrong_page(error, draft)
    except abuse.LooksAutomatic as error:
        return check_page(draft, error)
    return onward()


def wrong_page(error: Invalid, draft: Draft) -> Response:
    """Return the page of the first step that has something wrong in it."""
    wrong = next(iter(error.faults), "")
    step = steps.step_of(wrong)
    filled = steps.filled_of(step, draft["answers"])
    filled.refuse(error)
    return step_page(step, filled, draft)


def onward() -> AnyResponse:
    """Send the browser to the one address of it all."""
    return redirect(here("join.show", **in_this_language({})), 303)


def begin_page(borough: str) -> Response:
    """Return the page that says what this is, and by when one hears from us."""
    face = face_of(borough)
    dates, who_for = dates_of(face.policy, clock.today()), who_for_of(face.policy)
    return public_page("join/start.html", title=_("Come and play"), tab=_("Come and play"), dates=dates, who_for=who_for)


def step_page(step: str, filled: Filled, draft: Draft) -> Response:
    """Return a question."""
    number = steps.STEPS.index(step) + 1
    tab = _("Question %(number)s of %(all)s", number=number, all=len(steps.STEPS))
    return public_page(
        "join/step.html",
        title=str(steps.TITLES[step]),
        tab=_("Error: %(page)s", page=tab) if filled.in_error else tab,
        status=422 if filled.in_error else 200,
        lede=str(steps.LEDES[step]),
        number=tab,
        step=step,
        before=steps.before(step),
        version=draft["version"],
        filled=filled,
        w=steps.spoken(filled.widgets),
        links=[(name, _(said)) for name, said in filled.links],
        problem=_said(filled.problem),
    )


def check_page(draft: Draft, problem: StayPlayError | None = None) -> Response:
    """Return every answer, to be looked at before it is sent."""
    return public_page(
        "join/check.html",
        title=_("Check what you wrote"),
        tab=_("Check what you wrote"),
        status=problem.status if problem else 200,
        sections=sections(draft["answers"]),
        problem=_said(problem),
        before=steps.before("check"),
    )


def sent_page(borough: str, draft: Draft) -> Response:
    """Return what happens next, with dates."""
    face = face_of(borough)
    dates = dates_of(face.policy, clock.london(draft["sent_at"]).date())
    channels = draft["answers"].get("contact", {}).get("channels", [])
    mailed = "email" in channels
    return public_page("join/sent.html", title=_("Thank you"), tab=_("Thank you"), reference=draft["reference"], dates=dates, mailed=mailed)


def gone_page() -> Response:
    """Return the page for who comes with answers to a draft that is no longer there."""
    return public_page("join/gone.html", title=_("Your answers are not here any more"), tab=_("Come and play"), status=404)


def _said(problem: StayPlayError | None) -> tuple[str, str] | None:
    """Return a problem of the whole form in plain words."""
    if problem is None:
        return None
    if isinstance(problem, Stale):
        return _("You changed this in another window"), _("Check it, then press the button again.")
    return _("Please send it once more"), _("Check what you wrote, then press the button again. Nothing is lost.")
