"""What the tokens of systems look like: ``stay_``, 43 letters and digits, and 6 more that check them.

Whoever looks for lost secrets in code and logs finds them by the beginning, and knows by the end that one is real.
A text that is none is told apart here, without asking the database.
"""

import hmac
import re
from hashlib import sha256
from typing import Final
from uuid import UUID
from zlib import crc32

PREFIX: Final = "stay_"
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BODY: Final = 43
_CHECK: Final = 6
LENGTH: Final = len(PREFIX) + _BODY + _CHECK
_SHAPE: Final = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_BODY}}})([0-9A-Za-z]{{{_CHECK}}})")


class SystemTokens:
    """Makes the token of a system from its id and this installation's key, so that it is kept nowhere (ADR 0015).

    Args:
        secret: the gateway's private key; nobody without it can make or guess a token.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def token(self, system_id: UUID) -> str:
        """Return the token of a system."""
        random = hmac.new(self._secret, b"stayplay system " + system_id.bytes, sha256).digest()
        body = _digits(int.from_bytes(random), _BODY)
        return f"{PREFIX}{body}{_check(body)}"


def is_system_token(text: str) -> bool:
    """Tell whether a text is to be one of a system: a session's token has another length."""
    return text.startswith(PREFIX) and len(text) == LENGTH


def is_whole(text: str) -> bool:
    """Tell whether a text could be one that somebody was given: begins, goes on and ends as it must."""
    found = _SHAPE.fullmatch(text)
    return found is not None and _check(found[1]) == found[2]


def _check(body: str) -> str:
    return _digits(crc32(body.encode()), _CHECK)


def _digits(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, place = divmod(number, len(_DIGITS))
        digits = _DIGITS[place] + digits
    return digits
