"""A word that was typed is like some words of names, and not like others."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.models.likeness import MOST_WORDS, SHORT_FORMS, TWO_SLIPS, patterns, sounds, widened
from services.referrals.models.typed import Term, exactly

LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=14)


def how(typed: str, *vocabulary: str) -> dict[str, str]:
    return {wish.low: wish.how for wish in widened(Term(typed, word=typed), vocabulary) if wish.low in vocabulary}


@pytest.mark.parametrize(
    ("typed", "word", "told"),
    [
        ("oyl", "odoyle", "part"),
        ("smyth", "smith", "sounds"),
        ("kathryn", "catherine", "sounds"),
        ("mohamed", "muhammad", "sounds"),
        ("simead", "sinead", "typo"),
        ("okafpr", "okafor", "typo"),
        ("brzeczyszczykeiwcz", "brzeczyszczykiewicz", "typo"),
    ],
)
def test_words_are_alike_in_one_way(typed: str, word: str, told: str) -> None:
    assert how(typed, word) == {word: told}


@pytest.mark.parametrize(
    ("typed", "word"), [("doyle", "tola"), ("doyle", "tully"), ("ann", "ian"), ("ali", "amy"), ("bo", "jo"), ("smith", "jones")]
)
def test_words_that_only_a_machine_takes_for_alike_are_not(typed: str, word: str) -> None:
    assert how(typed, word) == {}


def test_a_word_that_begins_so_is_asked_for_by_its_beginning() -> None:
    assert how("doy", "doyle") == {}


def test_the_closest_words_are_taken_where_there_are_too_many() -> None:
    crowd = [f"x{number:03}smith" for number in range(400)]
    assert len([wish for wish in widened(Term("smith", word="smith"), crowd) if wish.how == "part"]) == MOST_WORDS


def test_kate_is_katherine_and_katherine_is_kate() -> None:
    assert "katherine" in SHORT_FORMS["kate"]
    assert "kate" in SHORT_FORMS["katherine"]
    assert "kate" not in SHORT_FORMS["kate"]
    found = widened(Term("kate", (exactly("name", "kate", 100),), word="kate"), [])
    assert [wish.how for wish in found][:2] == ["exact", "short"]


def test_every_form_of_a_name_is_a_word_as_words_are_kept() -> None:
    assert all(re.fullmatch("[a-z]+", name) for name in SHORT_FORMS)


def matches(word: str, typed: str) -> bool:
    likes = [re.compile("".join(".*" if letter == "%" else re.escape(letter) for letter in one)) for one in patterns(typed)]
    return any(like.fullmatch(word) for like in likes)


@given(LETTERS, st.data())
def test_no_word_with_one_slip_is_passed_over(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("aeqz"))
    slips = [word[:place] + letter + word[place + 1 :], word[:place] + letter + word[place:], word[:place] + word[place + 1 :]]
    slips += [word[:place] + word[place + 1] + word[place] + word[place + 2 :]] if place + 1 < len(word) else []
    for typed in slips:
        assert len(typed) < 4 or matches(word, typed), typed


@given(LETTERS.filter(lambda word: len(word) > TWO_SLIPS), st.data())
def test_no_long_word_with_two_letters_wrong_is_passed_over(word: str, data: st.DataObject) -> None:
    typed = list(word)
    for place in data.draw(st.lists(st.integers(0, len(word) - 1), min_size=2, max_size=2, unique=True)):
        typed[place] = "q"
    assert matches(word, "".join(typed))


def test_two_letters_are_too_few_to_look_within_words_or_to_sound() -> None:
    assert (patterns("jo"), sounds("jo")) == ([], [])
