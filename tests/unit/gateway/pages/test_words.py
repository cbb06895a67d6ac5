from datetime import UTC, date, datetime, time, timedelta

import pytest

from chassis import clock
from gateway.pages import words
from services.referrals.models.rules import age_on

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def tuesday() -> object:
    with clock.acting_at(NOW):
        yield


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2026, 11, 3), "3 weeks"),
        (date(2026, 11, 20), "0 weeks"),
        (date(2026, 9, 20), "2 months"),
        (date(2025, 5, 24), "18 months"),
        (date(2024, 12, 24), "23 months"),
        (date(2024, 11, 24), "2 years"),
        (date(2024, 7, 16), "2 years 4 months"),
        (date(2024, 10, 24), "2 years 1 month"),
        (date(2023, 11, 25), "2 years 11 months"),
        (date(1995, 7, 16), "31"),
    ],
)
def test_an_age_is_said_as_parents_say_it(born: date, said: str) -> None:
    assert words.age(born) == said


def test_an_unknown_birthday_says_nothing() -> None:
    assert words.age(None) == ""
    assert words.short_age(None) == ""


@pytest.mark.parametrize(("born", "said"), [(date(2024, 7, 16), "2"), (date(2026, 2, 20), "9 months"), (date(2023, 1, 1), "3")])
def test_an_age_for_a_tight_line_is_short(born: date, said: str) -> None:
    assert words.short_age(born) == said


def test_an_age_counts_on_the_day_that_is_asked_for() -> None:
    assert words.age(date(2024, 7, 16), date(2026, 7, 15)) == "23 months"
    assert words.age(date(2024, 7, 16), date(2026, 7, 16)) == "2 years"


def test_days_have_their_year_only_where_it_is_another() -> None:
    assert words.day(date(2026, 11, 24)) == "24 November"
    assert words.day(date(2025, 3, 1)) == "1 March 2025"
    assert words.short_day(date(2026, 11, 3)) == "3 Nov"
    assert words.weekday_day(date(2026, 11, 24)) == "Tuesday 24 November"
    assert words.day(None) == ""


def test_near_days_are_named() -> None:
    assert [words.near_day(date(2026, 11, 24) + timedelta(days=away)) for away in (-1, 0, 1, 2)] == [
        "yesterday",
        "today",
        "tomorrow",
        "26 November",
    ]
    assert words.near_day(None) == ""


def test_times_are_told_in_london() -> None:
    assert words.clock_time(datetime(2026, 7, 1, 9, 0, tzinfo=UTC)) == "10:00"
    assert words.clock_time(time(9, 5)) == "9:05"
    assert words.moment(datetime(2026, 11, 24, 9, 12, tzinfo=UTC)) == "today 9:12"
    assert words.moment(datetime(2026, 11, 19, 16, 20, tzinfo=UTC)) == "19 November 16:20"
    assert words.moment(None) == ""
    assert words.clock_time(None) == ""


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=40), "40 minutes ago"),
        (timedelta(hours=36), "36 hours ago"),
        (timedelta(days=4), "4 days ago"),
        (timedelta(days=40), "5 weeks ago"),
        (timedelta(hours=-2), "0 minutes ago"),
    ],
)
def test_how_long_ago_is_said_in_the_unit_that_tells_most(back: timedelta, said: str) -> None:
    assert words.ago(NOW - back) == said


def test_counts_have_their_plural() -> None:
    assert words.count(1, "family", "families") == "1 family"
    assert words.count(12, "family", "families") == "12 families"
    assert words.count(1200, "visit") == "1,200 visits"
    assert words.counted(2, "group") == "two groups"
    assert words.counted(0, "group") == "no groups"
    assert words.counted(11, "group") == "11 groups"


@pytest.mark.parametrize(
    ("number", "said"), [(1, "first"), (2, "second"), (10, "tenth"), (11, "11th"), (12, "12th"), (21, "21st"), (33, "33rd"), (112, "112th")]
)
def test_ordinals(number: int, said: str) -> None:
    assert words.ordinal(number) == said


def test_names_are_listed_as_people_do() -> None:
    assert words.listed([]) == ""
    assert words.listed(["Tola"]) == "Tola"
    assert words.listed(["Tola", "", "Kemi"]) == "Tola and Kemi"
    assert words.listed(["Tola", "Kemi", "Sam"]) == "Tola, Kemi and Sam"


def test_colleagues_are_named_shortly() -> None:
    assert words.short_name("Amina Khan") == "Amina K."
    assert words.short_name("Amina") == "Amina"
    assert words.short_name("Ana Maria de Sousa") == "Ana S."
    assert words.initial_name("Ruth Osei") == "R. Osei"
    assert words.initial_name("Ruth") == "Ruth"


def test_only_the_first_letter_changes() -> None:
    assert words.sentence("text message") == "Text message"
    assert words.lower_first("Health visitor") == "health visitor"
    assert words.lower_first("GP practice") == "GP practice"
    assert words.lower_first("") == ""


def test_a_postcode_stays_on_one_line() -> None:
    assert words.unbroken("14 Rye Lane, SE15 5BY") == "14 Rye Lane, SE15\u00a05BY"
    assert words.unbroken("Flat 2") == "Flat 2"


def test_children_are_told_youngest_first() -> None:
    assert words.children([date(2024, 7, 16)]) == "child 2 years 4 months"
    assert words.children([date(2024, 7, 16), date(2026, 2, 20)]) == "children 9 months and 2 years 4 months"
    assert words.children([]) == ""


def test_what_is_due_says_how_late_it_is() -> None:
    assert words.due(date(2026, 11, 22)) == "overdue by 2 days"
    assert words.due(date(2026, 11, 24)) == "due today"
    assert words.due(date(2026, 11, 25)) == "due tomorrow"
    assert words.due(date(2026, 12, 1)) == "due 1 December"


def test_an_email_address_breaks_after_its_at() -> None:
    assert words.breakable("ruth@southwark.example") == "ruth@<wbr>southwark.example"
    assert words.breakable("Ruth Osei, CAMHS. Ring first.") == "Ruth Osei, CAMHS. Ring first."


def test_what_breaks_is_shown_as_it_was_written() -> None:
    assert words.breakable("<b>a@b.c</b> & 3") == "&lt;b&gt;a@<wbr>b.c&lt;/b&gt; &amp; 3"
    assert words.breakable(7) == "7"


@pytest.mark.parametrize("days", [7, 13, 42, 60, 61, 62, 180, 364, 366, 700, 729, 731, 1000, 1800])
def test_a_childs_age_is_told_the_same_way_on_a_page_and_in_a_fact(days: int) -> None:
    today = clock.today()
    assert age_on(today - timedelta(days=days), today) == words.age(today - timedelta(days=days), today)


def test_a_child_of_a_few_days_is_less_than_a_week_old() -> None:
    assert age_on(date(2026, 11, 20), date(2026, 11, 23)) == "less than a week old"
