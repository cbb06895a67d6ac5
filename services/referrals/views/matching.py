"""Families that may be on record twice, and those that became one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from chassis.database import Page
from chassis.schemas import instance_of
from services.referrals import contract
from services.referrals.matching import Match, sides
from services.referrals.models import FamilyMatch, Merge
from services.referrals.repository.matching import Alike, Party

_FORMER: Final = ("different",)
_LABELS: Final = {"safe_contact": "Safe contact", "address": "Where they live now", "interpreter": "Interpreter needed"}
Sides = tuple[Mapping[str, Any], Mapping[str, Any], Mapping[UUID, UUID]]
"""Both records, and who is who."""


def matches(party: Alike, found: Sequence[tuple[Alike, Match]], known: Mapping[UUID, FamilyMatch]) -> dict[str, Any]:
    """Return whom a family may be, likeliest first; at the end whom somebody found to be different."""
    items = [_found(party, other, match, known.get(other.id)) for other, match in found]
    return {"family": matched(party), "matches": sorted(items, key=lambda item: item["state"] in _FORMER)}


def waiting_matches(page: Page[FamilyMatch], parties: Mapping[UUID, Alike]) -> dict[str, Any]:
    """Return a page of pairs; one of which either was merged or restricted just now is left out."""
    items = [_pair(pair, parties) for pair in page.items if pair.one_id in parties and pair.other_id in parties]
    return {"items": items, "next": page.next, "total": page.total}


def verdict(pair: FamilyMatch) -> dict[str, Any]:
    """Return what somebody thinks of a pair."""
    return {name: getattr(pair, name) for name in ("state", "decided_by", "decided_at")}


def matched(party: Alike) -> dict[str, Any]:
    """Return a family of the registry, or one that was only referred, to be told from others."""
    return {
        "id": party.id,
        "name": party.record["name"],
        "registered": party.registered,
        "version": party.version,
        "people": [_person(side, one) for side in ("parents", "children") for one in party.record[side]],
        "address": _address(party.record.get("address")),
        "referrals": [{name: getattr(row, name) for name in ("id", "status", "version", "received_at")} for row in party.referrals],
    }


def comparison(
    into: Party, other: Party, differing: Iterable[sides.Differing], both: Sides, restricted: Collection[UUID]
) -> dict[str, Any]:
    """Return two records side by side."""
    ours, theirs, pairs = both
    here = sides.everybody(ours)
    people = [
        {
            "id": one, "side": _SIDE[side], "name": _called(person), "into": pairs.get(one),
            "may_be": {str(each): _called(who) for each, (its_side, who) in here.items() if its_side == side},
        }
        for one, (side, person) in sides.everybody(theirs).items()
    ]  # fmt: skip
    return {
        "into": matched(into),
        "merged": matched(other),
        "people": people,
        "differences": [_difference(one) for one in differing],
        "happens": _happens(other, ours, theirs, (into.id in restricted, other.id in restricted)),
    }


def merge(row: Merge, now: datetime) -> dict[str, Any]:
    """Return a merge as it stands."""
    names = ("id", "version", "into_id", "merged_id", "merged_name", "at", "by_name", "reason", "until", "undone_at", "undone_by")
    return {**{name: getattr(row, name) for name in names}, "can_be_undone": row.can_be_undone(now)}


_SIDE: Final = {"parents": "parent", "children": "child"}


def _found(party: Alike, other: Alike, match: Match, known: FamilyMatch | None) -> dict[str, Any]:
    prints = {party.id: party.household.fingerprint(), other.id: other.household.fingerprint()}
    holds = known is not None and known.holds((prints[known.one_id], prints[known.other_id]))
    said = (
        {**verdict(known), "note": known.note}
        if known and holds
        else {"state": "open", "decided_by": None, "decided_at": None, "note": None}
    )
    names = {str(person["id"]): _called(person) for side in ("parents", "children") for person in party.record[side]}
    reasons = [{"code": one.code, "points": one.points, "about": names.get(one.one)} for one in match.reasons]
    return {"family": matched(other), "level": match.level, "score": match.score, "caution": match.caution, "reasons": reasons, **said}


def _pair(pair: FamilyMatch, parties: Mapping[UUID, Alike]) -> dict[str, Any]:
    plain = {name: getattr(pair, name) for name in ("id", "level", "score", "caution", "state", "found_at")}
    reasons = [{**reason, "about": None} for reason in pair.reasons]
    return {**plain, "reasons": reasons, "one": matched(parties[pair.one_id]), "other": matched(parties[pair.other_id])}


def _person(side: str, person: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: _day(person.get(name)) for name in ("birth_date", "expected_date")}
    return {"id": person["id"], "side": _SIDE[side], "name": _called(person), **days}


def _called(person: Mapping[str, Any]) -> str:
    return f"{contract.called(person)} {person.get('family_name') or ''}".strip()


def _address(address: Mapping[str, Any] | None) -> str | None:
    return ", ".join(filter(None, ((address or {}).get("line"), (address or {}).get("postcode")))) or None


def _day(written: date | str | None) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) else written


def _difference(one: sides.Differing) -> dict[str, Any]:
    label = _LABELS.get(one.name) or _label(one.name, of_family=one.person is None)
    about = _called(one.person) if one.person else None
    words = {"into": _words(one.name, one.into), "merged": _words(one.name, one.merged)}
    return {"key": one.key, "about": about, "label": label, **words, "chosen": one.chosen, "choices": list(one.choices)}


def _label(name: str, *, of_family: bool) -> str:
    person = {**instance_of(contract.Child).fields, **instance_of(contract.Parent).fields}
    fields = instance_of(contract.FamilyRecord).fields if of_family else person
    return str(fields[name].metadata["label"])


def _words(name: str, value: Any) -> str | None:
    """Return an answer in words: codes by what they mean."""
    if value in (None, ""):
        return None
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if name == "address":
        return _address(value)
    if name == "safe_contact":
        channels = ", ".join(contract.CHANNELS[one].lower() for one in value["channels"])
        return "; ".join(filter(None, (channels, value.get("times"), value.get("avoid"))))
    codes: Mapping[str, str] = {"relationship": contract.RELATIONSHIPS, "ethnicity": contract.ETHNICITIES}.get(name, {})
    return codes.get(value, str(value))


def _happens(other: Party, ours: Mapping[str, Any], theirs: Mapping[str, Any], restricted: tuple[bool, bool]) -> list[str]:
    """Return the codes of what a merge would do."""
    said = {
        "only_referred": other.family is None,
        "both_restricted": all(restricted),
        "restricted": restricted[1] and not restricted[0],
        "referrals": True,
        "services": other.family is not None,
        "one_place": other.family is not None,
        "one_case": other.family is not None,
        "two_assessments": other.family is not None,
        "safe_contact": ours["safe_contact"] != theirs["safe_contact"],
        "both_ways": True,
        "undo": True,
    }
    return [code for code, holds in said.items() if holds]
