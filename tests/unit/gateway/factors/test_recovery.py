"""Recovery codes: how they look, how they are read, how they are kept."""

from collections import Counter

import pytest

from gateway.people.factors import recovery


def test_there_are_ten_different_ones_in_groups_of_four() -> None:
    codes = recovery.new_codes()
    assert len(set(codes)) == 10
    assert all([len(part) for part in code.split("-")] == [4, 4, 4] for code in codes)


def test_none_holds_a_sign_that_is_taken_for_another() -> None:
    written = "".join(recovery.new_codes() + recovery.new_codes())
    assert not set(written) & set("ILOU01")


def test_they_are_random() -> None:
    counted = Counter("".join(code for _ in range(200) for code in recovery.new_codes()).replace("-", ""))
    assert set(counted) == set(recovery.ALPHABET)
    assert max(counted.values()) < 1.3 * min(counted.values())


@pytest.mark.parametrize(
    "written", ["K7RW-3MPD-9XQA", "k7rw-3mpd-9xqa", "K7RW3MPD9XQA", " k7rw 3mpd 9xqa ", "K7RW\N{EN DASH}3MPD\N{NON-BREAKING HYPHEN}9XQA"]
)
def test_however_it_is_written_it_is_the_same(written: str) -> None:
    assert recovery.tidy(written) == "K7RW3MPD9XQA"


@pytest.mark.parametrize(
    "written", ["", "K7RW-3MPD-9XQ", "K7RW-3MPD-9XQAB", "K7RW-3MPD-9XQ0", "123456", "\N{FULLWIDTH LATIN CAPITAL LETTER K}7RW3MPD9XQA"]
)
def test_what_is_none_is_none(written: str) -> None:
    assert recovery.tidy(written) == ""


def test_what_is_kept_depends_on_code_and_salt() -> None:
    salt, other = recovery.new_salt(), recovery.new_salt()
    (kept,) = recovery.kept(["K7RW3MPD9XQA"], salt)
    assert recovery.kept(["K7RW3MPD9XQA"], salt) == [kept]
    assert recovery.kept(["K7RW3MPD9XQB"], salt) != [kept]
    assert recovery.kept(["K7RW3MPD9XQA"], other) != [kept]
    assert len(salt) == 16
    assert b"K7RW" not in kept
