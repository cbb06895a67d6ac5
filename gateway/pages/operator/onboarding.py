"""Onboarding step by step: each page is saved as it is left, and can be gone on with another day."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Conflict, Invalid, NotFound, StayPlayError
from gateway.access.guard import operator_only
from gateway.boroughs.documents import CURRENT, TITLES
from gateway.contract import Onboarded
from gateway.operators.models import Onboarding
from gateway.pages.answers import answer
from gateway.pages.forms import Filled
from gateway.pages.forms.faults import flat
from gateway.pages.operator import steps
from gateway.pages.operator.base import part
from gateway.pages.operator.steps import CHECK, STEPS, Step
from gateway.pages.operator.views import key_of
from gateway.pages.show import onward, page
from gateway.runtime import runtime


@part.get("/onboarding")
@operator_only
def unfinished() -> Response:
    """List the boroughs that are being described."""
    found = [(one, steps.missing(one.answers) or CHECK) for one in runtime().onboardings.unfinished()]
    return page("operator/unfinished.html", title="Onboarding", found=found, titles={key: one.title for key, one in STEPS.items()})


@part.post("/onboarding")
@operator_only
def begin() -> AnyResponse:
    """Begin to describe a borough."""
    return onward("operator.step", onboarding_id=runtime().onboardings.begin().id, key="authority")


@part.post("/onboarding/<uuid:onboarding_id>/forget")
@operator_only
def forget(onboarding_id: UUID) -> AnyResponse:
    """Give one up; its answers are forgotten."""
    runtime().onboardings.forget(onboarding_id)
    return onward("operator.unfinished", "onboarding_forgotten")


@part.route("/onboarding/<uuid:onboarding_id>/<key>", methods=["GET", "POST"])
@operator_only
def step(onboarding_id: UUID, key: str) -> Response | AnyResponse:
    """Ask what one step asks, and save it; the last one shows every answer, and onboards the borough."""
    if key not in steps.order():
        raise NotFound
    if key == CHECK and request.method == "POST":
        return _onboard(onboarding_id)
    draft = runtime().onboardings.get(onboarding_id)
    if key == CHECK:
        return checking(draft)
    return _answered(draft, STEPS[key]) if request.method == "POST" else _asked(draft, STEPS[key])


def _asked(draft: Onboarding, one: Step) -> Response:
    values = draft.answers.get(one.key) or one.first(draft.answers)
    typed = {**values, **one.form.schema.load(values, partial=True)} if one.key in draft.answers else values
    return asking(draft, one, one.form.blank(**typed))


def asking(draft: Onboarding, one: Step, filled: Filled) -> Response:
    """Return the page of one step."""
    return page(
        "operator/step.html",
        title=one.title,
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        filled=filled,
        w=filled.widgets,
        step=one,
        number=steps.order().index(one.key) + 1,
        total=len(steps.order()),
        draft=draft,
        name=draft.name,
        skippable=one.may_skip(draft.answers),
        current=CURRENT,
        titles=TITLES,
    )


def _answered(draft: Onboarding, one: Step) -> Response | AnyResponse:
    filled = one.form.sent(request.form)
    if request.form.get("step") == "skip" and one.may_skip(draft.answers):
        return _save(draft, one, {})
    if filled.resized():
        return asking(draft, one, filled)
    if one.key == "venues":
        steps.tidied(filled.posted, "venues")
    values = filled.checked(**one.adds)
    return asking(draft, one, filled) if values is None else _save(draft, one, steps.kept(one.form.schema, values))


def _save(draft: Onboarding, one: Step, values: dict[str, Any]) -> AnyResponse:
    """Keep the answers of one step, and go on: to the next one, or back to the check that it was changed from."""
    answers = {**draft.answers, one.key: values}
    runtime().onboardings.save(draft.id, _version(), answers.get("borough", {}).get("name", draft.name), answers)
    onwards = CHECK if request.form.get("back") == CHECK and steps.missing(answers) is None else steps.after(one.key)
    return onward("operator.step", onboarding_id=draft.id, key=onwards)


def _version() -> int:
    sent = request.form.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def checking(draft: Onboarding, problem: StayPlayError | None = None) -> Response | AnyResponse:
    """Return the page with every answer; where a step has none yet, lead there."""
    lacking = steps.missing(draft.answers)
    if lacking is not None:
        return onward("operator.step", onboarding_id=draft.id, key=lacking)
    faults = [(steps.step_of(name.split("-", maxsplit=1)[0]), message) for name, message in _faults(problem)]
    return page(
        "operator/check.html",
        title="Check your answers",
        status=422 if problem else 200,
        has_faults=problem is not None,
        problem=problem,
        faults=faults,
        draft=draft,
        sections=[(key, one.title, _lines(one, draft.answers.get(key) or {})) for key, one in STEPS.items() if key != "authority"],
    )


def _faults(problem: StayPlayError | None) -> list[tuple[str, str]]:
    if problem is None:
        return []
    if isinstance(problem, Invalid):
        return [(str(name), message) for name, message in flat(problem.faults)]
    return [(str(problem.facts.get("field", "slug")), problem.message)]


def _lines(one: Step, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the answers of one step in words."""
    if not values:
        return [("Not given", "")]
    typed = one.form.schema.load(values, partial=True)
    lines: list[tuple[str, str]] = []
    for widget in one.form.blank(**typed).widgets.values():
        if widget.kind == "list":
            given = [[answer(inner) for inner in item.items] for item in widget.items] if values.get(widget.name) else []
            lines += [(f"{one.one.capitalize()} {number}", ", ".join(filter(None, words))) for number, words in enumerate(given, 1)]
        else:
            lines.append((widget.label, answer(widget)))
    return lines or [("None", "")]


def _onboard(onboarding_id: UUID) -> Response | AnyResponse:
    """Onboard the borough; sent again, it leads to the borough that it made."""
    try:
        draft = runtime().onboardings.get(onboarding_id)
    except NotFound:
        made = runtime().identity.borough_id(onboarded_with=key_of(onboarding_id))
        if made is None:
            raise
        return onward("operator.show", borough_id=made)
    try:
        values = steps.request_schema().load(steps.description(draft.answers))
        answered = runtime().operators.onboard(key_of(draft.id), values)
    except ValidationError as wrong:
        return checking(draft, Invalid(faults=wrong.messages_dict))
    except Conflict as refused:
        return checking(draft, refused)
    runtime().onboardings.forget(draft.id)
    return onboarded(Onboarded().load(answered))


def onboarded(borough: Mapping[str, Any]) -> Response:
    """Return the page that shows the administrator's link."""
    shown = {"borough": borough, "invitation": borough["invitation"]}
    return page("operator/onboarded.html", title=f"{borough['name']} is onboarded", tab="Onboarded", **shown)
