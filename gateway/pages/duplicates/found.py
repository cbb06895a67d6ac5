"""Who may be the same family, in words; for the page of a referral too."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from gateway.pages.forms import Filled, Form
from gateway.pages.words import day, lower_first, whole_day
from services.referrals.contract import LEVELS, MATCH_STATES, REASONS, DecideMatchRequest

TONES: Final = {"likely": "accent", "possible": "told", "unlikely": ""}
SHOWN: Final = 5
"""How many reasons stand there at once; the rest opens."""
Family = Mapping[str, Any]


class Why(NamedTuple):
    """One reason: a sign, never colour alone, and words."""

    sign: str
    words: str
    about: str
    tone: str


class Shown(NamedTuple):
    """Somebody who may be the same family, as a card shows them."""

    family: Family
    level: str
    tone: str
    caution: bool
    why: list[Why]
    more: list[Why]
    state: str
    said: str
    note: str
    form: Filled


def shown(match: Mapping[str, Any]) -> Shown:
    """Return a match as a card shows it."""
    why = [_why(reason) for reason in match["reasons"]]
    first = [one for one in why if one.sign != "·"][:SHOWN]
    return Shown(
        match["family"],
        LEVELS[match["level"]],
        TONES[match["level"]],
        match["caution"],
        first,
        [one for one in why if one not in first],
        match["state"],
        _said(match),
        match["note"] or "",
        form_of(match["family"]).blank(verdict=match["state"] if match["state"] in {"different", "not_sure"} else None),
    )


def form_of(family: Family) -> Form:
    """Return the form in which somebody says what they think of a family beside another."""
    return Form(DecideMatchRequest, "family_id", "other_id", within=f"m{str(family['id'])[-8:]}")


def reasons(found: list[dict[str, Any]]) -> list[Why]:
    """Return the weightiest reasons that speak for it, for a list: it names nobody, so each says whose it is."""
    return [_whose(one) for one in found if one["points"] > 0][:3]


def people(family: Family) -> list[str]:
    """Return who belongs to a family, with birthdays: what tells people of one name apart."""
    return [f"{one['name']}{_born(one)}" for one in family["people"]]


def _born(person: Mapping[str, Any]) -> str:
    if person["birth_date"]:
        return f", born {whole_day(person['birth_date'])}"
    return f", expected {day(person['expected_date'])}" if person["expected_date"] else ""


def _why(reason: Mapping[str, Any]) -> Why:
    points = reason["points"]
    sign, tone = ("✓", "good") if points > 0 else ("✗", "urgent") if points < 0 else ("!", "told")
    return Why(sign, REASONS[reason["code"]], reason["about"] or "", tone)


def _whose(reason: Mapping[str, Any]) -> Why:
    why, side = _why(reason), reason["code"].partition(".")[0]
    return why._replace(words=f"The {side}'s {lower_first(why.words)}") if side in {"parent", "child"} and not why.about else why


def _said(match: Mapping[str, Any]) -> str:
    if not match["decided_by"]:
        return ""
    return f"{match['decided_by']} said on {day(match['decided_at'].date())}: {MATCH_STATES[match['state']].lower()}"
