"""Passwords are kept as argon2id and compared in constant time."""

import time

import pytest

from chassis.errors import Invalid
from gateway.people import passwords

WORDS = "three quiet words"


def test_a_password_is_kept_as_argon2id_with_the_figures_we_decided_on() -> None:
    assert passwords.kept(WORDS).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_same_password_is_never_kept_the_same_way_twice() -> None:
    assert passwords.kept(WORDS) != passwords.kept(WORDS)


def test_only_the_right_password_is_right() -> None:
    kept = passwords.kept(WORDS)
    assert passwords.is_right(WORDS, kept)
    assert not passwords.is_right(WORDS + " ", kept)


def test_nobody_can_sign_in_to_an_account_that_is_not_there() -> None:
    assert not passwords.is_right("nobody has this password", None)


def test_an_account_that_is_not_there_takes_as_long_as_one_that_is() -> None:
    kept = passwords.kept(WORDS)
    there = min(timed(kept) for _ in range(5))
    missing = min(timed(None) for _ in range(5))
    assert there / 3 < missing < there * 3


def timed(kept: str | None) -> float:
    started = time.perf_counter()
    passwords.is_right("not this one", kept)
    return time.perf_counter() - started


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert passwords.is_right("caf\u00e9 au lait, please", passwords.kept("cafe\u0301 au lait, please"))


def test_what_is_kept_may_be_damaged_without_harm() -> None:
    assert not passwords.is_right(WORDS, "$argon2id$nonsense")


@pytest.mark.parametrize("guessable", ["ada@southwark.example", "ADA@SOUTHWARK.EXAMPLE", "aaaaaaaaaaaa", "abababababab"])
def test_a_password_that_anybody_would_try_is_refused(guessable: str) -> None:
    with pytest.raises(Invalid):
        passwords.check_choice(guessable, "ada@southwark.example")
