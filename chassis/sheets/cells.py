"""What stands in one cell: days as people write them, words as they are compared."""

import re
import unicodedata
from datetime import date, datetime
from typing import Final

YES: Final = frozenset({"yes", "y", "true", "1"})
NO: Final = frozenset({"no", "n", "false", "0"})
SEVERAL: Final = re.compile(r"[;,|\n]")
"""What stands between several answers in one cell."""
_DATES: Final = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y")
_TIME: Final = re.compile(r"[ T]00:00(:00)?$")


def day_of(written: str) -> str:
    """Return a day as ISO 8601 where it is one, day before month; else what was written."""
    text = _TIME.sub("", " ".join(written.split()))
    try:
        return date.fromisoformat(text).isoformat() if "-" in text else _parsed(text)
    except ValueError:
        return _parsed(text)


def _parsed(text: str) -> str:
    for pattern in _DATES:
        try:
            return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return text


def folded(words: str) -> str:
    """Return words as they are compared: letters and digits, no capitals, no accents."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    return "".join(each for each in plain if each.isalnum())
