"""Does the group fit this family? What can be worked out from its referral and the borough's policy, criterion by criterion."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.referrals import contract
from services.referrals.models.rules import age_on, age_words, months_after

"""The code of a parent who asked for themself."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the borough's policy says of who may come.

    Attributes:
        youngest_months, oldest_months: ages of children, in months.
        outward_codes: the first halves of the postcodes that lie in the borough, such as SE15; empty where nobody entered them.
    """

    youngest_months: int
    oldest_months: int
    outward_codes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, policy: Mapping[str, Any], youngest_months: int, oldest_months: int) -> "Terms":
        """Return the terms that a policy sets."""
        codes = re.split(r"[\s,;]+", str(policy.get("outward_codes") or "").upper())
        return cls(youngest_months, oldest_months, frozenset(filter(None, codes)))


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one criterion, and the fact that it rests on; ``by_name`` and ``at`` where a person gave it."""

    criterion: str
    answer: str
    fact: str
    by_name: str | None = None
    at: datetime | None = None

    @property
    def flagged(self) -> bool:
        """Whether somebody is to look at it: a parent under the CMHT is not sent away by a rule."""
        return self.criterion == "below_threshold" and self.answer == "not_met"

    def to_json(self) -> dict[str, Any]:
        """Return a person's answer as it is kept."""
        return {"answer": self.answer, "fact": self.fact, "by_name": self.by_name, "at": self.at.isoformat() if self.at else None}

    @classmethod
    def from_json(cls, criterion: str, kept: Mapping[str, Any]) -> "Answer":
        """Return the answer that was kept."""
        return cls(criterion, kept["answer"], kept["fact"], kept["by_name"], datetime.fromisoformat(kept["at"]))


def fit_of(answers: Iterable[Answer]) -> str:
    """Return all answers in one word, a code of `FITS`: what speaks against comes first, then what is flagged, then what is not known."""
    found = list(answers)
    if any(one.answer == "not_met" and not one.flagged for one in found):
        return "does_not_fit"
    if any(one.flagged for one in found):
        return "flagged"
    return "find_out" if any(one.answer == "not_known" for one in found) else "fits"


def answers_to(referral: Any, terms: Terms, today: date) -> list[Answer]:
    """Return the answer to each criterion: a person's where one gave it, else what follows from the referral.

    Args:
        referral: a `Referral`, or as much of one as this rests on.
        terms: the borough's.
        today: the day on which children have their age.
    """
    judged = {criterion: Answer.from_json(criterion, kept) for criterion, kept in referral.judged.items()}
    return list({**worked_out(referral, terms, today), **judged}.values())


def worked_out(referral: Any, terms: Terms, today: date) -> dict[str, Answer]:
    """Return the answer to each criterion that follows from what the referral says; ages are those of ``today``."""
    found = {
        "borough": _borough(referral, terms.outward_codes),
        "child_age": _child_age(referral.family["children"], terms, today),
        "parental_need": _need(referral.parental_need),
        "below_threshold": _threshold(referral.secondary_care),
        "agreement": _agreement(referral),
    }
    return {criterion: Answer(criterion, *found[criterion]) for criterion in contract.CRITERIA}


def _borough(referral: Any, codes: frozenset[str]) -> tuple[str, str]:
    said = referral.borough_link
    outward = outward_code(referral.family)
    if outward in codes:
        return "met", f"{outward} is one of the borough's postcodes."
    if said == "uses":
        return "met", "The referrer says that they use services in the borough."
    elsewhere = f"{outward} is not one of the borough's postcodes" if outward and codes else ""
    if said == "lives":
        return ("not_known", f"{elsewhere}, and the referrer says that they live here.") if elsewhere else _only_said(outward)
    if said == "neither":
        return "not_met", "The referrer says that they neither live in the borough nor use services in it."
    if elsewhere:
        return "not_known", f"{elsewhere}. Nobody said whether they use services in it."
    return "not_known", "The borough's postcodes are not in its policy." if outward else "No postcode is known."


def _only_said(outward: str) -> tuple[str, str]:
    return "met", "The referrer says that they live in the borough" + (f", at a postcode in {outward}." if outward else ".")


def outward_code(family: Mapping[str, Any]) -> str:
    """Return the first half of the postcode at which a family lives now, or an empty text."""
    address = family.get("address") or {}
    return str(address.get("postcode") or "").partition(" ")[0]


def _child_age(children: Iterable[Mapping[str, Any]], terms: Terms, today: date) -> tuple[str, str]:
    facts = list(_ages(children, terms, today))
    words = " ".join(fact for _, fact in facts)
    for answer in ("met", "not_known"):
        if any(found == answer for found, _ in facts):
            return answer, words
    return "not_met", words or "No child is named."


def _ages(children: Iterable[Mapping[str, Any]], terms: Terms, today: date) -> Iterator[tuple[str, str]]:
    for child in children:
        name = child.get("given_name") or "The expected baby"
        born = date.fromisoformat(child["birth_date"]) if child.get("birth_date") else None
        if born is None or born > today:
            yield "not_known", f"{name} is not born yet."
        elif months_after(born, terms.youngest_months) > today:
            yield "not_met", f"{name} is younger than {age_words(terms.youngest_months)}."
        elif months_after(born, terms.oldest_months) < today:
            yield "not_met", f"{name} is older than {age_words(terms.oldest_months)}."
        else:
            yield "met", f"{name} is {age_on(born, today)}."


def _need(said: str) -> tuple[str, str]:
    facts = {"yes": ("met", "The referrer says so."), "no": ("not_met", "The referrer says that no parent does.")}
    return facts.get(said, ("not_known", "The referral does not say."))


def _threshold(said: str) -> tuple[str, str]:
    facts = {
        "no": ("met", "The referrer says that no parent is under a Community Mental Health Team."),
        "yes": ("not_met", "A parent is under a Community Mental Health Team: talk with the team before you decide."),
    }
    return facts.get(said, ("not_known", "The referrer does not know whether a parent is under a Community Mental Health Team."))


def _agreement(referral: Any) -> tuple[str, str]:
    if referral.status == "withdrawn":
        return "not_met", "The family does not want to go on."
    if referral.source == contract.SELF_REFERRED:
        return "met", "A parent asked to come."
    if (referral.agreement or {}).get("agrees") == "not_asked":
        return "not_known", "Nobody has asked the family yet."
    return "met", "The referrer says that the family agrees."
