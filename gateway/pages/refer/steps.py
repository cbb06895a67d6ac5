"""The questions of one referral: which there are, which comes next, and the form of each with what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from marshmallow import ValidationError

from chassis import clock
from chassis.schemas import whatever_day_it_is
from gateway.access import current
from gateway.pages.forms import Filled, Form, Widget
from gateway.pages.refer.words import OF_EACH, labels
from services.referrals.contract import DRAFT_KINDS, called, step_schema

Draft = Mapping[str, Any]

MAY_BE_EMPTY: Final = ("not_allowed", "share_with")
"""Lists of which nothing is needed: an empty item is no answer, and no mistake."""
_CHECK: Final = "check"
_WANTED: Final = ("given_name", "family_name", "birth_date", "expected_date")


def steps_of(draft: Draft) -> list[str]:
    """Return the steps of a draft in order; who is what to whom is asked only where there are several pairs."""
    return [step for step in DRAFT_KINDS[draft["kind"]].steps if step != "relations" or len(pairs(draft)) > 1]


def next_step(draft: Draft, step: str) -> str:
    """Return the step that follows, or `check` after the last."""
    every = steps_of(draft)
    place = every.index(step) + 1 if step in every else 0
    return every[place] if place < len(every) else _CHECK


def first_open(draft: Draft) -> str:
    """Return the first step that has no answer yet, or `check` where each has."""
    return next((step for step in steps_of(draft) if step not in draft["answers"]), _CHECK)


def before(draft: Draft, step: str) -> str:
    """Return the step before; empty for the first one."""
    every = [*steps_of(draft), _CHECK]
    return every[every.index(step) - 1] if step in every[1:] else ""


def pairs(draft: Draft) -> list[tuple[dict[str, Any], dict[str, Any], int, int]]:
    """Return each parent with each child, and their places."""
    parents, children = people(draft, "parents"), people(draft, "children")
    return [(parent, child, here, there) for here, parent in enumerate(parents) for there, child in enumerate(children)]


def people(draft: Draft, side: str) -> list[dict[str, Any]]:
    """Return the parents or the children that were written down."""
    found: list[dict[str, Any]] = draft["answers"].get(side, {}).get(side, [])
    return found


def form_of(draft: Draft, step: str) -> Form:
    """Return the form of a step; nobody is asked for their own mail address, which they proved or which is their account's."""
    given = ("referrer-email",) if draft["kind"] == "professional" else ()
    return Form(step_schema(draft["kind"], step), *given, labels=labels(draft["kind"]))


def filled_of(draft: Draft, step: str) -> Filled:
    """Return the form of a step with what was answered, or with what is known already."""
    answered = draft["answers"].get(step)
    form = form_of(draft, step)
    return form.blank(**(_loaded(draft, step, answered) if answered is not None else known(draft, step)))


def _loaded(draft: Draft, step: str, answered: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept answers with days as days; none where they were kept for questions that have changed since."""
    try:
        with whatever_day_it_is():
            loaded: dict[str, Any] = step_schema(draft["kind"], step).load(answered)
    except ValidationError:
        return {}
    return loaded


def known(draft: Draft, step: str) -> dict[str, Any]:
    """Return what nobody needs to type: who they are, what an adult is to each child, that most referrals are not urgent."""
    if step == "relations":
        return {"relations": [_pair(*pair) for pair in pairs(draft)]}
    if step == "urgency":
        return {"urgency": "routine"}
    if current.without_account():
        return {}
    visitor = current.visitor()
    if step == "intake":
        return {"taken_by": visitor.person_name, "received_on": clock.today()}
    if step == "you" and draft["kind"] == "professional":
        return {"referrer": {"name": visitor.person_name, "service": current.member().agency_name or None}}
    return {}


def _pair(parent: Mapping[str, Any], _child: Mapping[str, Any], here: int, there: int) -> dict[str, Any]:
    return {"parent": here, "child": there, "relation": parent["relationship"], "parental_responsibility": "not_known"}


def shown(step: str, widgets: Mapping[str, Widget]) -> dict[str, Widget]:
    """Return the questions as the page asks them: of a child, a name and a date are wanted, though a baby may have no name yet."""
    return {name: _of_children(widget) if step == "children" else widget for name, widget in widgets.items()}


def _of_children(widget: Widget) -> Widget:
    asked = [replace(child, items=tuple(_of_child(one) for one in child.items)) for child in widget.items]
    return replace(widget, items=tuple(asked))


def _of_child(widget: Widget) -> Widget:
    name = widget.name.rsplit("-", 1)[-1]
    label = OF_EACH["children"].get(name, widget.label)
    return replace(widget, label=label, required=True) if name in _WANTED else replace(widget, label=label)


def pair_names(draft: Draft) -> Sequence[str]:
    """Return what stands over each pair: "Sinead Doyle and Finn"."""
    return [f"{called(parent)} {parent['family_name']} and {called(child)}" for parent, child, _, _ in pairs(draft)]


def without_empty_items(filled: Filled) -> None:
    """Take out the items of lists that nobody filled in, where none is needed."""
    for name in MAY_BE_EMPTY:
        if name in filled.form.schema.fields:
            filled.drop_empty(name)
