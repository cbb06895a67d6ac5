"""What a search tells: how it was understood, which families it found, and why."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.referrals import contract
from services.referrals.models.typed import Term
from services.referrals.repository.searching import Hit, Known, Match, Matches

GONE: Final = "Somebody who has left this family"


def search(
    terms: Sequence[Term], matches: Matches, known: dict[UUID, Known], restricted: Collection[UUID], *, complete: bool
) -> dict[str, Any]:
    """Return a page of what was found."""
    items = [_found(match, known[match.family_id], terms, restricted=match.family_id in restricted) for match in matches.items]
    return {
        "items": items,
        "next": matches.next,
        "total": matches.total,
        "matched": matches.matched,
        "terms": [_term(term) for term in terms],
        "complete": complete,
    }


def _term(term: Term) -> dict[str, Any]:
    whole = (wish.low for wish in term.wanted if wish.kind == "born" and wish.low == wish.high)
    return {"typed": term.typed, "kinds": list(term.kinds), "day": _as_day(next(whole, None)), "fault": term.fault or None}


def _found(match: Match, known: Known, terms: Sequence[Term], *, restricted: bool) -> dict[str, Any]:
    people = {UUID(str(person["id"])): person for person in (*known.parents, *known.children)}
    return {
        "family_id": match.family_id,
        "name": known.name,
        "referral_id": known.referral_id,
        "status": known.status,
        "parents": _people(known.parents),
        "children": _people(known.children),
        "restricted": restricted,
        "why": [_reason(hit, terms[hit.term].typed, people.get(hit.person_id, {})) for hit in match.hits],
    }


def _reason(hit: Hit, typed: str, person: Mapping[str, Any]) -> dict[str, Any]:
    who = _name(person) if person else GONE
    words = _WORDS[hit.wanted.kind](hit, f"\u201c{typed}\u201d", who)
    if hit.wanted.kind == "born" and person.get("birth_date"):
        words = words.replace(_EXPECTED, _BORN)
    return {"typed": typed, "kind": hit.wanted.kind, "how": hit.wanted.how, "words": words}


def _name_words(hit: Hit, typed: str, who: str) -> str:
    return f"{who}: {_LIKE[hit.wanted.how].format(typed)}"


_LIKE: Final = {
    "exact": "{} is one of their names",
    "begins": "a name begins with {}",
    "part": "{} is part of a name",
    "short": "another form of {}",
    "sounds": "sounds like {}",
    "typo": "spelt nearly like {}",
}
_BORN, _EXPECTED = "born on", "expected on"


def _born_words(hit: Hit, _typed: str, who: str) -> str:
    return f"{who}: {_EXPECTED} {_day(hit.key)}"


def _reached_words(what: str) -> Callable[[Hit, str, str], str]:
    return lambda hit, typed, who: f"{who}: {typed} is {'part of ' if hit.wanted.how == 'part' else ''}their {what}"


_WORDS: Final[Mapping[str, Callable[[Hit, str, str], str]]] = {
    "name": _name_words,
    "born": _born_words,
    "phone": _reached_words("phone number"),
    "email": _reached_words("email address"),
    "nhs": _reached_words("NHS number"),
    "postcode": lambda hit, _typed, _who: f"They live or lived at {contract.tidy_postcode(hit.key)}",
    "reference": lambda _hit, typed, _who: f"{typed} is the reference of a referral",
}


def _people(people: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"id": one["id"], "name": _name(one), **{day: _as_day(one.get(day)) for day in ("birth_date", "expected_date")}} for one in people
    ]


def _name(person: Mapping[str, Any]) -> str:
    return f"{contract.called(person)} {person['family_name']}".strip()


def _as_day(told: date | str | None) -> date | None:
    """Return a day, which a referral keeps as text."""
    return date.fromisoformat(told) if isinstance(told, str) else told


def _day(key: str) -> str:
    when = date.fromisoformat(key)
    return f"{when.day} {when:%B %Y}"
