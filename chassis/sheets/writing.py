"""Files of comma-separated values that every spreadsheet opens, in which nothing that somebody wrote is taken for a formula."""

import csv
import io
from collections.abc import Iterable
from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - spreadsheets take the wide ones for formulas too
"""What a cell begins with that a spreadsheet works out (OWASP, CSV injection)."""
MARK: Final = "'"


def csv_of(headings: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """Return a file of comma-separated values with the mark that lets every spreadsheet read it as UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([safe(heading) for heading in headings])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return "\ufeff" + file.getvalue()


def safe(cell: object) -> str:
    """Return what stands in a cell; what a spreadsheet would take for a formula begins with an apostrophe."""
    text = "" if cell is None else str(cell)
    return f"{MARK}{text}" if text.lstrip(" ").startswith(FORMULA) else text


def unmarked(cell: str) -> str:
    """Return what stood in a cell before `safe` wrote it: a file that we wrote may come back."""
    rest = cell.removeprefix(MARK)
    return rest if rest != cell and rest.lstrip(" ").startswith(FORMULA) else cell
