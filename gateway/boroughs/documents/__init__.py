"""What a borough accepts before it begins: the terms of use and the data-processing agreement, edition by edition.

An edition that somebody accepted never changes: a change is a new file with the next number. What an acceptance keeps of the
text is its digest, so that an edition that was altered all the same is found out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

TITLES: Final[Mapping[str, str]] = {"terms": "Terms of use", "data_processing": "Data-processing agreement"}
CURRENT: Final[Mapping[str, str]] = {"terms": "1", "data_processing": "1"}
"""The edition of each document that a borough accepts now."""


@dataclass(frozen=True, slots=True)
class Document:
    """One edition of a document.

    Attributes:
        kind, edition: for example ``terms`` and ``1``.
        html: the text, as headings, paragraphs and lists; ours alone, so it is shown as it is.
        digest: SHA-256 of it, in hexadecimal.
    """

    kind: str
    edition: str
    html: str
    digest: str

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.kind]


@cache
def document(kind: str, edition: str) -> Document:
    """Return one edition of a document.

    Raises:
        KeyError: there is none.
    """
    if kind not in TITLES or edition not in editions(kind):
        raise KeyError(f"{kind} {edition}")
    text = _file(kind, edition).read_text(encoding="utf-8")
    return Document(kind, edition, text, sha256(text.encode()).hexdigest())


@cache
def editions(kind: str) -> tuple[str, ...]:
    """Return the editions that there are of a document, oldest first."""
    return tuple(str(number) for number in range(1, int(CURRENT[kind]) + 1))


def _file(kind: str, edition: str) -> Path:
    return Path(__file__).parent / f"{kind}-{edition}.html"
