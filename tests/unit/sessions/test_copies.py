"""The copies that the register needs of families and collection runs."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.ids import new_id
from services.outreach.contract import RUN_ARRANGED
from services.referrals.contract import FAMILY_REGISTERED
from services.sessions.models import CollectionRun, Expected, Family
from tests.support.families import family_facts
from tests.support.groups import BOROUGH, at


def copied(**changed: Any) -> Family:
    """Return the copy that a family's event leaves."""
    facts = FAMILY_REGISTERED.schema().load(FAMILY_REGISTERED.schema().dump(family_facts(**changed)))
    return Family(borough_id=BOROUGH, id=facts["family_id"], sequence=1, **Family.values(facts))


def test_a_copy_knows_who_may_come_parents_first() -> None:
    facts = family_facts()
    family = copied(**facts)
    assert family.people_ids == [person["id"] for person in (*facts["parents"], *facts["children"])]
    assert [person["kind"] for person in family.people] == ["parent"] * len(facts["parents"]) + ["child"] * len(facts["children"])
    assert family.people[-1]["birth_date"] == facts["children"][-1]["birth_date"]


def test_a_copy_holds_nothing_that_the_register_does_not_need() -> None:
    assert set(Family.values(family_facts())) == {"name", "surname", "members", "language", "interpreter", "to_know"}
    assert set(copied().members[0]) == {"id", "kind", "given_name", "family_name", "preferred_name", "birth_date"}
    assert copied().to_know == {}


BABY = {"id": new_id(), "given_name": "", "family_name": "", "birth_date": None, "expected_date": date(2027, 1, 3)}
BARRED = {"name": "Dean Marsh", "relation": "Finn's father", "may_not": ["collect"]}


def expecting(**changed: Any) -> Family:
    """Return the copy of a family that expects a baby and must be treated with care."""
    facts = family_facts(**changed)
    facts["parents"][0] |= {"preferred_name": "Nell", "access_needs": "Step-free access"}
    return copied(**{**facts, "children": [*facts["children"], BABY], "not_allowed": [BARRED]})


def test_a_copy_knows_who_may_not_collect_what_is_needed_and_which_baby_is_expected() -> None:
    family = expecting()
    assert family.not_allowed == [BARRED]
    assert family.access_needs == [{"name": "Nell", "needs": "Step-free access"}]
    assert family.expected_on == [date(2027, 1, 3)]
    assert family.people[0]["preferred_name"] == "Nell"


def test_a_baby_that_is_expected_can_not_come_yet() -> None:
    assert BABY["id"] not in expecting().people_ids


def test_a_copy_from_before_these_things_were_told_says_nothing_of_them() -> None:
    family = copied()
    family.to_know = {}
    family.members = [{name: value for name, value in member.items() if name != "preferred_name"} for member in family.members]
    assert (family.not_allowed, family.access_needs, family.expected_on) == ([], [], [])
    assert family.people[0]["preferred_name"] is None


def test_why_somebody_may_not_collect_stays_in_the_registry() -> None:
    facts = FAMILY_REGISTERED.schema().dump(family_facts(not_allowed=[{**BARRED, "why": "A court order"}]))
    assert facts["not_allowed"] == [BARRED]


def test_a_family_is_sorted_by_its_first_parent() -> None:
    facts = family_facts()
    assert copied(**facts).surname == facts["parents"][0]["family_name"]


def test_a_family_that_is_not_known_yet_still_has_a_line() -> None:
    line = Expected(new_id(), new_id())
    assert line.name == "A family (details on their way)"
    assert line.people_ids == []


def test_a_run_is_known_by_family() -> None:
    family_id, session_id = new_id(), new_id()
    stops = [{"family_id": family_id, "state": "collected", "pick_up_at": at(9, 35)}]
    facts = RUN_ARRANGED.schema().load(RUN_ARRANGED.schema().dump({"session_id": session_id, "stops": stops}))
    run = CollectionRun(borough_id=BOROUGH, id=UUID(int=1), sequence=2, **CollectionRun.values(facts))
    assert run.session_id == session_id
    assert run.by_family() == {family_id: {"state": "collected", "at": at(9, 35)}}
