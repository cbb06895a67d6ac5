"""Engagement and counting missed sessions: what marks mean, whatever the marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sessions.contract import ENGAGEMENT, MARKS
from services.sessions.models import Thresholds, engagement, missed_in_a_row, times_attended, times_held
from services.sessions.models.engagement import ATTENDED

WORDS = {"h": "here", "l": "late", "t": "told_us", "m": "did_not_come", "c": "we_cancelled"}
HISTORIES = st.lists(st.sampled_from(sorted(MARKS)), max_size=40)


def marks(letters: str) -> list[str]:
    """Return marks, oldest first: here, late, told us, missed, we cancelled."""
    return [WORDS[letter] for letter in letters]


@pytest.mark.parametrize(
    ("letters", "missed"),
    [
        ("", 0), ("h", 0), ("m", 1), ("mm", 2), ("hmm", 2), ("mmh", 0), ("mml", 0), ("hmhm", 1),
        ("mtm", 2), ("tt", 0), ("mt", 1), ("mcm", 2), ("cc", 0), ("hmtcm", 2), ("mmmmhc", 0),
    ],
)  # fmt: skip
def test_missed_sessions_are_counted_since_the_family_last_came(letters: str, missed: int) -> None:
    assert missed_in_a_row(marks(letters)) == missed


def test_a_week_told_beforehand_neither_counts_nor_sets_the_count_back() -> None:
    assert missed_in_a_row(marks("hmtm")) == missed_in_a_row(marks("hmm")) == 2


def test_a_week_that_we_cancelled_says_nothing_of_the_family() -> None:
    assert missed_in_a_row(marks("hmcm")) == 2
    assert times_held(marks("hcmc")) == 2


@given(HISTORIES)
def test_coming_always_ends_the_count(history: list[str]) -> None:
    assert missed_in_a_row([*history, "here"]) == 0
    assert missed_in_a_row([*history, "late"]) == 0


@given(HISTORIES)
def test_not_coming_always_adds_one(history: list[str]) -> None:
    assert missed_in_a_row([*history, "did_not_come"]) == missed_in_a_row(history) + 1


@given(HISTORIES, st.sampled_from(["told_us", "we_cancelled"]))
def test_telling_us_and_our_cancelling_never_change_the_count(history: list[str], mark: str) -> None:
    assert missed_in_a_row([*history, mark]) == missed_in_a_row(history)


@given(HISTORIES)
def test_the_count_is_that_of_absences_after_the_last_attendance(history: list[str]) -> None:
    last = max((place for place, mark in enumerate(history) if mark in ATTENDED), default=-1)
    assert missed_in_a_row(history) == history[last + 1 :].count("did_not_come")


@given(HISTORIES)
def test_a_family_never_came_to_more_than_was_held_for_it(history: list[str]) -> None:
    assert 0 <= times_attended(history) <= times_held(history) <= len(history)


@pytest.mark.parametrize(
    ("letters", "where"),
    [
        ("", "not_yet_attended"), ("m", "not_yet_attended"), ("mmmmmm", "not_yet_attended"), ("tc", "not_yet_attended"),
        ("h", "trying"), ("mh", "trying"), ("hm", "trying"), ("hht", "trying"),
        ("hhhh", "settled"), ("hlhl", "settled"), ("hhhhm", "settled"), ("hthhth", "settled"), ("hhhhtt", "settled"),
        ("hmm", "drifting"), ("hhhhhhmm", "drifting"), ("hhhhmtm", "drifting"), ("hmmm", "drifting"), ("hmcm", "drifting"),
        ("hmmmm", "away"), ("hhhhhhtttt", "away"), ("hmmtt", "away"),
        ("hmmh", "back"), ("hmmhh", "back"), ("hmmhhh", "back"), ("hhhhmmmmh", "back"), ("htttth", "back"), ("hmmhm", "back"),
        ("hmmhhhh", "settled"), ("hmmhmm", "drifting"), ("mmh", "trying"),
    ],
)  # fmt: skip
def test_where_a_family_is_on_its_way_follows_from_what_happened(letters: str, where: str) -> None:
    assert engagement(marks(letters)) == where


def test_a_family_on_a_break_is_away_whatever_went_before() -> None:
    assert engagement(marks("hhhh"), paused=True) == "away"


def test_a_family_that_never_came_is_not_away_on_a_break() -> None:
    assert engagement([], paused=True) == "not_yet_attended"


def test_the_boroughs_policy_says_how_much_missing_is_drifting() -> None:
    patient = Thresholds.of({"missed_before_outreach": 3, "missed_before_escalation": 6})
    assert engagement(marks("hmm"), thresholds=patient) == "trying"
    assert engagement(marks("hmmm"), thresholds=patient) == "drifting"
    assert engagement(marks("hmmmmm"), thresholds=patient) == "drifting"
    assert engagement(marks("hmmmmmm"), thresholds=patient) == "away"


def test_a_policy_that_is_silent_leaves_what_is_usual() -> None:
    assert Thresholds.of({}) == Thresholds.of({"missed_before_outreach": None}) == Thresholds(2, 4)


@given(HISTORIES)
def test_every_family_is_somewhere(history: list[str]) -> None:
    assert engagement(history) in ENGAGEMENT
    assert engagement(history, paused=True) in ENGAGEMENT


@given(HISTORIES)
def test_a_family_that_has_come_is_never_not_yet_attended(history: list[str]) -> None:
    assert (engagement(history) == "not_yet_attended") == (times_attended(history) == 0)


@given(HISTORIES)
def test_our_cancelling_never_moves_a_family(history: list[str]) -> None:
    assert engagement([*history, "we_cancelled"]) == engagement(history)


@given(HISTORIES)
def test_missing_often_enough_is_always_drifting_or_away_for_a_family_that_has_come(history: list[str]) -> None:
    assert engagement(["here", *history, "did_not_come", "did_not_come"]) in {"drifting", "away"}


@given(HISTORIES)
def test_a_family_that_comes_is_neither_drifting_nor_away(history: list[str]) -> None:
    assert engagement([*history, "here"]) in {"trying", "settled", "back"}
