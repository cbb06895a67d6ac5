"""What a row says, and what is wrong with it: by the schema of a referral, in the words of its form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from marshmallow import ValidationError

from chassis.errors import Invalid
from chassis.schemas import instance_of
from chassis.sheets import BadSheet, Column, Laid, Sheet, faults_by_heading, laid_out, read_sheet, unmarked
from services.referrals.contract.importing import COLUMNS, LARGEST_BYTES, MOST_COLUMNS, MOST_ROWS, NOTE_COLUMNS, SPLIT, WaitingListRow

Check = Callable[[dict[str, Any]], None]
"""Raises Invalid where a loaded referral does not fit the borough's policy."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row judged.

    Attributes:
        request: the referral that it asks for; None where something is wrong.
        faults: what is wrong, by heading.
    """

    request: dict[str, Any] | None
    faults: dict[str, str] = field(default_factory=dict)


class Judge:
    """Judges the rows of one file.

    Args:
        headings: as they stand in the file.
        check: what else must hold, beside the schema.
    """

    def __init__(self, headings: Sequence[str], check: Check) -> None:
        self._headings = headings
        self._columns: list[Column | None] = [COLUMNS.known(heading) for heading in headings]
        self._check = check

    def judged(self, cells: Sequence[str]) -> Judged:
        """Return what a row asks for, or what is wrong with it."""
        laid = self.laid(cells)
        too_many = len(cells) > len(self._headings) and any(cell.strip() for cell in cells[len(self._headings) :])
        faults = {"": "This row has more cells than there are headings. Look for a stray separator."} if too_many else {}
        try:
            request: dict[str, Any] = instance_of(WaitingListRow).load(laid.values)
            self._check(request)
        except ValidationError as wrong:
            return Judged(None, self._told(wrong.messages_dict, laid, faults))
        except Invalid as wrong:
            return Judged(None, self._told(wrong.faults or {"_schema": wrong.message}, laid, faults))
        faults |= laid.faults
        return Judged(None if faults else request, faults)

    def laid(self, cells: Sequence[str]) -> Laid:
        """Return a row as its schema has it, not judged."""
        return laid_out(self._columns, [unmarked(cell) for cell in cells], self._headings)

    def _told(self, messages: dict[str, Any], laid: Laid, faults: dict[str, str]) -> dict[str, str]:
        return {**faults, **faults_by_heading(messages, self._columns, self._headings, laid)}


def unread(headings: Sequence[str]) -> list[str]:
    """Return the headings of columns that are not read."""
    ours = {note.casefold() for note in NOTE_COLUMNS}
    return [heading for heading in headings if heading.casefold() not in ours and COLUMNS.known(heading) is None]


def open_sheet(raw: bytes) -> tuple[Sheet, int]:
    """Read a file with its headings; return it with the number of its rows.

    Raises:
        BadSheet: it is too large or too wide, no table, empty, lacks columns that are needed, or has one twice.
    """
    if len(raw) > LARGEST_BYTES:
        raise BadSheet(f"This file is larger than {LARGEST_BYTES // 1_000_000} MB. {SPLIT}")
    sheet = read_sheet(raw)
    _require_columns(sheet.headings)
    total = sum(1 for _ in islice((row for row in sheet.rows() if not row.is_blank), MOST_ROWS + 1))
    if total > MOST_ROWS:
        raise BadSheet(f"This file has more than {MOST_ROWS:,} rows. {SPLIT}")
    if not total:
        raise BadSheet("There is no row under the headings. Send a file with a row for each family.")
    return sheet, total


def _require_columns(headings: Sequence[str]) -> None:
    if len(headings) > MOST_COLUMNS:
        raise BadSheet(f"This file has more than {MOST_COLUMNS} columns. Remove those that are empty, and those that are not ours.")
    columns = [COLUMNS.known(heading) for heading in headings]
    known = [column.label for column in columns if column]
    twice = sorted({label for label in known if known.count(label) > 1})
    if twice:
        raise BadSheet(f"These columns are in the file twice: {', '.join(twice)}. Remove one of each.")
    if missing := COLUMNS.missing_from(columns):
        raise BadSheet(f"These columns are missing: {', '.join(missing)}. Take the headings from the template.")
