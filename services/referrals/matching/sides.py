"""Two records of one family side by side: who is who, which answers differ, and which is sensible to keep."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from services.referrals.matching.evidence import compared
from services.referrals.matching.household import household

Record = Mapping[str, Any]
"""A family as `FamilyRecord` has it, loaded."""
Pairs = Mapping[UUID, UUID]
"""Who of the merged record is who of the one that goes on."""
OF_FAMILY: Final = ("language", "interpreter", "safe_contact", "address")
OF_PERSON: Final = (
    "title", "given_name", "middle_names", "preferred_name", "family_name", "relationship", "birth_date", "expected_date",
    "nhs_number", "ethnicity", "language", "access_needs", "gp", "school_or_nursery",
)  # fmt: skip
"""Answers of which one is kept. What is not here is kept from both: contact points, addresses, who may not collect, risks."""


@dataclass(frozen=True, slots=True)
class Differing:
    """An answer that differs.

    Attributes:
        key: ``family.language``, or the person's id in the record that goes on with the answer's name.
        chosen: whose is sensible: ``into``, ``merged`` or ``both``.
        choices: whose may be chosen.
    """

    key: str
    name: str
    person: Record | None
    into: Any
    merged: Any
    chosen: str
    choices: tuple[str, ...] = ("into", "merged")


def who_is_who(into: Record, merged: Record) -> dict[UUID, UUID]:
    """Return whom the people of ``merged`` probably are in ``into``."""
    found = compared(household(UUID(int=0), merged), household(UUID(int=1), into))
    return dict(found.people)


def everybody(record: Record) -> dict[UUID, tuple[str, Record]]:
    """Return the people of a record by id, with their side."""
    return {person["id"]: (side, person) for side in ("parents", "children") for person in record[side]}


def differing(into: Record, merged: Record, pairs: Pairs) -> list[Differing]:
    """Return every answer that differs, the family's first."""
    found = [_of_family(name, into.get(name), merged.get(name)) for name in OF_FAMILY]
    ours, theirs = everybody(into), everybody(merged)
    for merged_id, into_id in pairs.items():
        found += _of_person(into_id, ours[into_id][1], theirs[merged_id][1])
    return [one for one in found if one is not None]


def answers(into: Record, merged: Record, pairs: Pairs, take: Iterable[str], both: Iterable[str]) -> dict[str, Any]:
    """Return what the record that goes on is to say from then on, by key: what was chosen, and what is sensible where it says nothing.

    ``take`` names what comes from the merged record, ``both`` that in which both count.
    """
    taken, joined, said = frozenset(take), frozenset(both), {}
    for one in differing(into, merged, pairs):
        if one.key in joined and "both" in one.choices:
            said[one.key] = stricter(one.into, one.merged)
        elif one.key in taken or (one.into in (None, "") and one.key not in joined):
            said[one.key] = one.merged
    return said


def stricter(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return safe contact as both say it: only channels that both call safe, and everything that either says to avoid.

    Where they call no channel safe in common, those of the first stay: a family must be reached some way, and `avoid` says of both.
    """
    channels = [channel for channel in one["channels"] if channel in other["channels"]]
    return {"channels": channels or list(one["channels"]), **{name: _joined(one.get(name), other.get(name)) for name in ("times", "avoid")}}


def joined_lists(ours: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    """Return what is in either of two lists, each once."""
    return [*ours, *(one for one in theirs if one not in ours)]


def joined_words(ours: str | None, theirs: str | None) -> str | None:
    """Return what both say."""
    return _joined(ours, theirs)


def joined_points(ours: Sequence[Record], theirs: Sequence[Record]) -> list[dict[str, Any]]:
    """Return the contact points of both; one that either calls unsafe is unsafe."""
    points: dict[tuple[str, str], dict[str, Any]] = {}
    for point in [*ours, *theirs]:
        key = (point["kind"], "".join(point["value"].split()).casefold())
        known = points.get(key, {**point})
        points[key] = {**known, "safe": known["safe"] and point["safe"], "note": _joined(known.get("note"), point.get("note"))}
    return list(points.values())


def joined_addresses(ours: Sequence[Record], theirs: Sequence[Record], present: Record | None) -> list[dict[str, Any]]:
    """Return the addresses of both; only that which is ``present`` goes on."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for address in [*ours, *theirs]:
        key = (address.get("line"), address.get("postcode"))
        known = found.setdefault(key, dict(address))
        for mark in ("safe_for_letters", "safe_for_visits"):
            known[mark] = known.get(mark, True) and address.get(mark, True)
    here = present and (present.get("line"), present.get("postcode"))
    return [address for key, address in found.items() if address.get("until_on") or key == here]


def _of_family(name: str, ours: Any, theirs: Any) -> Differing | None:
    if _same(ours, theirs):
        return None
    if name == "safe_contact":
        return Differing("family.safe_contact", name, None, ours, theirs, "both", ("both", "into", "merged"))
    return Differing(f"family.{name}", name, None, ours, theirs, _sensible(ours))


def _of_person(into_id: UUID, ours: Record, theirs: Record) -> list[Differing | None]:
    return [
        None
        if _same(ours.get(name), theirs.get(name))
        else Differing(f"{into_id}.{name}", name, ours, ours.get(name), theirs.get(name), _sensible(ours.get(name)))
        for name in OF_PERSON
        if not _born_meanwhile(name, ours, theirs)
    ]


def _born_meanwhile(name: str, ours: Record, theirs: Record) -> bool:
    """Tell whether one record expects a baby that is born by the other: then there is a birth date, and nothing to choose."""
    return name == "expected_date" and bool(ours.get("birth_date") or theirs.get("birth_date"))


def _same(ours: Any, theirs: Any) -> bool:
    return (
        ours == theirs
        or theirs in (None, "")
        or (isinstance(ours, Mapping) and isinstance(theirs, Mapping) and _bare(ours) == _bare(theirs))
    )


def _bare(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer of parts without what is empty; the order of channels says nothing."""
    return {name: sorted(said) if isinstance(said, list) else said for name, said in words.items() if said}


def _sensible(ours: Any) -> str:
    return "merged" if ours in (None, "") else "into"


def _joined(ours: str | None, theirs: str | None) -> str | None:
    if not theirs or theirs == ours:
        return ours
    return f"{ours}\n{theirs}" if ours else theirs
