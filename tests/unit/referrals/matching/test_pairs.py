"""Pairs of families as they come in a borough, each with what a person who knows them would say."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.referrals.matching import Household, Match, compared, household

HOME: dict[str, Any] = {"line": "Flat 3, 12 Gloucester Grove", "postcode": "SE15 5LX"}
BORN = date(1992, 4, 17)
TODDLER = date(2024, 3, 5)


def parent(given: str = "Amina", family: str = "Begum", born: date | None = BORN, **more: Any) -> dict[str, Any]:
    return {"id": uuid4(), "given_name": given, "family_name": family, "birth_date": born, **more}


def child(given: str = "Yusuf", family: str = "Begum", born: date | None = TODDLER, **more: Any) -> dict[str, Any]:
    return {"id": uuid4(), "given_name": given, "family_name": family, "birth_date": born, **more}


def home(*people: dict[str, Any], children: list[dict[str, Any]] | None = None, **address: Any) -> Household:
    there = {"line": address.get("line"), "postcode": address.get("postcode")} if address else None
    return household(uuid4(), {"parents": list(people), "children": children or [], "address": there})


def codes(found: Match) -> set[str]:
    return {reason.code for reason in found.reasons}


def level(one: Household, other: Household) -> str:
    return compared(one, other).level


# --- one family ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(parent(), parent(), id="the very same"),
        pytest.param(parent(), parent("Aminah", "Begam"), id="spelt otherwise"),
        pytest.param(parent("Seán", "Doyle"), parent("Shaun", "Doyle"), id="by sound"),
        pytest.param(parent("Mohammed", "Khan"), parent("Muhamad", "Kahn"), id="by sound, both names"),
        pytest.param(parent("Oluwaseun", "Adebayo"), parent("Seun", "Adébáyọ̀"), id="shortened, and with its accents"),
        pytest.param(parent("Nguyễn", "Hạnh"), parent("Hanh", "Nguyen"), id="last name first"),
        pytest.param(parent("Rose", "Mensah"), parent("Rose", "Mensah", date(1992, 4, 7)), id="one digit of the birthday left out"),
        pytest.param(parent("Rose", "Owusu", date(1992, 4, 11)), parent("Rose", "Owusu", date(1992, 11, 4)), id="day and month swapped"),
        pytest.param(parent("Priya", "Raghunathan"), parent("Priya", "Raghunathan-Cole"), id="double-barrelled after a wedding"),
        pytest.param(parent("Priya", "Raghunathan"), parent("Priya", "Cole"), id="another last name after a wedding"),
        pytest.param(parent("فاطمة", "الزهراء"), parent("فاطمة", "الزهراء"), id="from right to left"),
        pytest.param(parent("Margaret", "Doyle", preferred_name="Peggy"), parent("Peggy", "Doyle"), id="by the name she prefers"),
    ],
)
def test_one_parent_written_twice_is_likely_one_family(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert level(home(one), home(other)) == "likely"


def test_the_same_child_with_the_other_parent_is_likely_one_family() -> None:
    found = compared(home(parent(), children=[child()]), home(parent("Tariq", "Aziz", date(1990, 1, 9)), children=[child()]))
    assert (found.level, len(found.people)) == ("likely", 1)


def test_a_mother_with_her_next_baby_is_likely_one_family() -> None:
    later = child("Maryam", born=date(2026, 9, 1))
    found = compared(home(parent(), children=[child()]), home(parent(), children=[later]))
    assert (found.level, len(found.people)) == ("likely", 1)
    assert not codes(found) & {"child.given.same", "child.born.same"}


def test_an_expected_baby_may_be_the_child_born_when_it_was_due() -> None:
    expected = child("", born=None, expected_date=date(2026, 8, 20))
    born = child("Maryam", born=date(2026, 9, 1))
    found = compared(home(parent(), children=[expected]), home(parent(), children=[born]))
    assert (expected["id"], born["id"]) in found.people
    assert "child.born.due" in codes(found)


def test_an_expected_baby_is_not_the_child_born_years_before() -> None:
    expected = child("Baby", born=None, expected_date=date(2026, 8, 20))
    found = compared(home(parent(), children=[expected]), home(parent(), children=[child()]))
    assert (expected["id"], child()["id"]) not in found.people
    assert len(found.people) == 1


def test_an_nhs_number_speaks_for_itself_when_the_names_do_not_speak_against_it() -> None:
    one, other = parent(born=None, nhs_number="9990000018"), parent("Amina", "Choudhury", born=None, nhs_number="999 000 0018")
    assert level(home(one), home(other)) == "likely"


# --- two families that look like one ---------------------------------------------------------------------------------------


def test_twins_are_two_children_of_one_family() -> None:
    ann, ben = child("Ann"), child("Ben")
    found = compared(home(parent(), children=[ann], **HOME), home(parent(), children=[ben], **HOME))
    assert found.level == "likely"
    assert (ann["id"], ben["id"]) not in found.people
    assert "twins" in codes(found)


def test_both_twins_are_matched_each_with_itself() -> None:
    ones, others = [child("Hassan"), child("Hussein")], [child("Hussein"), child("Hassan")]
    found = compared(home(parent(), children=ones), home(parent(), children=others))
    assert {(ones[0]["id"], others[1]["id"]), (ones[1]["id"], others[0]["id"])} <= set(found.people)


def test_children_born_on_one_day_with_one_last_name_and_other_parents_are_nobodys_match() -> None:
    one = home(parent("Rose", "Khan", date(1990, 2, 3)), children=[child("Ali", "Khan")])
    other = home(parent("Sadia", "Khan", date(1995, 7, 1)), children=[child("Zara", "Khan")])
    assert level(one, other) == "unlikely"


def test_father_and_son_of_one_name_in_one_home_are_two_people() -> None:
    older = home(parent("John", "Smith", date(1961, 5, 2)), children=[child("Leo", "Smith", date(2024, 1, 9))], **HOME)
    younger = home(parent("John", "Smith", date(1993, 8, 30)), children=[child("Max", "Smith", date(2025, 2, 1))], **HOME)
    found = compared(older, younger)
    assert (found.level, found.people) == ("unlikely", ())
    assert "generations" in codes(found)


def test_a_usual_name_alone_is_worth_a_look_and_no_more() -> None:
    assert level(home(parent("Maria", "Silva", None)), home(parent("Maria", "Silva", None))) == "possible"


def test_one_name_with_another_birthday_is_nobodys_match() -> None:
    assert level(home(parent("Maria", "Silva", date(1990, 3, 8))), home(parent("Maria", "Silva", date(1994, 12, 25)))) == "unlikely"


def test_people_of_whom_only_the_first_of_january_is_known_are_worth_a_look_at_most() -> None:
    one, other = parent("Ahmed", "Mohamed", date(1990, 1, 1)), parent("Ahmad", "Mohamad", date(1990, 1, 1))
    assert compared(home(one), home(other)).score < compared(home({**one, "birth_date": BORN}), home({**other, "birth_date": BORN})).score
    assert level(home(one), home(other)) == "possible"


def test_first_names_alone_are_nobodys_match_however_many() -> None:
    one = home(parent("Priya", "Patel", None), parent("Alex", "Patel", None), children=[child("Dev", "Patel", date(2025, 5, 29))])
    other = home(parent("Priya", "Grant", None), parent("Alex", "Grant", None), children=[child("Dev", "Grant", date(2025, 9, 27))])
    assert level(one, other) == "unlikely"


def test_two_babies_expected_weeks_apart_are_two() -> None:
    one, other = (
        home(parent("Eve", "Stone", None), children=[child("", "Stone", None, expected_date=on)])
        for on in (date(2027, 1, 12), date(2027, 2, 21))
    )
    assert "child.born.due" not in codes(compared(one, other))


def test_neighbours_are_nobodys_match() -> None:
    assert level(home(parent(), **HOME), home(parent("Grace", "Owusu", date(1988, 9, 9)), **HOME)) == "unlikely"


@pytest.mark.parametrize("line", ["Room 4, Lambeth Women's Refuge", "Camberwell Hostel", "Travelodge, Old Kent Road"])
def test_an_institution_says_next_to_nothing(line: str) -> None:
    one, other = parent("Maria", "Silva", None), parent("Mariana", "Silva", None)
    shared = compared(home(one, line=line, postcode="SE5 0AA"), home(other, line=line, postcode="SE5 0AA"))
    apart = compared(home(one), home(other))
    assert 0 < shared.score - apart.score <= 10
    assert "address.institution" in codes(shared)


def test_an_address_says_less_the_more_families_share_it() -> None:
    one, other = home(parent(), **HOME), home(parent("Grace", "Owusu", date(1988, 9, 9)), **HOME)
    scores = [compared(one, other, {"SE155LX": families}).score for families in (2, 4, 16, 200, 5000)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 70
    assert scores[-1] == 0


def test_another_flat_of_the_same_house_says_less_than_the_same_door() -> None:
    one, other = "Flat 3, 12 Gloucester Grove", "Flat 9, 12 Gloucester Grove"
    block = compared(home(parent(), line=one, postcode="SE15 5LX"), home(parent("Eve"), line=other, postcode="SE15 5LX"))
    assert "address.building" in codes(block)
    assert level(home(parent(), **HOME), home(parent("Eve", "Stone", None), line=other, postcode="SE15 5LX")) == "unlikely"


def test_a_phone_that_a_whole_hostel_gives_says_nothing() -> None:
    one, other = parent(phone="020 7946 0100"), parent("Grace", "Owusu", date(1988, 9, 9), phone="+44 20 7946 0100")
    assert "phone" in codes(compared(home(one), home(other)))
    assert compared(home(one), home(other)).score == 80
    assert compared(home(one), home(other), {"2079460100": 2000}).score == 0


def test_one_home_and_one_phone_without_one_person_in_common_is_worth_a_look_but_never_likely() -> None:
    one = home(parent(phone="07700 900123", email="us@example.org"), **HOME)
    other = home(parent("Grace", "Owusu", date(1988, 9, 9), phone="07700900123", email="US@example.org"), **HOME)
    assert compared(one, other).score >= 180
    assert level(one, other) == "possible"


# --- what contradicts itself -------------------------------------------------------------------------------------------------


def test_one_nhs_number_with_names_far_apart_asks_and_is_never_taken_for_granted() -> None:
    one, other = parent("Amina", "Begum", nhs_number="9990000018"), parent("Grace", "Owusu", nhs_number="9990000018")
    found = compared(home(one, **HOME), home(other, **HOME))
    assert (found.level, found.caution) == ("possible", True)
    assert "nhs_names_apart" in codes(found)


def test_two_nhs_numbers_speak_against_all_else_being_one_person() -> None:
    one, other = parent(nhs_number="9990000018"), parent(nhs_number="9990000026")
    assert compared(home(one), home(other)).score == compared(home(parent()), home(parent())).score - 70


def test_a_number_that_fails_its_check_is_none() -> None:
    one, other = parent("Maria", "Silva", None, nhs_number="9990000019"), parent("Maria", "Silva", None, nhs_number="9990000019")
    assert "nhs.same" not in codes(compared(home(one), home(other)))


def test_nobody_is_taken_for_two_people() -> None:
    found = compared(home(parent(), parent()), home(parent()))
    assert len(found.people) == 1


def test_reasons_come_heaviest_first_and_add_up_to_the_score_where_all_are_of_the_matched() -> None:
    found = compared(home(parent(phone="07700 900123"), **HOME), home(parent(phone="07700 900123"), **HOME))
    points = [reason.points for reason in found.reasons]
    assert points == sorted(points, reverse=True)
    assert sum(points) == found.score


def test_a_family_is_compared_by_its_present_address() -> None:
    then, now = {"line": "1 Old Road", "postcode": "SE1 3QQ", "until_on": "2025-02-01"}, {**HOME, "until_on": None}
    one = household(uuid4(), {"parents": [parent()], "children": [], "addresses": [then, now]})
    assert "address.home" in codes(compared(one, home(parent("Grace", "Owusu", None), **HOME)))


def test_every_contact_point_is_compared_and_not_the_first_alone() -> None:
    point = {"kind": "phone", "value": "07700 900999", "safe": False}
    assert "phone" in codes(compared(home(parent(contact_points=[point])), home(parent("Eve", "Stone", None, phone="07700900999"))))
