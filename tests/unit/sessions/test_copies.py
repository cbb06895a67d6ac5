"""The copies that the register needs of families and collection runs."""

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
    assert set(Family.values(family_facts())) == {"name", "surname", "members", "language", "interpreter"}
    assert set(copied().members[0]) == {"id", "kind", "given_name", "family_name", "birth_date"}


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
