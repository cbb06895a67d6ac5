"""Reading a file that somebody saved from a spreadsheet, whatever that made of it; what is no table says what to do instead."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chassis.errors import Invalid

SEPARATORS: Final = (",", ";", "\t", "|")
LONGEST_CELL: Final = 10_000
"""Characters of one cell; more is a quotation mark that was never closed."""
_KINDS: Final[Mapping[bytes, str]] = {
    b"PK": "a workbook or a ZIP archive, whatever its name ends with",
    b"\xd0\xcf\x11\xe0": "an older Excel workbook, whatever its name ends with",
    b"%PDF": "a PDF",
    b"{\\rtf": "a text document",
    b"\x1f\x8b": "a compressed file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
_SAVE_AS: Final = "Open it in your spreadsheet, choose Save as, and take \u201cCSV UTF-8 (comma delimited)\u201d."
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_NOTE: Final = "sep="


class BadSheet(Invalid):
    """The file can't be read as a table at all. Its fault is told as one of the field ``content``."""

    def __init__(self, words: str) -> None:
        super().__init__(faults={"content": [words]})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it came.

    Attributes:
        text: the whole file.
        encoding: how it was written: ``UTF-8``, ``UTF-16`` or ``Windows-1252``.
        separator: what stands between its cells.
        headings: of its columns, as they stand there.
        first_line: the line on which the first row begins; lines count from 0.
        first_number: the number of that row, as a spreadsheet has it.
    """

    text: str
    encoding: str
    separator: str
    headings: tuple[str, ...]
    first_line: int
    first_number: int

    def rows(self) -> Iterator["Row"]:
        """Yield the rows under the headings; raises BadSheet, as `rows_of`."""
        yield from rows_of(self.text, self.separator, self.first_line, self.first_number)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        number: as a spreadsheet counts it: from 1, the headings and blank rows too.
        cells: a text each.
        next_line: the line on which the row after it begins.
    """

    number: int
    cells: list[str]
    next_line: int

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(cell.strip() for cell in self.cells)


def rows_of(text: str, separator: str, from_line: int = 0, number: int = 1) -> Iterator[Row]:
    """Yield the rows of a text from a line on; the first is row ``number``.

    Raises:
        BadSheet: a quotation mark stands alone, so that nobody can tell where a cell ends.
    """
    reader = csv.reader((f"{line}\n" for line in text.removesuffix("\n").split("\n")[from_line:]), delimiter=separator, strict=True)
    try:
        for place, cells in enumerate(reader, number):
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise BadSheet(_never_closed(from_line + reader.line_num))
            yield Row(place, cells, from_line + reader.line_num)
    except csv.Error:
        raise BadSheet(_never_closed(from_line + reader.line_num)) from None


def read_sheet(raw: bytes) -> Sheet:
    """Read a file as a table, with its headings.

    Raises:
        BadSheet: it is empty, no table, or has no row of headings.
    """
    encoding, text = _decoded(raw)
    if not text.strip():
        raise BadSheet("The file is empty. Send one with a row of headings, and a row for each family.")
    separator, before = _separator(text)
    for row in rows_of(text, separator, before, before + 1):
        if not row.is_blank:
            headings = _without_blank_end([" ".join(cell.split()) for cell in row.cells])
            return Sheet(text, encoding, separator, headings, row.next_line, row.number + 1)
    raise BadSheet("The file has no headings. The first row says what goes in each column.")


def _decoded(raw: bytes) -> tuple[str, str]:
    kind = next((kind for start, kind in _KINDS.items() if raw.startswith(start)), None)
    if kind is not None:
        raise BadSheet(f"This is {kind}, and no CSV file. {_SAVE_AS}")
    for encoding, codec in (("UTF-16", "utf-16"),) if raw.startswith(_WIDE) else (("UTF-8", "utf-8-sig"), ("Windows-1252", "cp1252")):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return encoding, text.replace("\r\n", "\n").replace("\r", "\n")
    raise BadSheet(f"The letters of this file can't be read. {_SAVE_AS}")


def _separator(text: str) -> tuple[str, int]:
    """Return what stands between cells, and how many lines only say so: Excel writes ``sep=;`` before all others."""
    noted = text.partition("\n")[0].strip().strip('"')
    if noted.lower().startswith(_NOTE) and noted[len(_NOTE) : len(_NOTE) + 1] in SEPARATORS:
        return noted[len(_NOTE)], 1
    heading = next(line for line in text.split("\n") if line.strip())
    return max(SEPARATORS, key=lambda one: (_outside_quotes(heading, one), -SEPARATORS.index(one))), 0


def _outside_quotes(line: str, separator: str) -> int:
    return sum(part.count(separator) for part in line.split('"')[::2])


def _never_closed(line: int) -> str:
    return f"A quotation mark in or before line {line} stands alone, so nobody can tell where a cell ends. Remove it, or write two of them."


def _without_blank_end(headings: Sequence[str]) -> tuple[str, ...]:
    kept = list(headings)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)
