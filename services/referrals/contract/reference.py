"""What a referral is known by to people: "R7K4-9QDM". Read out over a phone, copied by hand, typed in any form."""

import secrets
from typing import Final

LETTERS: Final = "2346789BCDFGHJKMPQRTVWX"
"""No vowels, so that no word comes of them; no letter or figure that looks or sounds like another. Their number is a prime."""
_DRAWN: Final = 7


def new_reference() -> str:
    """Return a reference that nobody can guess from another: 3.4 thousand million are possible, and the last letter checks the rest."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(_DRAWN))
    return f"{drawn[:4]}-{drawn[4:]}{_check(drawn)}"


def tidy_reference(written: str) -> str:
    """Return a reference the one way it is kept, however it was typed; empty where it is none, or has a slip in it.

    One wrong letter, or two that changed places, is always found out.
    """
    letters = "".join(letter for letter in written.upper() if letter.isalnum())
    if len(letters) != _DRAWN + 1 or not set(letters) <= set(LETTERS) or _check(letters[:-1]) != letters[-1]:
        return ""
    return f"{letters[:4]}-{letters[4:]}"


def _check(drawn: str) -> str:
    return LETTERS[sum(place * LETTERS.index(letter) for place, letter in enumerate(drawn, 2)) % len(LETTERS)]
