"""A family's record is changed a part at a time: each on the version at which that part was saved last."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from marshmallow import Schema

from chassis import clock
from chassis.contract import Event
from chassis.errors import Conflict, Invalid, Stale
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.models import Family, record_of
from tests import factories
from tests.unit.referrals.conftest import received

NUMBER = "9990000018"
BARRED = {"name": "Dean Marsh", "relation": "Finn's father", "may_not": ["collect"], "why": "A court order"}
SECRET = "020 7946 0001"
POINTS = [
    {"kind": "phone", "value": "07700 900123", "safe": True, "note": "Texts only"},
    {"kind": "phone", "value": SECRET, "safe": False, "note": None},
]


def registered(**details: Any) -> Family:
    loaded = contract.FamilyDetails().load(factories.as_json(contract.FamilyDetails, factories.family_details(**details)))
    return Family.from_record(new_id(), new_id(), record_of(loaded), clock.now())


def told(event: Event) -> dict[str, Any]:
    """Return what an event says."""
    data: dict[str, Any] = dict(event.data)
    return data


def asked(schema: type[Schema], family: Family, **values: Any) -> dict[str, Any]:
    """Return a loaded request on the version that the family has."""
    request = {"family_id": str(family.id), "version": family.version, **values}
    loaded: dict[str, Any] = schema().load(request)
    return loaded


def mother(family: Family, **values: Any) -> dict[str, Any]:
    """Return a request that saves the first adult."""
    plain = {"person_id": str(family.adults[0].id), "given_name": "Sinead", "family_name": "Doyle", "relationship": "MTH"}
    return asked(contract.SaveParentRequest, family, **{**plain, **values})


def newborn(family: Family, **values: Any) -> dict[str, Any]:
    """Return a request that adds a child."""
    plain = {"given_name": "Cillian", "family_name": "Doyle", "birth_date": "2026-01-02"}
    return asked(contract.SaveChildRequest, family, **{**plain, **values})


def addresses(family: Family, *lines: str) -> dict[str, Any]:
    """Return a request that leaves the family at the first of these addresses."""
    told = [{"line": line, "postcode": "SE15 5BY", "until_on": None if not place else "2024-01-01"} for place, line in enumerate(lines)]
    return asked(contract.ChangeAddressesRequest, family, addresses=told)


def test_saving_an_adult_changes_them_alone() -> None:
    family = registered()
    before = family.record()
    event = family.save_parent(mother(family, preferred_name="Nell", nhs_number="999 000 0018", gp="Lister"), clock.now())
    saved = family.record()["parents"][0]
    assert (saved["preferred_name"], saved["nhs_number"], saved["gp"]) == ("Nell", NUMBER, "Lister")
    assert saved["contact_points"] == before["parents"][0]["contact_points"]
    assert family.record()["children"] == before["children"]
    assert (event.type, event.sequence, family.name.split(" and ")[0]) == (contract.FAMILY_CHANGED, 2, "Nell Doyle")


def test_an_adult_is_something_to_each_child() -> None:
    family = registered(children=[factories.child_details(given_name=name) for name in ("Finn", "Aoife")])
    finn, aoife = family.young
    relations = [
        {"child_id": str(finn.id), "relation": "MTH", "parental_responsibility": "yes"},
        {"child_id": str(aoife.id), "relation": "STPMTH"},
    ]
    family.save_parent(mother(family, relationship=None, relations=relations), clock.now())
    (saved,) = family.record()["parents"]
    assert [(one["child_id"], one["relation"], one["parental_responsibility"]) for one in saved["relations"]] == [
        (finn.id, "MTH", "yes"),
        (aoife.id, "STPMTH", "not_known"),
    ]
    assert saved["relationship"] == "MTH"


def test_an_adult_is_to_a_new_child_what_they_are_to_children_until_it_is_said() -> None:
    family = registered(parents=[factories.parent_details(relationship="GRMTH", birth_date=None)])
    family.save_child(newborn(family), clock.now())
    assert [one["relation"] for one in family.record()["parents"][0]["relations"]] == ["GRMTH", "GRMTH"]


def test_an_adult_who_is_nothing_to_anybody_is_refused() -> None:
    family = registered()
    with pytest.raises(Exception, match="What they are to the children"):
        mother(family, relationship=None)


def test_a_relation_to_a_child_of_another_family_is_refused() -> None:
    family, other = registered(), registered()
    relations = [{"child_id": str(other.young[0].id), "relation": "MTH"}]
    with pytest.raises(Invalid) as refused:
        family.save_parent(mother(family, relations=relations), clock.now())
    assert refused.value.faults == {"relations": {"0": {"child_id": ["This child is not in this family."]}}}
    assert family.version == 1


@pytest.mark.parametrize("part", ["parent", "child", "take_out", "contact", "needs"])
def test_somebody_of_another_family_is_refused(part: str) -> None:
    family, other = registered(), registered()
    stranger = str(other.adults[0].id)
    why = {"person_id": stranger, "why": "Left"}
    tries = {
        "parent": lambda: family.save_parent(mother(family, person_id=stranger), clock.now()),
        "child": lambda: family.save_child(newborn(family, person_id=stranger), clock.now()),
        "take_out": lambda: family.take_out(asked(contract.TakeOutRequest, family, **why), clock.now()),
        "contact": lambda: family.change_contact(contact(family, people=[{"person_id": stranger}]), clock.now()),
        "needs": lambda: family.change_needs(needs(family, people=[{"person_id": stranger}]), clock.now()),
    }
    with pytest.raises(Invalid) as refused:
        tries[part]()
    assert refused.value.faults == {"person_id": ["This person is not in this family."]}
    assert family.version == 1


def test_a_parent_can_not_be_made_younger_than_their_child() -> None:
    family = registered(children=[factories.child_details(birth_date=date(2024, 7, 16))])
    with pytest.raises(Invalid) as refused:
        family.save_parent(mother(family, birth_date="2020-01-01"), clock.now())
    assert list(refused.value.faults) == ["birth_date"]
    assert family.adults[0].birth_date != date(2020, 1, 1)


def test_nobody_gets_the_nhs_number_of_somebody_else_in_the_family() -> None:
    family = registered()
    family.save_parent(mother(family, nhs_number=NUMBER), clock.now())
    with pytest.raises(Invalid) as refused:
        family.save_child(newborn(family, nhs_number=NUMBER), clock.now())
    assert list(refused.value.faults) == ["nhs_number"]
    family.save_parent(mother(family, nhs_number=NUMBER, gp="Lister"), clock.now())


def test_a_wrong_date_of_somebody_else_does_not_keep_one_from_being_saved() -> None:
    family = registered(children=[factories.child_details(birth_date=date(2024, 7, 16))])
    family.adults[0].birth_date = date(2020, 1, 1)
    grandmother = factories.as_json(contract.ParentDetails, factories.parent_details(relationship="GRMTH", birth_date=None))
    names = {name: grandmother[name] for name in ("given_name", "family_name", "relationship")}
    family.save_parent(asked(contract.SaveParentRequest, family, **names), clock.now())
    assert len(family.adults) == 2


def test_a_baby_is_born() -> None:
    due = (clock.today() + timedelta(days=30)).isoformat()
    family = registered(children=[factories.child_details(birth_date=None, given_name="", expected_date=date.fromisoformat(due))])
    assert family.name.endswith(" and expected baby")
    family.save_child(newborn(family, person_id=str(family.young[0].id), birth_date=clock.today().isoformat()), clock.now())
    assert family.name.endswith(" and Cillian")
    assert (family.young[0].birth_date, family.young[0].expected_date) == (clock.today(), None)


def test_who_is_taken_out_stays_on_record_but_is_told_of_no_more() -> None:
    family = registered(parents=[factories.parent_details(given_name="Luz"), factories.parent_details(given_name="Alex")])
    alex = family.adults[1]
    event = family.take_out(asked(contract.TakeOutRequest, family, person_id=str(alex.id), why="They parted"), clock.now())
    assert [one["given_name"] for one in told(event)["parents"]] == ["Luz"]
    assert [one["given_name"] for one in family.record()["parents"]] == ["Luz"]
    assert alex in family.parents
    assert (alex.left_on, alex.left_because) == (clock.today(), "They parted")


@pytest.mark.parametrize("side", ["adults", "young"])
def test_a_family_keeps_an_adult_and_a_child(side: str) -> None:
    family = registered()
    last = getattr(family, side)[0]
    with pytest.raises(Conflict, match="keeps at least one"):
        family.take_out(asked(contract.TakeOutRequest, family, person_id=str(last.id), why="Left"), clock.now())
    assert last.left_on is None


def test_a_family_has_room_for_so_many_and_no_more() -> None:
    family = registered(children=[factories.child_details() for _ in range(contract.MOST_CHILDREN)])
    with pytest.raises(Conflict, match="has room for 8"):
        family.save_child(newborn(family), clock.now())


def contact(family: Family, **values: Any) -> dict[str, Any]:
    safe = {"channels": ["text"], "times": None, "avoid": None}
    return asked(contract.ChangeContactRequest, family, **{"safe_contact": safe, **values})


def needs(family: Family, **values: Any) -> dict[str, Any]:
    return asked(contract.ChangeNeedsRequest, family, **{"language": "Spanish", "interpreter": True, **values})


def test_a_number_that_is_not_safe_is_kept_and_never_told() -> None:
    family = registered()
    people = [{"person_id": str(family.adults[0].id), "contact_points": POINTS}]
    event = family.change_contact(contact(family, people=people), clock.now())
    assert family.adults[0].phone == "07700 900123"
    assert SECRET in str(family.record())
    assert SECRET not in str(told(event))
    assert told(event)["safe_contact"]["channels"] == ["text"]


def test_taking_every_safe_number_away_leaves_none_to_be_told() -> None:
    family = registered()
    people = [{"person_id": str(family.adults[0].id), "contact_points": POINTS[1:]}]
    event = family.change_contact(contact(family, people=people), clock.now())
    assert told(event)["parents"][0]["phone"] is None
    assert told(event)["parents"][0]["contact_points"] == []


def test_the_others_are_told_the_present_address_only() -> None:
    family = registered()
    event = family.change_addresses(addresses(family, "14 Rye Lane", "3 Harper Road"), clock.now())
    assert told(event)["address"]["line"] == "14 Rye Lane"
    assert "Harper" not in str(told(event))
    assert [one["line"] for one in family.record()["addresses"]] == ["14 Rye Lane", "3 Harper Road"]


def test_the_others_are_not_told_an_address_at_which_nothing_is_safe_but_that_it_is_not() -> None:
    family = registered()
    home = {"line": "14 Rye Lane", "postcode": "SE15 5BY", "safe_for_letters": False, "safe_for_visits": False}
    event = family.change_addresses(asked(contract.ChangeAddressesRequest, family, addresses=[home]), clock.now())
    home = told(event)["address"]
    assert (home["line"], home["postcode"], home["safe_for_visits"]) == (None, None, False)
    assert family.address == {"line": "14 Rye Lane", "postcode": "SE15 5BY"}


def test_what_each_of_them_needs_is_kept_and_told() -> None:
    family = registered()
    people = [{"person_id": str(family.young[0].id), "access_needs": "A quiet corner"}]
    event = family.change_needs(needs(family, people=people), clock.now())
    assert (told(event)["language"], told(event)["interpreter"]) == ("Spanish", True)
    assert told(event)["children"][0]["access_needs"] == "A quiet corner"


def test_who_may_not_collect_is_told_without_the_reason() -> None:
    family = registered()
    request = asked(contract.ChangeSafetyRequest, family, not_allowed=[BARRED], risks_to_visitors="A large dog")
    event = family.change_safety(request, clock.now())
    assert told(event)["not_allowed"] == [{"name": "Dean Marsh", "relation": "Finn's father", "may_not": ["collect"]}]
    assert told(event)["risks_to_visitors"] == "A large dog"
    assert family.record()["not_allowed"] == [BARRED]


def test_the_others_are_never_told_what_they_can_do_without() -> None:
    private = {"nhs_number": NUMBER, "ethnicity": "N", "gp": "Lister Primary Care Centre"}
    family = registered(parents=[factories.parent_details(**private)])
    sent = str(contract.FamilyFacts().dump(told(family.registered())))
    assert not any(value in sent for value in (NUMBER, "Lister", "ethnicity", "nhs_number"))
    assert contract.FamilyFacts().validate(contract.FamilyFacts().dump(told(family.registered()))) == {}


def test_two_people_save_two_parts_at_once() -> None:
    family = registered()
    first, second = needs(family), addresses(family, "14 Rye Lane")
    family.change_needs(first, clock.now())
    family.change_addresses(second, clock.now())
    assert (family.version, family.language, family.record()["addresses"][0]["line"]) == (3, "Spanish", "14 Rye Lane")


def test_a_part_that_somebody_else_saved_first_is_refused_with_both_versions() -> None:
    family = registered(language="English")
    first, second = needs(family, language="Irish"), needs(family, language="Welsh")
    family.change_needs(first, clock.now())
    with pytest.raises(Stale) as refused:
        family.change_needs(second, clock.now())
    assert (refused.value.facts["yours"]["language"], refused.value.facts["theirs"]["language"]) == ("Welsh", "Irish")
    assert refused.value.facts["theirs"]["version"] == 2
    assert refused.value.to_wire()


def test_two_people_change_two_people_at_once_but_not_one() -> None:
    family = registered(parents=[factories.parent_details(given_name="Luz"), factories.parent_details(given_name="Alex")])
    luz = mother(family, given_name="Lucia")
    alex = mother(family, person_id=str(family.adults[1].id), given_name="Alexis")
    family.save_parent(luz, clock.now())
    family.save_parent(alex, clock.now())
    with pytest.raises(Stale):
        family.save_parent({**luz, "given_name": "Luz"}, clock.now())


def test_a_child_that_two_people_add_at_once_is_added_once() -> None:
    family = registered()
    twice = newborn(family)
    family.save_child(twice, clock.now())
    with pytest.raises(Stale):
        family.save_child(twice, clock.now())
    assert len(family.young) == 2


def test_a_change_of_the_whole_record_makes_every_part_stale() -> None:
    family = registered()
    older = [needs(family), addresses(family, "2 Long Lane")]
    record = {name: value for name, value in family.record().items() if name != "name"}
    whole = contract.ChangeFamilyRequest().dump({**record, "family_id": family.id, "version": 1})
    family.change(contract.ChangeFamilyRequest().load(whole), clock.now())
    for change, request in zip((family.change_needs, family.change_addresses), older, strict=True):
        with pytest.raises(Stale):
            change(request, clock.now())


def test_a_change_of_a_version_that_is_not_there_yet_is_refused() -> None:
    family = registered()
    with pytest.raises(Stale):
        family.change_needs({**needs(family), "version": 7}, clock.now())


def test_who_sends_only_what_they_know_leaves_the_rest_of_the_record() -> None:
    family = registered(parents=[factories.parent_details(nhs_number=NUMBER, gp="Lister", contact_points=POINTS, phone=None, email=None)])
    family.change_safety(asked(contract.ChangeSafetyRequest, family, not_allowed=[BARRED]), clock.now())
    one, young = family.adults[0], family.young[0]
    old_fashioned = {
        "parents": [{"id": str(one.id), "given_name": "Sinead", "family_name": "Doyle", "relationship": "MTH", "phone": "07700 900999"}],
        "children": [{"id": str(young.id), "given_name": "Finn", "family_name": "Doyle", "birth_date": "2024-07-16"}],
        "language": "English", "interpreter": False, "safe_contact": {"channels": ["text"]}, "address": {"postcode": "SE1 4PT"},
    }  # fmt: skip
    family.change(asked(contract.ChangeFamilyRequest, family, **old_fashioned), clock.now())
    saved = family.record()
    assert (saved["parents"][0]["nhs_number"], saved["parents"][0]["gp"], saved["not_allowed"]) == (NUMBER, "Lister", [BARRED])
    assert [(point["value"], point["safe"]) for point in saved["parents"][0]["contact_points"]] == [("07700 900999", True), (SECRET, False)]
    assert saved["addresses"][0]["postcode"] == "SE1 4PT"
    assert saved["addresses"][1]["until_on"] == clock.today()


def test_a_record_from_before_it_was_kept_in_full_reads_as_one() -> None:
    family = registered()
    family.addresses, family.saved_at = [], {}
    family.adults[0].contact_points, family.adults[0].relations = [], []
    record = family.record()
    assert record["addresses"][0]["postcode"] == record["address"]["postcode"]
    assert record["parents"][0]["contact_points"][0]["value"] == record["parents"][0]["phone"]
    assert record["parents"][0]["relations"][0]["relation"] == record["parents"][0]["relationship"]


def test_a_risk_that_was_said_at_referral_is_in_the_record_from_the_first_day() -> None:
    family = received(risks_to_visitors="A large dog").register_family(clock.now())
    assert told(family.registered())["risks_to_visitors"] == "A large dog"


class SomePeople(RuleBasedStateMachine):
    """Several people save parts of one record, each on the version that they opened last."""

    PARTS = ("needs", "addresses")

    @initialize()
    def begin(self) -> None:
        self.family = registered(language="English")
        self.opened = {"Ruth": 1, "Amina": 1}
        self.saved = dict.fromkeys(self.PARTS, 1)

    @rule(who=st.sampled_from(["Ruth", "Amina"]))
    def open(self, who: str) -> None:
        self.opened[who] = self.family.version

    @rule(who=st.sampled_from(["Ruth", "Amina"]), part=st.sampled_from(PARTS))
    def save(self, who: str, part: str) -> None:
        request = needs(self.family) if part == "needs" else addresses(self.family, f"{self.family.version} Rye Lane")
        change = self.family.change_needs if part == "needs" else self.family.change_addresses
        older = {**request, "version": self.opened[who]}
        if self.opened[who] >= self.saved[part]:
            self.saved[part] = change(older, clock.now()).sequence
            return
        with pytest.raises(Stale):
            change(older, clock.now())

    @invariant()
    def every_change_that_was_saved_counts_once(self) -> None:
        assert self.family.version == max(self.saved.values())


TestSomePeople = SomePeople.TestCase
TestSomePeople.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)
