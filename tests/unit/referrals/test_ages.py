"""Children come up to the borough's age limit, counted on the day of the referral."""

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Invalid
from services.referrals.models import check_ages
from services.referrals.models.rules import months_after, months_between

TODAY = date(2026, 11, 24)


def faults_of(*born: date, on: date = TODAY, months: int = 60, youngest: int = 0) -> dict[str, Any]:
    try:
        check_ages([{"birth_date": day} for day in born], on, months, youngest)
    except Invalid as fault:
        return dict(fault.faults["children"])
    return {}


def test_a_toddler_may_come() -> None:
    assert faults_of(date(2024, 7, 16)) == {}


def test_a_child_may_come_on_the_birthday_that_is_the_limit() -> None:
    assert faults_of(date(2021, 11, 24)) == {}


def test_a_child_is_too_old_the_day_after() -> None:
    assert list(faults_of(date(2021, 11, 23))) == ["0"]


def test_the_message_says_the_limit_in_years() -> None:
    words = "Date of birth: the groups of this borough are for children up to 5 years old."
    assert faults_of(date(2015, 1, 1)) == {"0": {"birth_date": [words]}}


@pytest.mark.parametrize(
    ("months", "words"), [(36, "3 years"), (42, "3 years 6 months"), (12, "1 year"), (13, "1 year 1 month"), (9, "9 months")]
)
def test_a_limit_of_any_number_of_months_reads_well(months: int, words: str) -> None:
    assert f"up to {words} old" in faults_of(date(2015, 1, 1), months=months)["0"]["birth_date"][0]


def test_only_the_child_who_is_too_old_is_named_and_not_by_name() -> None:
    assert list(faults_of(date(2024, 7, 16), date(2010, 1, 1), date(2025, 1, 1))) == ["1"]


def test_a_borough_may_set_a_lower_limit() -> None:
    assert list(faults_of(date(2023, 11, 23), months=36)) == ["0"]
    assert faults_of(date(2023, 11, 24), months=36) == {}


def test_a_borough_may_take_no_babies() -> None:
    assert faults_of(date(2026, 5, 24), youngest=6) == {}
    words = "Date of birth: the groups of this borough are for children from 6 months old."
    assert faults_of(date(2026, 5, 25), youngest=6) == {"0": {"birth_date": [words]}}


def test_a_child_born_after_the_referral_is_refused() -> None:
    assert faults_of(TODAY, on=TODAY) == {}
    assert "after the date of the referral" in faults_of(TODAY + timedelta(days=1))["0"]["birth_date"][0]


def test_a_child_born_on_leap_day_turns_five_on_the_last_of_february() -> None:
    assert faults_of(date(2020, 2, 29), on=date(2025, 2, 28)) == {}
    assert list(faults_of(date(2020, 2, 29), on=date(2025, 3, 1))) == ["0"]


@given(st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(1, 120), st.integers(-3, 3))
def test_the_limit_falls_on_one_day_for_every_birthday(born: date, months: int, days: int) -> None:
    limit = born + relativedelta(months=months)
    refused = bool(faults_of(born, on=limit + timedelta(days=days), months=months))
    assert refused == (days > 0 or limit + timedelta(days=days) < born)


@given(st.dates(date(1990, 1, 1), date(2035, 1, 1)), st.integers(0, 300))
def test_months_after_a_day_end_where_the_calendar_of_others_ends_them(day: date, months: int) -> None:
    assert months_after(day, months) == day + relativedelta(months=months)


@given(st.dates(date(1990, 1, 1), date(2035, 1, 1)), st.integers(0, 9000))
def test_an_age_in_months_is_what_the_calendar_of_others_says(born: date, days: int) -> None:
    age = relativedelta(born + timedelta(days=days), born)
    assert months_between(born, born + timedelta(days=days)) == age.years * 12 + age.months
