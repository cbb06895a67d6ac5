"""Groups, sessions, places and registers to test rules on, without a database."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from chassis.ids import new_id
from services.sessions.models import By, Expected, Family, Group, Mark, Place, Register, Session
from services.sessions.models.calendar import at_wall_time

BOROUGH = UUID("00000000-0000-4000-8000-0000000050c4")
TUESDAY = date(2025, 3, 4)
"""The day that tests happen on: an ordinary Tuesday in term."""

NEW_GROUP: dict[str, Any] = {
    "name": "Peckham Tuesday", "venue_id": UUID(int=7), "room": "Garden room", "weekday": "1", "starts_at": time(10),
    "ends_at": time(11, 30), "starts_on": TUESDAY, "capacity": 8, "meets_on_bank_holidays": False,
}  # fmt: skip


def a_group(*, today: date = TUESDAY, **changed: Any) -> Group:
    """Return a group that meets on Tuesdays at ten."""
    group = Group.new({**NEW_GROUP, **changed}, today=today)
    group.borough_id = BOROUGH
    return group


def a_session(group: Group | None = None, on: date = TUESDAY) -> Session:
    """Return a session of a group whose register is on its first version."""
    return Session(
        borough_id=BOROUGH, version=1, group_id=group.id if group else new_id(), on=on,
        starts_at=at_wall_time(on, time(10)), ends_at=at_wall_time(on, time(11, 30)),
    )  # fmt: skip


def a_place(status: str = "waiting", group: Group | None = None, **columns: Any) -> Place:
    """Return a place as it is kept."""
    place = Place.asked(BOROUGH, new_id(), at=at_wall_time(TUESDAY, time(9)))
    place.status, place.version = status, 1
    place.group_id = group.id if group else None
    for name, value in columns.items():
        setattr(place, name, value)
    return place


def a_family(parent: str = "Sinead", surname: str = "Doyle", *children: str) -> Family:
    """Return the copy of a family of one parent and some children, by default one."""
    names = children or ("Finn",)
    people = [{"id": str(new_id()), "kind": "parent", "given_name": parent, "family_name": surname, "birth_date": None}]
    people += [
        {"id": str(new_id()), "kind": "child", "given_name": name, "family_name": surname, "birth_date": "2022-11-20"} for name in names
    ]
    return Family(
        borough_id=BOROUGH, sequence=1, name=f"{parent} {surname} and {' and '.join(names)}", surname=surname, members=people,
        language="English", interpreter=False,
    )  # fmt: skip


def expected(family: Family, *, history: Sequence[str] = (), **more: Any) -> Expected:
    """Return a family's line on a register."""
    return Expected(family.id, new_id(), family, history, **more)


def a_register(*families: Family, group: Group | None = None, marks: Sequence[Mark] = ()) -> Register:
    """Return the register of a session on which these families are expected."""
    group = group or a_group()
    return Register(a_session(group), group, [expected(family) for family in families], marks)


def given(family: Family | Expected | UUID, mark: str, **more: Any) -> dict[str, Any]:
    """Return a loaded `GivenMark`."""
    family_id = family if isinstance(family, UUID) else family.family_id if isinstance(family, Expected) else family.id
    return {"family_id": family_id, "mark": mark, "people": None, "arrived_at": None, "left_at": None, "was": None, **more}


def by(name: str = "Amina Khan", *, minutes: int = 2, on: date = TUESDAY) -> By:
    """Return a facilitator so many minutes after ten on a day."""
    return By(name, at_wall_time(on, time(10)) + timedelta(minutes=minutes))


def at(hour: int, minute: int = 0, *, on: date = TUESDAY) -> datetime:
    """Return the moment at which London's clocks show a time."""
    return at_wall_time(on, time(hour, minute))
