"""What a merge does to the two records of a family in the registry, and what taking it back does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis import clock
from chassis.contract import Event
from chassis.database.merges import Columns
from chassis.errors import Conflict
from services.referrals import contract
from services.referrals.matching import sides
from services.referrals.models.family import Family
from services.referrals.models.merging import Merge
from services.referrals.models.people import Child, Parent

_OF_FAMILY: Final = ("language", "interpreter", "safe_contact", "address", "addresses", "not_allowed", "risks_to_visitors")
_OF_PERSON: Final = ("given_name", "family_name", "birth_date", *contract.PERSON_FIELDS)
_OF_PARENT: Final = (*_OF_PERSON, "title", "relationship", "phone", "email", "contact_points")
_OF_CHILD: Final = (*_OF_PERSON, "school_or_nursery", "expected_date")
_SIDES: Final[dict[str, type[Parent] | type[Child]]] = {"parents": Parent, "children": Child}
_Somebody = Parent | Child
_MOST: Final = {"parents": contract.MOST_PARENTS, "children": contract.MOST_CHILDREN}


def join(merge: Merge, into: Family, other: Family | None, record: Mapping[str, Any], said: Mapping[str, Any], at: datetime) -> Event:
    """Make ``into`` the record of both; return its event.

    Args:
        merge: notes what was changed.
        into: the record that goes on.
        other: the one that becomes part of it; None where it was only referred.
        record: what that says.
        said: answers that were chosen, by key: see `sides.answers`.

    Raises:
        Conflict: the record that goes on has no room for everybody.
    """
    merge.before = _snapshot(into)
    for pair in merge.people:
        _join_person(_person(into, UUID(pair["into"])), _record_of(record, UUID(pair["merged"])), said)
    _join_family(into, record, said)
    _move_people(merge, into, other, record)
    merge.after = _snapshot(into)
    if other:
        other.merged_into = into.id
    return into.next_version(at)


def part(merge: Merge, into: Family, other: Family | None, at: datetime) -> list[Event]:
    """Make two records of one again; return the events of both. What was written since stays where it was written.

    Raises:
        Conflict: nobody would be left in one of the two.
    """
    _give_back(merge, into, other, at)
    Columns(into, *_OF_FAMILY).put_back(merge.before["family"], merge.after["family"])
    for person in _people(into):
        kept = merge.before["people"].get(str(person.id))
        if kept:
            Columns(person, *_columns(person)).put_back(kept, merge.after["people"][str(person.id)])
    families = [into]
    if other:
        other.merged_into = None
        families.append(other)
    for family in families:
        if not family.adults or not family.young:
            raise Conflict("One of the two would be left without a parent or a child. Add whom it has first, then undo this.")
    return [family.next_version(at) for family in families]


def _join_person(person: _Somebody, told: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    own = {key.partition(".")[2]: value for key, value in said.items() if key.startswith(f"{person.id}.")}
    for name, value in own.items():
        if hasattr(person, name):
            setattr(person, name, value)
    if isinstance(person, Parent):
        person.reach_by(sides.joined_points(person.points, told.get("contact_points") or ()))
    elif person.birth_date or told.get("birth_date"):
        person.birth_date, person.expected_date = person.birth_date or told["birth_date"], None


def _join_family(into: Family, record: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    own = {key.removeprefix("family."): value for key, value in said.items() if key.startswith("family.")}
    for name in ("language", "interpreter", "safe_contact"):
        setattr(into, name, own.get(name, getattr(into, name)))
    present = own.get("address", into.address)
    into.live_at(sides.joined_addresses(into.history, _dated(record), present))
    into.not_allowed = sides.joined_lists(into.not_allowed, record.get("not_allowed") or ())
    into.risks_to_visitors = sides.joined_words(into.risks_to_visitors, record.get("risks_to_visitors"))


def _dated(record: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the addresses of a record; one from before their history was kept has the present one."""
    known: Sequence[Mapping[str, Any]] = record.get("addresses") or ()
    plain = {"safe_for_letters": True, "safe_for_visits": True, "from_on": None, "until_on": None}
    return known or ([{**plain, **record["address"]}] if record.get("address") else [])


def _move_people(merge: Merge, into: Family, other: Family | None, record: Mapping[str, Any]) -> None:
    """Let whoever was only on the other record join this one, with their own id."""
    twice = {UUID(pair["merged"]) for pair in merge.people}
    for side in _SIDES:
        there = getattr(into, side)
        new = _rows(other, side, twice) if other else _written(side, record, twice, there)
        if len({one.id for one in [*there, *new] if one.left_on is None}) > _MOST[side]:
            raise Conflict(
                f"A family's record has room for {_MOST[side]} {side}. Say who is the same person, or take out who has left first."
            )
        for person in new:
            if other:
                getattr(other, side).remove(person)
            person.place = max((one.place for one in there), default=-1) + 1
            if person not in there:
                there.append(person)
        merge.remember(side, [person.id for person in new])


def _rows(other: Family, side: str, twice: set[UUID]) -> list[_Somebody]:
    return [person for person in getattr(other, side) if person.id not in twice]


def _written(side: str, record: Mapping[str, Any], twice: set[UUID], there: Sequence[_Somebody]) -> list[_Somebody]:
    """Return who was only referred as people of the registry; who came before, with a merge that was undone, comes back."""
    known = {person.id: person for person in there}
    people: list[_Somebody] = []
    for told in record[side]:
        if told["id"] not in twice:
            person = known.get(told["id"]) or _SIDES[side](id=told["id"])
            person.write(told)
            person.left_on = person.left_because = None
            people.append(person)
    return people


def _give_back(merge: Merge, into: Family, other: Family | None, at: datetime) -> None:
    """Let whoever came with the other record go back there; who has no record to go back to leaves this one, but stays readable."""
    for side in _SIDES:
        moved = set(merge.remembered(side))
        for person in [one for one in getattr(into, side) if one.id in moved]:
            if other:
                getattr(into, side).remove(person)
                getattr(other, side).append(person)
            elif person.left_on is None:
                person.leave(clock.london(at).date(), "They belong to another family: the two records were one by mistake.")


def _snapshot(family: Family) -> dict[str, Any]:
    people = _people(family)
    return {
        "family": Columns(family, *_OF_FAMILY).kept(),
        "people": {str(person.id): Columns(person, *_columns(person)).kept() for person in people},
    }


def _people(family: Family) -> list[_Somebody]:
    return [*family.parents, *family.children]


def _columns(person: _Somebody) -> tuple[str, ...]:
    return _OF_PARENT if isinstance(person, Parent) else _OF_CHILD


def _person(family: Family, person_id: UUID) -> _Somebody:
    return next(person for person in _people(family) if person.id == person_id)


def _record_of(record: Mapping[str, Any], person_id: UUID) -> Mapping[str, Any]:
    return next(person for side in _SIDES for person in record[side] if person["id"] == person_id)
