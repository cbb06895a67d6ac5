"""A referral is known by a reference that people can read out, copy and mistype."""

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.contract import new_reference, tidy_reference
from services.referrals.contract.reference import LETTERS


def test_a_reference_has_no_vowel_and_nothing_that_looks_like_something_else() -> None:
    for _ in range(200):
        reference = new_reference()
        assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", reference)
        assert not set(reference) & set("AEIOU01L5SZ")
        assert tidy_reference(reference) == reference


def test_their_number_is_a_prime_so_that_the_check_finds_every_slip() -> None:
    assert all(len(LETTERS) % divisor for divisor in range(2, len(LETTERS)))
    assert len(set(LETTERS)) == len(LETTERS)
    assert not set(LETTERS) & set("AEIOU0L15SZN")


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}.", "#{}"])
def test_it_is_known_however_it_is_typed(typed: str) -> None:
    reference = new_reference()
    for written in (reference, reference.lower(), reference.replace("-", ""), reference.replace("-", " - "), " ".join(reference)):
        assert tidy_reference(typed.format(written)) == reference


@given(st.integers(0, 7), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_found_out(place: int, letter: str) -> None:
    letters = list(new_reference().replace("-", ""))
    if letters[place] != letter:
        letters[place] = letter
        assert tidy_reference("".join(letters)) == ""


def test_two_letters_that_changed_places_are_found_out() -> None:
    for _ in range(20):
        letters = new_reference().replace("-", "")
        for here, there in combinations(range(8), 2):
            swapped = list(letters)
            swapped[here], swapped[there] = swapped[there], swapped[here]
            if swapped != list(letters):
                assert tidy_reference("".join(swapped)) == ""


@given(st.text(max_size=40))
def test_nothing_that_is_typed_makes_it_fail(typed: str) -> None:
    assert len(tidy_reference(typed)) in {0, 9}


@pytest.mark.parametrize("none", ["", "R7K4", "R7K4-9QDMM", "AEIO-UAEI", "0000-0000", "Ａ" * 8])  # noqa: RUF001 - a wide letter
def test_what_is_none_is_none(none: str) -> None:
    assert tidy_reference(none) == ""
