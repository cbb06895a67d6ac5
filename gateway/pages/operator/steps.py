"""The steps of onboarding: what each asks, what it is filled with at first, and how its answers are kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import Schema

from chassis.schemas import Contract, choice
from gateway.boroughs.authorities import london, slug_of
from gateway.boroughs.documents import CURRENT
from gateway.contract import AgenciesOfBorough, BoroughDetails, NewAdministrator, OnboardRequest, TermsAccepted, VenuesOfBorough
from gateway.pages.forms import Form
from gateway.pages.forms.reading import Posted, indexes, renumber

Answers = Mapping[str, Any]
OTHER: Final = "other"
_BOROUGH_ORDER: Final = ("name", "gss_code", "programme_name", "slug", "practice")


class Authority(Contract):
    """Which local authority the borough is."""

    authority = choice("Which local authority is it?", {**london(), OTHER: "Another authority in England"})


@dataclass(frozen=True, slots=True)
class Step:
    """One page of onboarding.

    Attributes:
        key: its part of the address, and of the answers.
        title: its heading; ``hint`` a sentence below.
        form: what it asks.
        first: from the answers so far, what it is filled with the first time.
        adds: what the page itself knows.
        one: what an item of its list is called.
        may_skip: from the answers so far, whether it can be left out.
    """

    key: str
    title: str
    form: Form
    hint: str = ""
    first: Callable[[Answers], dict[str, Any]] = lambda _: {}
    adds: Mapping[str, Any] = field(default_factory=dict)
    one: str = ""
    may_skip: Callable[[Answers], bool] = lambda _: False


def _details(answers: Answers) -> dict[str, Any]:
    code = answers.get("authority", {}).get("authority", "")
    name = london().get(code, "")
    if not name:
        return {"practice": False}
    return {"slug": slug_of(name), "name": name, "gss_code": code, "programme_name": f"{name} Stay & Play", "practice": False}


def _agencies(_: Answers) -> dict[str, Any]:
    return {"agencies": [{"name": "CAMHS", "kind": "camhs"}, {"name": "Adult mental health team", "kind": "adult_mental_health"}]}


def _is_practice(answers: Answers) -> bool:
    return bool(answers.get("borough", {}).get("practice"))


STEPS: Final[Mapping[str, Step]] = {
    step.key: step
    for step in (
        Step("authority", "Local authority", Form(Authority), "London's boroughs are offered. Any other is named on the next page."),
        Step("borough", "The borough", Form(BoroughDetails, order=_BOROUGH_ORDER), first=_details),
        Step(
            "agencies", "Agencies", Form(AgenciesOfBorough), "Both sides of the joint assessment are needed sooner or later.",
            first=_agencies, one="agency",
        ),
        Step("venues", "Venues", Form(VenuesOfBorough), "Where groups meet. Leave it empty if that is not known yet.", one="venue"),
        Step("administrator", "First administrator", Form(NewAdministrator), "They are invited by mail, and set up everything else."),
        Step(
            "terms", "Terms accepted", Form(TermsAccepted, "terms", "data_processing"),
            "A named person accepts both documents for the borough.", adds=CURRENT, may_skip=_is_practice,
        ),
    )
}  # fmt: skip
CHECK: Final = "check"


def order() -> list[str]:
    """Return every step's key in order; the last is the check."""
    return [*STEPS, CHECK]


def after(key: str) -> str:
    """Return the step that follows."""
    every = order()
    return every[every.index(key) + 1]


def missing(answers: Answers) -> str | None:
    """Return the first step that has no answer and can't be left out; None where everything is there."""
    return next((key for key, step in STEPS.items() if key not in answers and not step.may_skip(answers)), None)


def tidied(posted: Posted, name: str) -> Posted:
    """Return what was posted without the items of a list that hold nothing."""
    for place in indexes(posted, name):
        within = [key for key in posted if key.startswith(f"{name}-{place}-")]
        if not any(posted[key].strip() for key in within):
            for key in within:
                del posted[key]
    renumber(posted, name)
    return posted


def kept(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step's typed values as JSON."""
    dumped: dict[str, Any] = schema.dump(values)
    return dumped


def description(answers: Answers) -> dict[str, Any]:
    """Return the whole description that the answers make, as a client would send it."""
    whole = {**answers.get("borough", {}), **answers.get("agencies", {}), **answers.get("venues", {})}
    whole["administrator"] = answers.get("administrator")
    if answers.get("terms"):
        whole["accepted"] = answers["terms"]
    return whole


def step_of(field_name: str) -> str:
    """Return the step that asks for a field of the description."""
    owners = {"agencies": "agencies", "venues": "venues", "administrator": "administrator", "accepted": "terms"}
    return owners.get(field_name, "borough")


def request_schema() -> Schema:
    """Return what the description is held against as a whole."""
    return OnboardRequest()
