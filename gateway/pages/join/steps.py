"""The questions of the way in: which comes next, and each in the parent's language."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from marshmallow import EXCLUDE

from chassis.schemas import instance_of, whatever_day_it_is
from gateway.pages.forms import Filled, Form, Widget
from services.referrals.contract import JOIN_SCHEMAS

STEPS: Final = tuple(JOIN_SCHEMAS)

TITLES: Final[Mapping[str, Any]] = {
    "you": _("What is your name?"),
    "contact": _("How can we reach you safely?"),
    "children": _("Who would you bring?"),
    "home": _("Where do you live?"),
    "help": _("What would help you to come?"),
    "words": _("Is there more you want to say?"),
}
LEDES: Final[Mapping[str, Any]] = {
    "you": _("Tell us who you are, so that we know who to ask for."),
    "contact": _("We will only use what you choose here. If someone checks your phone or post, tell us what to avoid."),
    "children": _("Tell us about each child you want to bring. A baby who is on the way counts too."),
    "home": _("This helps us find a group near you. You can leave it empty."),
    "help": _("You do not have to answer these."),
    "words": _("You do not have to write anything. You do not have to tell us about your health."),
}


def form_of(step: str) -> Form:
    """Return the form of a step."""
    return Form(JOIN_SCHEMAS[step])


def filled_of(step: str, answers: Mapping[str, Any]) -> Filled:
    """Return the form of a step with what was answered so far."""
    kept = answers.get(step)
    if kept is None:
        return form_of(step).blank()
    with whatever_day_it_is():
        loaded: dict[str, Any] = instance_of(JOIN_SCHEMAS[step]).load(kept, unknown=EXCLUDE)
    return form_of(step).blank(**loaded)


def next_of(answers: Mapping[str, Any]) -> str:
    """Return the first step that was not answered; empty once all were."""
    return next((step for step in STEPS if step not in answers), "")


def before(step: str) -> str:
    """Return the step before one; empty before the first. ``check`` comes after the last."""
    place = STEPS.index(step) if step in STEPS else len(STEPS)
    return STEPS[place - 1] if place else ""


def step_of(name: str) -> str:
    """Return the step that asks a question, by its name in the form; the first where none does."""
    field = name.split("-", 1)[0]
    return next((step for step, schema in JOIN_SCHEMAS.items() if field in instance_of(schema).fields), STEPS[0])


def spoken(widgets: Mapping[str, Widget]) -> dict[str, Widget]:
    """Return the questions in the language of the page: words of a contract are those of the catalogue."""
    return {name: spoken_one(widget) for name, widget in widgets.items()}


def spoken_one(widget: Widget) -> Widget:
    """Return one question in the language of the page."""
    return replace(
        widget,
        label=_said(widget.label),
        hint=_said(widget.hint),
        error=_said(widget.error),
        choices={code: _said(words) for code, words in widget.choices.items()},
        items=tuple(spoken_one(item) for item in widget.items),
    )


def _said(words: str) -> str:
    """Return words in the language of the page; gettext gives the head of the catalogue for no words."""
    return gettext(words) if words else ""
