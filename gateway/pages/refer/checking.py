"""The last look: every answer with *Change* beside it, and what is missing; then it is sent, once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Conflict, Invalid
from gateway import drafting
from gateway.access import current
from gateway.access.guard import public_of_borough
from gateway.pages.answers import answer
from gateway.pages.forms import Widget
from gateway.pages.refer import cookie, steps
from gateway.pages.refer.drafts import Draft, draft_of, onwards, unproved
from gateway.pages.refer.words import question
from gateway.pages.show import onward, page
from services.referrals.contract import SEND_DRAFT, step_of


class Section(NamedTuple):
    """What was answered to one question; ``lines`` are pairs of term and words, empty where it was not answered yet."""

    step: str
    title: str
    answered: bool
    lines: list[tuple[str, str]]


@public_of_borough
def check(borough: str, draft_id: UUID) -> AnyResponse:
    """Show every answer; send them."""
    draft = draft_of(draft_id)
    if draft["sent_at"] or unproved(draft):
        return onwards(draft)
    if request.method == "GET":
        return check_page(draft)
    try:
        asked = drafting.sending({"draft_id": draft_id, "secret": cookie.secret()})
        current.call(SEND_DRAFT, idempotency_key=request.form.get("form_key", ""), **asked)
    except Invalid as wrong:
        return check_page(draft, faults_by_step(draft["kind"], wrong.faults))
    except Conflict as refused:
        return check_page(draft, {"": refused.message})
    return onward("refer.sent", draft_id=draft_id)


def check_page(draft: Draft, faults: Mapping[str, str] | None = None) -> Response:
    """Return the page with every answer; ``faults`` are what is wrong, by step."""
    return page(
        "refer/check.html",
        title="Check your answers",
        status=422 if faults else 200,
        has_faults=bool(faults),
        draft=draft,
        sections=sections_of(draft),
        first_open=steps.first_open(draft),
        faults=faults or {},
        back_to=steps.before(draft, "check"),
    )


def sections_of(draft: Draft) -> list[Section]:
    """Return every question with its answer in words."""
    found = []
    for step in steps.steps_of(draft):
        answered = step in draft["answers"]
        found.append(Section(step, question(draft["kind"], step).title, answered, list(_lines(draft, step)) if answered else []))
    return found


def _lines(draft: Draft, step: str) -> Iterator[tuple[str, str]]:
    names = steps.pair_names(draft) if step == "relations" else ()
    said = [line for widget in steps.filled_of(draft, step).widgets.values() for line in _said(widget, names)]
    yield from said or [("", "Left empty")]


def _said(widget: Widget, names: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    if widget.kind == "list":
        yield from _each(widget, names)
    elif widget.kind == "group":
        for item in widget.items:
            yield from _said(item)
    elif words := answer(widget):
        yield widget.label, words


def _each(widget: Widget, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield a line for each item of a list, what it is called and what was said of it."""
    for place, item in enumerate(widget.items):
        asked = sorted((inner for inner in item.items if inner.kind != "number"), key=_names_first)
        said = [line for inner in asked for line in _said(inner)]
        if said:
            called = names[place] if place < len(names) else _CALLED.get(widget.name, f"{place + 1}").format(place + 1)
            yield called, "\n".join(f"{term.removesuffix('?')}: {words}" for term, words in said)


def _names_first(widget: Widget) -> bool:
    return not widget.name.endswith(("given_name", "family_name", "with_whom"))


_CALLED = {"children": "Child {}", "parents": "Parent or carer {}", "not_allowed": "Person {}", "share_with": "Service {}"}


def faults_by_step(kind: str, faults: Mapping[str, Any]) -> dict[str, str]:
    """Return the first message about each step that has something wrong in it."""
    found: dict[str, str] = {}
    for field, wrong in faults.items():
        found.setdefault(step_of(kind, field), _first(wrong))
    return found


def _first(wrong: Any) -> str:
    while isinstance(wrong, Mapping):
        wrong = next(iter(wrong.values()))
    return str(wrong[0]) if isinstance(wrong, list) and wrong else str(wrong)
