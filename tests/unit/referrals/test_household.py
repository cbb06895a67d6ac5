"""Who can be a family together: parents older than their children, one NHS number a person, babies that are still to come."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis import clock
from services.referrals import contract
from services.referrals.contract import household_faults, person_faults, relation_to
from services.referrals.contract.person import EXPECTED_BABY, LONGEST_NAME
from tests import factories

NUMBER = "9990000018"
FORTY = " ".join(f"Maria{part}" for part in range(40))
NAMES = [
    "\U0001f469\u200d\U0001f467 Nell",
    factories.PARENT_NAMES[6][0],
    factories.PARENT_NAMES[12][0],
    "Nguyễn Thị",
    "O'Sullivan-Ó Súilleabháin",
    "X Æ A-12",
    FORTY,
]


def faults_of(**changed: Any) -> dict[str, Any]:
    """Return what is wrong with a referral's family."""
    body = factories.as_json(contract.FamilyDetails, factories.family_details(**changed))
    found: dict[str, Any] = contract.FamilyDetails().validate(body)
    return found


def parent(born: date | None, relationship: str = "MTH", **more: Any) -> dict[str, Any]:
    return factories.parent_details(birth_date=born, relationship=relationship, **more)


def child(born: date | None, **more: Any) -> dict[str, Any]:
    return factories.child_details(birth_date=born, **more)


@pytest.mark.parametrize("relationship", ["MTH", "FTH", "NMTH", "NFTH"])
@pytest.mark.parametrize("born", [date(2025, 1, 1), date(2024, 7, 16), date(2014, 7, 17)])
def test_a_birth_parent_is_ten_years_older_than_their_child(relationship: str, born: date) -> None:
    found = faults_of(parents=[parent(born, relationship)], children=[child(date(2024, 7, 16))])
    assert found == {
        "parents": {0: {"birth_date": ["Date of birth: a parent is at least ten years older than their child. Check both dates."]}}
    }


@pytest.mark.parametrize("relationship", ["MTHFOST", "STPFTH", "SIS", "GRMTH", "ADOPTM"])
def test_somebody_else_who_brings_a_child_may_be_of_any_age(relationship: str) -> None:
    assert faults_of(parents=[parent(date(2016, 1, 1), relationship)], children=[child(date(2024, 7, 16))]) == {}


def test_a_parent_may_be_ten_years_older_to_the_day() -> None:
    assert faults_of(parents=[parent(date(2014, 7, 16))], children=[child(date(2024, 7, 16))]) == {}


def test_a_mother_to_one_and_a_sister_to_another_is_as_old_as_she_is() -> None:
    relations = [{"child": 0, "relation": "MTH"}, {"child": 1, "relation": "SIS"}]
    young = parent(date(2008, 1, 1), relations=relations)
    children = [child(clock.today() - timedelta(days=200)), child(date(2015, 1, 1))]
    assert household_faults([young], children) == {}
    assert household_faults([{**young, "relations": list(reversed(relations))}], children) == {}
    assert household_faults([{**young, "relations": []}], children)


@given(st.dates(date(1950, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 2), date(2026, 1, 1)))
def test_a_parent_and_a_child_are_believed_exactly_from_ten_years_on(born: date, later: date) -> None:
    years = later.year - born.year - ((later.month, later.day) < (born.month, born.day))
    faults = household_faults([parent(born)], [child(later)])
    if years >= 11:
        assert faults == {}
    if years <= 8:
        assert list(faults) == ["parents"]


def test_nobody_is_judged_by_a_birthday_that_is_not_known() -> None:
    assert faults_of(parents=[parent(None)], children=[child(date(2024, 7, 16))]) == {}


def test_an_expected_baby_has_parents_who_are_older_too() -> None:
    baby = {"birth_date": None, "expected_date": clock.today() + timedelta(days=90), "given_name": "", "family_name": ""}
    assert list(household_faults([parent(clock.today() - timedelta(days=9 * 365))], [baby])) == ["parents"]


def test_two_people_of_one_family_never_have_one_nhs_number() -> None:
    shared = {"nhs_number": NUMBER}
    two_parents = faults_of(parents=[parent(None, **shared), parent(None, **{**shared, "given_name": "Alex"})])
    assert list(two_parents["parents"]) == [1]
    with_child = faults_of(parents=[parent(None, **shared)], children=[child(date(2024, 7, 16), **shared)])
    assert with_child == {
        "children": {0: {"nhs_number": ["NHS number: two people of this family have this number. Nobody shares one: check both."]}}
    }


def test_twins_have_a_number_each() -> None:
    twins = [child(date(2024, 7, 16), nhs_number=number) for number in (NUMBER, "9990000026")]
    assert faults_of(children=twins) == {}


def test_one_person_is_held_against_the_others_whichever_side_they_are_on() -> None:
    mother, finn = parent(date(1995, 7, 16), nhs_number=NUMBER), child(date(2024, 7, 16))
    assert list(person_faults("children", {**finn, "nhs_number": NUMBER}, [mother], [])) == ["nhs_number"]
    assert list(person_faults("children", {**finn, "birth_date": date(1994, 1, 1)}, [mother], [])) == ["birth_date"]
    assert list(person_faults("parents", {**mother, "birth_date": date(2020, 1, 1)}, [], [finn])) == ["birth_date"]
    assert person_faults("parents", mother, [], [finn]) == {}


