"""What holds of every two families that anybody can think of."""

from datetime import date
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.referrals.matching import Household, compared, household
from services.referrals.matching.names import ORDER, family_nearness, nearness, trigram_similarity
from services.referrals.matching.pairing import best
from services.referrals.matching.weights import ADDRESS, BORN, FAMILY, GIVEN

NAMES = st.sampled_from(
    ["Amina", "Aminah", "Sean", "Shaun", "Mohammed", "Muhamad", "Li", "يوسف", "Doyle-Khan", "Khan", "Zoë", "O'Sullivan", "👶"]
)
DAYS = st.dates(date(2022, 1, 1), date(2026, 1, 1))
NUMBERS = st.sampled_from([None, "9990000018", "9990000026", "1234567890"])
PEOPLE = st.builds(
    lambda given, family, born, nhs: {"id": uuid4(), "given_name": given, "family_name": family, "birth_date": born, "nhs_number": nhs},
    NAMES, NAMES, st.none() | DAYS, NUMBERS,
)  # fmt: skip
ADDRESSES = st.none() | st.builds(
    lambda line, postcode: {"line": line, "postcode": postcode},
    st.sampled_from([None, "1 High Street", "Flat 2, 1 High Street", "A Hostel"]),
    st.sampled_from([None, "SE1 3QQ", "SE15 5LX"]),
)
RECORDS = st.builds(
    lambda parents, children, address: {"parents": parents, "children": children, "address": address},
    st.lists(PEOPLE, min_size=1, max_size=3), st.lists(PEOPLE, min_size=1, max_size=4), ADDRESSES,
)  # fmt: skip


def of(record: dict[str, Any]) -> Household:
    return household(uuid4(), record)


@given(RECORDS, RECORDS)
def test_it_makes_no_difference_which_family_comes_first(one: dict[str, Any], other: dict[str, Any]) -> None:
    there, back = compared(of(one), of(other)), compared(of(other), of(one))
    assert (there.score, there.level, there.caution) == (back.score, back.level, back.caution)
    assert sum(reason.points for reason in there.reasons) <= there.score


@given(RECORDS)
def test_nothing_is_more_like_a_family_than_itself(record: dict[str, Any]) -> None:
    itself = compared(of(record), of(record))
    without = compared(of(record), of({**record, "parents": [{**one, "nhs_number": None} for one in record["parents"]]}))
    assert itself.score >= without.score


@given(RECORDS, RECORDS, PEOPLE)
def test_one_more_person_in_common_never_makes_a_match_weaker(one: dict[str, Any], other: dict[str, Any], person: dict[str, Any]) -> None:
    more = [{**record, "children": [*record["children"], person]} for record in (one, other)]
    assert compared(of(more[0]), of(more[1])).score >= compared(of(one), of(other)).score


@given(RECORDS, RECORDS, st.integers(2, 5000), st.integers(0, 5000))
def test_the_more_families_share_what_two_have_in_common_the_less_it_says(
    one: dict[str, Any], other: dict[str, Any], families: int, more: int
) -> None:
    few, many = (dict.fromkeys(["SE13QQ", "SE155LX"], number) for number in (families, families + more))
    assert compared(of(one), of(other), many).score <= compared(of(one), of(other), few).score


@given(NAMES, NAMES)
def test_names_are_as_near_as_each_other(one: str, other: str) -> None:
    assert nearness(one, other) == nearness(other, one)
    assert family_nearness(one, other) == family_nearness(other, one)
    assert nearness(one, one) == "same"
    assert 0 <= trigram_similarity(one, other) <= 1


def test_what_is_nearer_never_weighs_less() -> None:
    for table in (*GIVEN.values(), *FAMILY.values()):
        weights = [table[near] for near in ORDER if near in table]
        assert weights == sorted(weights, reverse=True)
    for table in BORN.values():
        assert table["same"] > table["swapped"] > table["slip"] > table["new_year"] > table["different"]
    assert ADDRESS["home"] > ADDRESS["postcode"] > ADDRESS["building"] > 0


@given(st.lists(st.lists(st.integers(-50, 300), min_size=3, max_size=3), min_size=1, max_size=4))
def test_who_is_whom_is_the_best_of_every_way(points: list[list[int]]) -> None:
    def tried(row: int, free: frozenset[int]) -> int:
        if row == len(points):
            return 0
        return max([tried(row + 1, free), *(points[row][one] + tried(row + 1, free - {one}) for one in free)])

    chosen = best(points)
    assert sum(points[row][column] for row, column in chosen) == tried(0, frozenset(range(3)))
    assert len({row for row, _ in chosen}) == len({column for _, column in chosen}) == len(chosen)
    assert all(points[row][column] > 0 for row, column in chosen)


@given(RECORDS)
def test_a_fingerprint_stays_while_nothing_changes_and_goes_with_any_name(record: dict[str, Any]) -> None:
    renamed = {**record, "parents": [{**record["parents"][0], "given_name": "Somebody Else"}, *record["parents"][1:]]}
    assert of(record).fingerprint() == of(record).fingerprint()
    assert of(record).fingerprint() != of(renamed).fingerprint()
