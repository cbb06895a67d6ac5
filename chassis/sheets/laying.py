"""A row of a table laid out as its schema has it, and what is wrong with it told by heading."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chassis.sheets.columns import Column, Path

Values = dict[str, Any]

_REFUSED: Final = ("=", "@", "\t", "\r", "＝", "＠")  # noqa: RUF001 - spreadsheets take the wide ones for formulas too
_FORMULA: Final = "{}: this begins like a formula. Remove the first character."
_MACHINE_WORDS: Final[Mapping[str, str]] = {
    "Missing data for required field.": "this is needed.",
    "Field may not be null.": "this is needed.",
    "Not a valid boolean.": "write yes or no.",
    "Not a valid integer.": "write a whole number.",
    "Not a valid list.": "write one or more of the answers, with semicolons between.",
}


@dataclass(frozen=True, slots=True)
class Laid:
    """A row laid out as its schema has it.

    Attributes:
        values: what the schema loads.
        faults: what is wrong already, by heading.
        places: for each list, the number of each item in the table: an item that is left empty between others is not there.
    """

    values: Values
    faults: dict[str, str]
    places: dict[Path, list[int]]


def laid_out(columns: Sequence[Column | None], cells: Sequence[str], said: Sequence[str]) -> Laid:
    """Return a row as its schema has it; empty cells are absent.

    Args:
        columns: what goes in each column; None for one that is not read.
        cells: of the row.
        said: the headings, as they stand in the file.
    """
    tree: Values = {}
    faults: dict[str, str] = {}
    for column, cell, heading in zip(columns, cells, said, strict=False):
        if column is None or not cell.strip():
            continue
        if cell.lstrip(" ").startswith(_REFUSED):
            faults[heading] = _FORMULA.format(column.label)
        _put(tree, column.path, column.value(cell))
    places: dict[Path, list[int]] = {}
    return Laid(_dense(tree, (), places), faults, places)


def faults_by_heading(messages: Mapping[Any, Any], columns: Sequence[Column | None], said: Sequence[str], laid: Laid) -> dict[str, str]:
    """Return one message a heading; under an empty heading what belongs to no column of this table."""
    headings = {column.path: heading for column, heading in zip(columns, said, strict=False) if column}
    labels = {column.path: column.label for column in columns if column}
    found = dict(laid.faults)
    for path, message in _flat(messages):
        there = _in_table(path, laid.places)
        at = next((there[:end] for end in range(len(there), 0, -1) if there[:end] in headings), ())
        heading = headings.get(at, "")
        found.setdefault(heading, _plain(message, labels.get(at, str(there[-1] if there else ""))))
    return found


def _flat(messages: Mapping[Any, Any], path: Path = ()) -> Iterator[tuple[Path, str]]:
    for key, found in messages.items():
        here = path if key == "_schema" else (*path, key)
        if isinstance(found, Mapping):
            yield from _flat(found, here)
        elif found:
            yield here, str(found[0] if isinstance(found, list) else found)


def _in_table(path: Path, places: Mapping[Path, Sequence[int]]) -> Path:
    """Return a path of the loaded values as the table numbers it."""
    there: Path = ()
    for part in path:
        known = places.get(there) if isinstance(part, int) else None
        there = (*there, known[part] if known and isinstance(part, int) and part < len(known) else part)
    return tuple(int(part) if isinstance(part, str) and part.isdecimal() else part for part in there)


def _plain(message: str, label: str) -> str:
    words = _MACHINE_WORDS.get(message)
    said = f"{label}: {words}" if words else message
    return said.replace("for example 2024-07-16", "for example 16/07/2024")


def _put(tree: Values, path: Path, value: Any) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part, {})  # type: ignore[arg-type]  # numbers of items until `_dense` makes lists of them
    tree[path[-1]] = value  # type: ignore[index]  # as above


def _dense(tree: Any, path: Path, places: dict[Path, list[int]]) -> Any:
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(key, int) for key in tree):
        places[path] = sorted(tree)
        return [_dense(tree[place], (*path, place), places) for place in places[path]]
    return {key: _dense(inner, (*path, key), places) for key, inner in tree.items()}
