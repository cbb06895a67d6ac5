"""The words that name a person, as digests: found and blanked without being told."""

import pytest

from chassis.database.erasing import ERASED, Words


def test_no_word_can_be_read_from_what_is_told() -> None:
    words = Words.of("Sinéad Doyle", salt="salt")
    assert len(words.digests) == 2
    assert not any("sinead" in one.casefold() for one in words.digests)
    assert Words.of("Sinéad", salt="other").digests.isdisjoint(words.digests)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Sinéad came", f"{ERASED} came"),
        ("sinead, DOYLE's", f"{ERASED}, {ERASED}'s"),
        ("Doyles and unsinead", "Doyles and unsinead"),
        ("rang 07700 900123.", f"rang {ERASED}."),
        ("rang +44 7700 900123", f"rang {ERASED}"),
        ("rang (07700)900123", "rang (" + ERASED),
        ("rang 07700 900124", "rang 07700 900124"),
        ("write to s.doyle@example.org", f"write to {ERASED}"),
        ("محمد came", f"{ERASED} came"),
        ("", ""),
    ],
)
def test_a_word_is_found_however_it_is_written(said: str, left: str) -> None:
    words = Words.of("Sinéad Doyle", "07700 900123", "s.doyle@example.org", "محمد")
    assert words.blanked(said) == left
    assert words.names(said) is (left != said)


def test_an_initial_names_nobody() -> None:
    assert Words.of("J O'Connor").blanked("J and O came; Connor, too") == f"J and O came; {ERASED}, too"


def test_every_text_in_json_is_blanked_and_keys_numbers_and_nothing_stay() -> None:
    words = Words.of("Doyle")
    kept = {"Doyle": ["Doyle", {"a": "the Doyle family", "b": 3, "c": None, "d": True}]}
    assert words.blanked(kept) == {"Doyle": [ERASED, {"a": f"the {ERASED} family", "b": 3, "c": None, "d": True}]}


def test_what_is_told_finds_the_same() -> None:
    words = Words.of("Doyle", salt="one")
    assert Words.told("one", sorted(words.digests)).blanked("Doyle") == ERASED
    assert Words.told("two", sorted(words.digests)).blanked("Doyle") == "Doyle"