def test_what_somebody_is_to_a_child_is_said_child_by_child() -> None:
    finn, aoife = {"id": "1"}, {"id": "2"}
    somebody = {"relationship": "STPFTH", "relations": [{"child_id": "2", "relation": "FTH"}]}
    assert (relation_to(somebody, 0, finn), relation_to(somebody, 1, aoife)) == ("STPFTH", "FTH")


@pytest.mark.parametrize("name", NAMES)
def test_any_name_that_somebody_has_is_kept_as_it_is(name: str) -> None:
    loaded = contract.ParentDetails().load({"given_name": name, "family_name": name, "relationship": "MTH", "preferred_name": name})
    assert (loaded["given_name"], loaded["preferred_name"]) == (name, name)


@pytest.mark.parametrize("turned", ["\u202a{}\u202c", "\u202e{}", "\u2067{}\u2069", "\u202b\u202a{}"])
def test_what_would_turn_the_writing_of_a_page_is_no_part_of_a_name_or_number(turned: str) -> None:
    sent = {"given_name": turned.format("Sinead"), "family_name": "Doyle", "relationship": "MTH", "phone": turned.format("07700 900123")}
    loaded = contract.ParentDetails().load(sent)
    assert (loaded["given_name"], loaded["phone"]) == ("Sinead", "07700 900123")


def test_a_name_of_forty_parts_is_kept_whole_and_cut_short_where_a_family_is_named() -> None:
    assert len(FORTY.split()) == 40
    assert len(FORTY) < LONGEST_NAME
    called = contract.family_name([{"given_name": FORTY, "family_name": FORTY}], [{"given_name": FORTY}] * 8)
    assert len(called) <= 2000
    assert called.startswith("Maria0 Maria1 ")
    assert "\u2026" in called


def test_a_name_may_not_be_longer_than_any_real_one() -> None:
    with pytest.raises(ValidationError) as refused:
        contract.ParentDetails().load({"given_name": "a" * (LONGEST_NAME + 1), "family_name": "b", "relationship": "MTH"})
    assert refused.value.messages_dict["given_name"] == ["First name: use 400 characters or fewer."]


def test_a_family_is_called_by_the_names_that_its_people_like() -> None:
    somebody = {"given_name": "Sinead", "preferred_name": "Nell", "family_name": "Doyle"}
    assert contract.family_name([somebody], [{"given_name": "Maximilian", "preferred_name": "Max"}]) == "Nell Doyle and Max"


def expected(on: date | None, **more: Any) -> dict[str, Any]:
    return {"expected_date": on and on.isoformat(), **more}


def test_a_baby_that_is_expected_needs_no_name() -> None:
    loaded = contract.ChildDetails().load(expected(clock.today() + timedelta(days=60)))
    assert (loaded["given_name"], loaded["family_name"], loaded["birth_date"]) == ("", "", None)
    assert contract.called(loaded) == EXPECTED_BABY
    assert contract.family_name([{"given_name": "Luz", "family_name": "Castillo"}], [loaded]) == "Luz Castillo and expected baby"


@pytest.mark.parametrize("days", [-59, 0, 299])
def test_a_baby_is_expected_within_ten_months_or_a_little_late(days: int) -> None:
    assert contract.ChildDetails().validate(expected(clock.today() + timedelta(days=days))) == {}


@pytest.mark.parametrize("days", [-61, 302, 4000])
def test_a_due_date_that_can_not_be_is_refused(days: int) -> None:
    assert list(contract.ChildDetails().validate(expected(clock.today() + timedelta(days=days)))) == ["expected_date"]


def test_a_child_without_any_date_is_refused_with_both_ways_out() -> None:
    (fault,) = contract.ChildDetails().validate({"given_name": "Finn", "family_name": "Doyle"})["birth_date"]
    assert "give the date it is expected" in fault


def test_a_born_child_has_a_name_and_is_no_longer_expected() -> None:
    born = {"birth_date": "2024-07-16", **expected(clock.today())}
    assert list(contract.ChildDetails().validate(born)) == ["given_name", "family_name"]
    assert contract.ChildDetails().load({**born, "given_name": "Finn", "family_name": "Doyle"})["expected_date"] is None


def test_ethnic_group_is_asked_and_may_be_declined() -> None:
    assert contract.ETHNICITIES["Z"] == "They would rather not say"
    assert list(contract.ETHNICITIES)[-2:] == ["Z", "99"]
    assert len(contract.ETHNICITIES) == 21
    assert not contract.ParentDetails().fields["ethnicity"].required


def test_a_locally_kept_group_has_an_official_one() -> None:
    assert {code: contract.ETHNICITIES[sent] for code, sent in contract.ETHNICITY_SENT_AS.items()} == {
        "T": "Any other White background",
        "U": "Any other White background",
        "V": "Any other ethnic group",
    }
