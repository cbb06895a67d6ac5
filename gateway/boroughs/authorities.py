"""The local authorities of England, by the code of the Office for National Statistics (GSS).

London's boroughs are listed (``data/london_boroughs.csv``) and offered; any other authority of England gives its code.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

ENGLISH_CODE: Final = r"E(?:06|07|08|09|10)[0-9]{6}"
"""Unitary authorities E06, districts E07, metropolitan districts E08, London boroughs E09, counties E10."""


@cache
def london() -> Mapping[str, str]:
    """Return London's boroughs, code and name, by name."""
    path = Path(__file__).parent / "data" / "london_boroughs.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["gss_code"]: row["name"] for row in csv.DictReader(file)}
    return dict(sorted(rows.items(), key=lambda row: row[1]))


def slug_of(name: str) -> str:
    """Return a name for addresses made of a borough's own, for example ``kensington-and-chelsea``."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40].rstrip("-")
