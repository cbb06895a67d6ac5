"""What the tokens of systems look like: known by their beginning, checked by their end, made from a key that nobody else has."""

import re
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.access.scopes import OF_EVERY_SYSTEM, SCOPES, permissions_of_scopes
from gateway.people.systems.tokens import LENGTH, PREFIX, SystemTokens, is_system_token, is_whole

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKENS = SystemTokens("the key of this installation")
KNOWN = UUID("01a20000-0000-7000-8000-000000000001")


@given(st.uuids())
def test_a_token_has_one_shape(system: UUID) -> None:
    token = TOKENS.token(system)
    assert re.fullmatch(r"stay_[0-9A-Za-z]{49}", token)
    assert len(token) == LENGTH == 54
    assert is_system_token(token)
    assert is_whole(token)


def test_the_same_system_gets_the_same_token_and_another_gets_another() -> None:
    assert TOKENS.token(KNOWN) == TOKENS.token(KNOWN)
    assert len({TOKENS.token(uuid4()) for _ in range(500)}) == 500


def test_another_installation_makes_others() -> None:
    assert SystemTokens("another key").token(KNOWN) != TOKENS.token(KNOWN)


def test_a_token_tells_nothing_of_the_system() -> None:
    assert KNOWN.hex not in TOKENS.token(KNOWN).lower()
    assert str(KNOWN) not in TOKENS.token(KNOWN)


def test_a_token_holds_256_bits() -> None:
    """43 of 62 letters and digits are more than 256 bits, so nothing of the number is cut off."""
    assert 62**43 > 2**256
    bodies = [TOKENS.token(uuid4())[5:48] for _ in range(400)]
    for place in range(1, 43):
        assert len({body[place] for body in bodies}) > 40, place


@given(st.uuids(), st.integers(0, 48), st.sampled_from(ALPHABET))
def test_one_letter_off_is_noticed_by_its_end(system: UUID, place: int, letter: str) -> None:
    token = TOKENS.token(system)
    at = len(PREFIX) + place
    altered = token[:at] + letter + token[at + 1 :]
    assert is_whole(altered) == (altered == token)


@given(st.uuids(), st.integers(0, 47))
def test_two_letters_that_changed_places_are_noticed(system: UUID, place: int) -> None:
    token = TOKENS.token(system)
    at = len(PREFIX) + place
    altered = token[:at] + token[at + 1] + token[at] + token[at + 2 :]
    assert is_whole(altered) == (altered == token)


@given(st.text())
def test_no_other_text_is_a_token(text: str) -> None:
    assert not is_whole(text)
    assert not is_whole(f"{PREFIX}{text}")


@pytest.mark.parametrize("around", [" {}", "{} ", "\t{}", "{}\n", "\n{}", "{}\x00", "\ufeff{}", "{}\u200b", "{}\r\nX-Evil: 1"])
def test_nothing_may_stand_around_a_token(around: str) -> None:
    assert not is_whole(around.format(TOKENS.token(KNOWN)))


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "ａｂｃ"])  # noqa: RUF001 - that is what is tried
def test_letters_of_other_alphabets_are_none(digits: str) -> None:
    token = TOKENS.token(KNOWN)
    assert not is_whole(token[: -len(digits)] + digits)


def test_a_session_s_token_has_another_length() -> None:
    """Sessions have 43 characters: even one that began like a system's would not be taken for one."""
    assert not is_system_token("stay_" + "x" * 38)
    assert not is_system_token("")
    assert is_system_token("stay_" + "x" * 49)


def test_a_token_allows_its_scopes_and_to_ask_what_it_is() -> None:
    assert permissions_of_scopes(["groups.read"]) == {"groups.read", "systems.read_own"}
    assert permissions_of_scopes([]) == {"systems.read_own"}


@pytest.mark.parametrize(
    "scope",
    ["families.read", "registers.read", "systems.manage", "platform.operate", "assessments.read", "people.read", "*", "", "GROUPS.READ"],
)
def test_what_is_not_published_allows_nothing(scope: str) -> None:
    assert permissions_of_scopes([scope, "groups.read"]) == {"groups.read", "systems.read_own"}


def test_every_scope_says_in_words_what_it_opens() -> None:
    for words in (*SCOPES.values(), *OF_EVERY_SYSTEM.values()):
        assert words[0].isupper()
        assert not words.endswith(".")
    assert not SCOPES.keys() & OF_EVERY_SYSTEM.keys()
