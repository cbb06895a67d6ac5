"""Browsers that signed in before: known by a cookie that nobody else can make, and named in a few words."""

import pytest

from gateway.people.browsers import ACCOUNTS, Browsers, in_words

OURS, THEIRS = Browsers("our key"), Browsers("another key")


def test_a_browser_is_known_to_the_account_it_signed_in_to() -> None:
    cookie = OURS.remembering("", "ada@x.example")
    assert OURS.known_as(cookie, "ada@x.example") == cookie.split(".", maxsplit=1)[0]
    assert OURS.known_as(cookie, "bob@x.example") == ""


def test_signing_in_again_changes_nothing() -> None:
    cookie = OURS.remembering("", "ada@x.example")
    assert OURS.remembering(cookie, "ada@x.example") == cookie


def test_two_browsers_of_one_person_are_told_apart() -> None:
    first, second = (OURS.remembering("", "ada@x.example") for _ in range(2))
    assert OURS.known_as(first, "ada@x.example") != OURS.known_as(second, "ada@x.example")


def test_a_cookie_names_nobody() -> None:
    cookie = OURS.remembering("", "ruth@x.example")
    assert set(cookie) <= set("0123456789abcdef."), "no letter of her name but in a number"
    assert "ruth" not in cookie


def test_another_key_makes_no_cookie_that_we_take() -> None:
    assert OURS.known_as(THEIRS.remembering("", "ada@x.example"), "ada@x.example") == ""


def test_a_cookie_with_another_number_is_not_taken() -> None:
    number, tag = OURS.remembering("", "ada@x.example").split(".")
    other = ("0" if number[0] != "0" else "1") + number[1:]
    assert OURS.known_as(f"{other}.{tag}", "ada@x.example") == ""


def test_a_shared_browser_knows_its_last_people() -> None:
    cookie = ""
    for number in range(ACCOUNTS + 2):
        cookie = OURS.remembering(cookie, f"p{number}@x.example")
    known = [bool(OURS.known_as(cookie, f"p{number}@x.example")) for number in range(ACCOUNTS + 2)]
    assert known == [False, False] + [True] * ACCOUNTS


@pytest.mark.parametrize("nonsense", ["", ".", "x", "\u00fc.\u00fc", "a" * 32, "../../etc/passwd", ("0" * 32 + ".") * 40, "0" * 10_000])
def test_nonsense_is_nobodys_cookie(nonsense: str) -> None:
    assert OURS.known_as(nonsense, "ada@x.example") == ""
    assert OURS.known_as(OURS.remembering(nonsense, "ada@x.example"), "ada@x.example")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_1) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15", "Safari on Mac"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/130.0 Mobile Safari/604.1", "Chrome on iPhone"),
        ("Firefox", "Firefox"),
        ("curl/8.5.0", "An app"),
        ("", "An app"),
        ("<script>alert(1)</script>", "An app"),
    ],
)
def test_a_browser_is_named_in_a_few_words(agent: str, words: str) -> None:
    assert in_words(agent) == words
