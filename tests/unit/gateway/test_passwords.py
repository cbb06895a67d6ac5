"""Passwords are kept as argon2id and compared in constant time."""

import time
from string import ascii_letters

import pytest
from argon2 import PasswordHasher
from zxcvbn.frequency_lists import FREQUENCY_LISTS

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


def test_an_account_that_is_not_there_takes_as_much_work_as_one_that_is() -> None:
    kept = passwords.kept(WORDS)
    there = min(worked(kept) for _ in range(5))
    missing = min(worked(None) for _ in range(5))
    assert there > 0.002, "seconds: a hash is slow on purpose"
    assert there / 3 < missing < there * 3


def worked(kept: str | None) -> float:
    """Return the seconds that all threads of this process were at work: what others do on the machine takes none of them."""
    started = time.process_time()
    passwords.is_right("not this one", kept)
    return time.process_time() - started


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert passwords.is_right("caf\u00e9 au lait, please", passwords.kept("cafe\u0301 au lait, please"))


def test_what_is_kept_may_be_damaged_without_harm() -> None:
    assert not passwords.is_right(WORDS, "$argon2id$nonsense")


ABOUT = ("ada@southwark.example", "Ada Minister", "Southwark", "Southwark Stay & Play")


@pytest.mark.parametrize(
    "guessable",
    [
        "ada@southwark.example",
        "ADA@SOUTHWARK.EXAMPLE",
        "aaaaaaaaaaaa",
        "abababababab",
        "12345678",
        "87654321",
        "password1",
        "Password1!",
        "passwordpassword",
        "qwertyuiop12",
        "letmein2026",
        "sunshine!",
        "Southwark2026",
        "southwark1",
        "stayandplay1",
        "Adaminister1",
        "minister26",
        "Southwark Stay & Play",
        "abcdefghij",
        "p@ssw0rd",
        "iloveyou2",
    ],
)
def test_a_password_that_anybody_would_try_is_refused(guessable: str) -> None:
    with pytest.raises(Invalid) as refusal:
        passwords.check_choice(guessable, *ABOUT)
    assert list(refusal.value.faults) == ["password"]
    assert guessable not in str(refusal.value.faults)


@pytest.mark.parametrize(
    "fine",
    [
        "three quiet words",
        "green kettle morning",
        "k3Vz!q9T",
        "wgnbtqzp",
        "ZWQKVXBJ",
        "4820731956204",
        "caf\u00e9 au lait, please",
        "\U0001f9f8\U0001f98a\U0001f33b\U0001f6b2\U0001f96d\U0001f9c3\U0001f3a8\U0001f41a",
    ],
)
def test_no_kind_of_character_is_asked_for(fine: str) -> None:
    passwords.check_choice(fine, *ABOUT)


@pytest.mark.parametrize(("length", "fits"), [(7, False), (8, True), (15, True), (64, True), (128, True), (200, True), (201, False)])
def test_a_password_has_eight_to_two_hundred_characters(length: int, *, fits: bool) -> None:
    chosen = ("wgnbtqzpxkvh" + ascii_letters * 4)[:length]
    if fits:
        passwords.check_choice(chosen)
        return
    with pytest.raises(Invalid):
        passwords.check_choice(chosen)


def test_a_long_password_counts_to_its_end() -> None:
    kept = passwords.kept("x" * 199 + "y")
    assert passwords.is_right("x" * 199 + "y", kept)
    assert not passwords.is_right("x" * 200, kept)


def test_every_password_of_the_list_of_breached_ones_is_refused() -> None:
    long_enough = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8]
    assert len(long_enough) > 5_000
    for word in long_enough[::50]:
        with pytest.raises(Invalid):
            passwords.check_choice(word)


def test_one_persons_words_say_nothing_about_the_next_persons_password() -> None:
    with pytest.raises(Invalid):
        passwords.check_choice("zbigniewska1", "zbigniewska@x.example")
    passwords.check_choice("zbigniewska1", "ada@x.example")


def test_judging_the_longest_password_takes_no_long_time() -> None:
    started = time.perf_counter()
    passwords.check_choice("p4$$w0rd Qk7 zzx " * 11, *ABOUT)
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize("hasher", [PasswordHasher(1, 19 * 1024, 1), PasswordHasher(2, 8 * 1024, 1), PasswordHasher(2, 19 * 1024, 2)])
def test_a_password_kept_with_other_figures_is_outdated(hasher: PasswordHasher) -> None:
    kept = hasher.hash(WORDS)
    assert passwords.is_outdated(kept)
    assert passwords.is_right(WORDS, kept)
    assert not passwords.is_outdated(passwords.kept(WORDS))
