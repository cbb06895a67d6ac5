"""What is typed into the search box is understood."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.models.days import written
from services.referrals.models.typed import MOST_TERMS, understood

TODAY = date(2026, 11, 23)


def kinds(typed: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(term.typed, term.kinds) for term in understood(typed, TODAY)]


def wanted(typed: str) -> list[tuple[str, str]]:
    return [(wish.kind, wish.low) for term in understood(typed, TODAY) for wish in term.wanted if wish.how == "exact"]


@pytest.mark.parametrize(
    "typed",
    [
        "16/7/2024", "16/07/24", "16.7.2024", "16-07-2024", "2024-07-16", "16 7 2024", "16072024", "16 July 2024", "16th of July, 2024",
        "16 jul 24", "July 16, 2024", "16-Jul-2024", "7/16/2024",
    ],
)  # fmt: skip
def test_a_day_is_one_however_it_is_written(typed: str) -> None:
    assert wanted(typed) == [("born", "2024-07-16")]
    assert kinds(f"doyle {typed}") == [(typed, ("born",)), ("doyle", ("name",))]


@pytest.mark.parametrize(
    ("typed", "start"),
    [("July 2024", "2024-07-"), ("2024", "2024-"), ("Sept 2023", "2023-09-")],
)
def test_a_month_or_a_year_is_a_part_of_a_day(typed: str, start: str) -> None:
    (term,) = understood(typed, TODAY)
    assert [(wish.kind, wish.low, wish.how) for wish in term.wanted] == [("born", start, "part")]


@pytest.mark.parametrize(("typed", "year"), [("1/2/24", 2024), ("1/2/27", 2027), ("1/2/28", 1928), ("1/2/95", 1995)])
def test_a_year_of_two_digits_is_the_latest_that_can_be(typed: str, year: int) -> None:
    assert wanted(typed) == [("born", f"{year}-02-01")]


@pytest.mark.parametrize("typed", ["31/2/2024", "2024-13-13", "30 Feb 2024"])
def test_a_day_that_there_is_not_says_so_and_finds_nobody(typed: str) -> None:
    (term,) = understood(typed, TODAY)
    assert (term.wanted, term.fault) == ((), "There is no such day. Check the date.")


@pytest.mark.parametrize("typed", ["April Smith", "May", "June Brown"])
def test_a_name_that_is_a_month_is_a_name(typed: str) -> None:
    assert {of for _, of in kinds(typed)} == {("name",)}


@pytest.mark.parametrize(
    ("typed", "of"),
    [
        ("07700 900123", ("phone",)),
        ("+44 (0)20 7946 0000", ("phone",)),
        ("020 7946 2019", ("phone",)),
        ("900123", ("phone",)),
        ("943 476 5919", ("nhs", "phone")),
        ("9990000019", ("phone",)),
        ("SE15 5LX", ("postcode",)),
        ("se15", ("postcode",)),
        ("r7k4-9qdm", ("reference",)),
        ("R7K49QDM", ("reference",)),
        ("sinead@example.org", ("email",)),
        ("Jonathan", ("name",)),
        ("Al-Hassan", ("name",)),
    ],
)
def test_numbers_and_codes_are_known_by_their_form(typed: str, of: tuple[str, ...]) -> None:
    assert {found for _, found in kinds(typed)} == {of}


def test_two_numbers_beside_each_other_are_two() -> None:
    assert [typed for typed, _ in kinds("9434765919 07700900123")] == ["9434765919", "07700900123"]


def test_ten_digits_that_fail_the_check_say_so_and_are_looked_for_as_a_phone() -> None:
    (term,) = understood("9990000019", TODAY)
    assert "one of its digits is wrong" in term.fault
    assert [wish.kind for wish in term.wanted] == ["phone"]
    assert not understood("0770090012", TODAY)[0].fault, "no NHS number begins with 0"


def test_all_sorts_are_told_apart_in_one_line() -> None:
    assert kinds("sinead@x.org Doyle 16.7.2024 07700 900123 SE15 5LX R7K4-9QDM") == [
        ("sinead@x.org", ("email",)),
        ("16.7.2024", ("born",)),
        ("07700 900123", ("phone",)),
        ("SE15 5LX", ("postcode",)),
        ("R7K4-9QDM", ("reference",)),
        ("Doyle", ("name",)),
    ]


def test_words_that_people_put_beside_names_are_passed_over_unless_there_is_nothing_else() -> None:
    assert [typed for typed, _ in kinds("mrs Doyle and baby, dob 16/7/2024")] == ["16/7/2024", "Doyle"]
    assert [typed for typed, _ in kinds("Dr No")] == ["Dr", "No"]


@given(st.text(max_size=200))
def test_whatever_is_typed_is_understood_somehow(typed: str) -> None:
    terms = understood(typed, TODAY)
    assert len(terms) <= MOST_TERMS
    assert all(term.kinds and term.typed for term in terms)
    assert all(wish.low <= wish.high for term in terms for wish in term.wanted)


@given(st.dates(date(1900, 1, 1), TODAY), st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%B %d, %Y"]))
def test_every_day_is_read_as_it_was_written(day: date, form: str) -> None:
    assert [one.start for one in written(day.strftime(form), TODAY)] == [day.isoformat()]
