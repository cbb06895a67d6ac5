"""Copies end as the newest version of what they copy, in whatever order its versions arrive."""

from itertools import permutations
from typing import Any
from uuid import UUID

import eventlet
import pytest

from chassis.caller import Caller
from chassis.database import open_work
from chassis.ids import new_id
from services.assessments.models import FamilyCopy
from services.assessments.repository import Work
from tests.support.desk import Desk


def hear(desk: Desk, borough_id: UUID, family_id: UUID, version: int) -> bool:
    with open_work(Work, desk.databases["assessments"], Caller.service("assessments", borough_id)) as work:
        name = f"Version {version}"
        if version == 0:
            work.families.name_only(family_id, name)
            return True
        return work.families.hear(family_id, version, name=name, document={"name": name})


def kept(desk: Desk, borough_id: UUID, family_id: UUID) -> FamilyCopy:
    with open_work(Work, desk.databases["assessments"], Caller.service("assessments", borough_id)) as work:
        return work.families.get(family_id)


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_the_newest_version_stands_whatever_the_order(both: Desk, southwark: UUID, order: tuple[int, ...]) -> None:
    family_id = new_id()
    for version in order:
        hear(both, southwark, family_id, version)
    family = kept(both, southwark, family_id)
    assert (family.sequence, family.name, family.document) == (3, "Version 3", {"name": "Version 3"})


def test_a_version_heard_twice_is_no_news_the_second_time(both: Desk, southwark: UUID) -> None:
    family_id = new_id()
    assert [hear(both, southwark, family_id, version) for version in (2, 2, 1, 3, 3)] == [True, False, False, True, False]


def test_versions_heard_at_once_end_as_the_newest(both: Desk, southwark: UUID) -> None:
    family_id = new_id()
    threads = [eventlet.spawn(hear, both, southwark, family_id, version) for version in (1, 5, 2, 4, 3, 5, 1)]
    for thread in threads:
        thread.wait()
    assert kept(both, southwark, family_id).sequence == 5


def test_a_name_alone_never_replaces_what_is_known(both: Desk, southwark: UUID) -> None:
    family_id = new_id()
    hear(both, southwark, family_id, 1)
    hear(both, southwark, family_id, 0)
    assert kept(both, southwark, family_id).name == "Version 1"


def test_the_same_family_in_two_boroughs_is_two(both: Desk, southwark: UUID, neighbour: Caller) -> None:
    family_id: Any = new_id()
    hear(both, southwark, family_id, 1)
    hear(both, neighbour.borough_id, family_id, 2)
    assert (kept(both, southwark, family_id).sequence, kept(both, neighbour.borough_id, family_id).sequence) == (1, 2)
