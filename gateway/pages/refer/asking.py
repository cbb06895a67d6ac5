"""One question: asked, kept, shown again with what is wrong, or beside what another tab saved meanwhile."""

from typing import Final
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Invalid, NotFound, Stale
from gateway.access import current
from gateway.access.guard import public_of_borough
from gateway.pages.conflict import both_versions
from gateway.pages.forms import Filled
from gateway.pages.refer import cookie, steps
from gateway.pages.refer.drafts import Draft, draft_of, onwards, own_address, to_step, unproved
from gateway.pages.refer.words import NOT_ASKED, labels, question
from gateway.pages.show import onward, page
from gateway.pages.strangers import abuse
from services.referrals.contract import SAVE_DRAFT

FREE: Final = 600
"""Answers from one network address in an hour before the first delay: thirty who refer at once from one office."""


@public_of_borough
def step(borough: str, draft_id: UUID, step: str) -> AnyResponse:
    """Ask one question; keep its answer and go on."""
    draft = draft_of(draft_id)
    if draft["sent_at"] or unproved(draft):
        return onwards(draft)
    if step not in steps.steps_of(draft):
        raise NotFound
    if request.method == "GET":
        return question_page(draft, step, steps.filled_of(draft, step))
    if current.without_account():
        abuse.pace("refer", free=FREE)
    return answered(draft, step, steps.form_of(draft, step).sent(request.form))


def answered(draft: Draft, step: str, filled: Filled) -> AnyResponse:
    """Keep what was answered."""
    if filled.resized() or request.form.get("step") == "change":
        return question_page(draft, step, filled)
    steps.without_empty_items(filled)
    if request.form.get("step") == "later" and untouched(draft, step, filled):
        return onward("refer.later", draft_id=draft["id"])
    try:
        save(draft, step, filled)
    except Stale:
        return both(draft, step, filled)
    except Invalid as wrong:
        refuse(draft, filled, wrong)
        return question_page(draft, step, filled)
    return go_on({**draft, "answers": {**draft["answers"], step: filled.answers}}, step)


def untouched(draft: Draft, step: str, filled: Filled) -> bool:
    """Tell whether a question was sent as it was shown: then there is nothing to keep, nor to find wrong, before one leaves."""
    as_shown = steps.filled_of(draft, step)
    steps.without_empty_items(as_shown)
    return filled.answers == as_shown.answers


def refuse(draft: Draft, filled: Filled, wrong: Invalid) -> None:
    """Take in what is wrong, in the words of this page: a message begins with what the question is called."""
    filled.refuse(wrong)
    for name, label in labels(draft["kind"]).items():
        _, colon, rest = filled.faults.get(name, "").partition(": ")
        if colon:
            filled.faults[name] = f"{label.removesuffix('?')}: {rest}"


def save(draft: Draft, step: str, filled: Filled) -> None:
    """Keep the answers of a step.

    Raises:
        Invalid: an answer does not fit.
        Stale: another tab saved this question meanwhile.
    """
    sent = request.form.get("version", "")
    current.call(
        SAVE_DRAFT,
        idempotency_key=filled.sent_key(),
        draft_id=draft["id"],
        secret=cookie.secret(),
        version=int(sent) if sent.isdecimal() and len(sent) < 9 else draft["version"],
        step=step,
        answers=filled.answers,
    )


def go_on(draft: Draft, step: str) -> AnyResponse:
    """Send the browser on: to the next question, or back to the last look where one came from it."""
    if request.form.get("step") == "later":
        return onward("refer.later", draft_id=draft["id"])
    from_check = request.args.get("from") == "check"
    return to_step(draft, steps.first_open(draft) if from_check else steps.next_step(draft, step))


def both(draft: Draft, step: str, filled: Filled) -> Response:
    """Return the page with both versions of an answer: what was typed here, and what another tab saved."""
    fresh = draft_of(draft["id"])
    leave = ("refer.step", {"draft_id": draft["id"], "step": step})
    return both_versions(filled, steps.filled_of(fresh, step), version=fresh["version"], leave=leave)


def question_page(draft: Draft, step: str, filled: Filled) -> Response:
    """Return the page of a question."""
    every = steps.steps_of(draft)
    asked = question(draft["kind"], step)
    return page(
        f"refer/{_TEMPLATES.get(step, 'step')}.html",
        title=asked.title,
        lede=NOT_ASKED if step == "told" and draft["answers"].get("agreement", {}).get("agrees") == "not_asked" else asked.lede,
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        draft=draft,
        step=step,
        number=every.index(step) + 1,
        of=len(every),
        back_to=steps.before(draft, step),
        from_check=request.args.get("from") == "check",
        filled=filled,
        w=steps.shown(step, filled.widgets),
        pair_names=steps.pair_names(draft) if step == "relations" else (),
        staff=draft["kind"] == "staff",
        own_address=own_address(draft) if step == "you" and draft["kind"] == "professional" else None,
    )


_TEMPLATES = {"parents": "parents", "children": "children", "relations": "relations", "not_told": "list", "sharing": "list"}
