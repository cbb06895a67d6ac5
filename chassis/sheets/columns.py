"""The columns of a table that a contract schema describes: what each asks for, how its cells are read, where its faults stand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from marshmallow import Schema, fields, missing

from chassis.schemas import Day
from chassis.sheets.cells import NO, SEVERAL, YES, day_of, folded

Path = tuple[str | int, ...]


class Repeat(NamedTuple):
    """A list within the schema of which a table has room for some: ``Parent 1: First name``."""

    name: str
    label: str
    times: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        path: where its value lies, with numbers of items from 0.
        label: its heading.
        field: of the schema.
        needed: whether the table is of no use without it.
    """

    path: Path
    label: str
    field: fields.Field[Any]
    needed: bool

    @property
    def choices(self) -> Mapping[str, str]:
        """The answers that it takes, words by code; none where anything may be written."""
        found: Mapping[str, str] = self.field.metadata.get("choices") or ({"yes": "Yes", "no": "No"} if self._is_yes_no else {})
        return found

    @property
    def several(self) -> bool:
        """Whether a cell may hold several answers."""
        return isinstance(self.field, fields.List)

    @property
    def hint(self) -> str:
        """What helps to fill it in."""
        if isinstance(self.field, Day):
            return "A date, day first: 16/07/2024."
        return str(self.field.metadata.get("hint", ""))

    @property
    def _is_yes_no(self) -> bool:
        return isinstance(self.field, fields.Boolean)

    def value(self, cell: str) -> Any:
        """Return what a cell says as the schema would load it; what can't be made sense of stays as it is, for the schema to refuse."""
        written = cell.strip()
        if self._is_yes_no:
            word = written.casefold()
            return True if word in YES else False if word in NO else written
        if self.several:
            return [self._code(part) for part in SEVERAL.split(written) if part.strip()]
        if self.choices:
            return self._code(written)
        if isinstance(self.field, Day):
            return day_of(written)
        return int(written) if isinstance(self.field, fields.Integer) and written.isdecimal() and len(written) < 10 else written

    def _code(self, written: str) -> str:
        wanted = folded(written)
        return next((code for code, words in self.choices.items() if wanted in {folded(code), folded(words)}), written.strip())


class Columns:
    """The columns of a table.

    Args:
        schema: what one row is.
        repeats: lists within it that have columns, and for how many items; other lists of things have none.
        labels: other headings, by path with dots, such as ``referred_on``.
        leave_out: fields without a column, by path with dots and without numbers.
    """

    def __init__(
        self,
        schema: type[Schema],
        *,
        repeats: Sequence[Repeat] = (),
        labels: Mapping[str, str] | None = None,
        leave_out: frozenset[str] = frozenset(),
    ) -> None:
        self.schema = schema
        self._repeats = {each.name: each for each in repeats}
        self._labels = labels or {}
        self._leave_out = leave_out

    @cached_property
    def all(self) -> tuple[Column, ...]:
        """Every column, in the order of the schema."""
        return tuple(self._of(self.schema, (), "", needed=True))

    @cached_property
    def _known(self) -> dict[str, Column]:
        by_path = {folded(" ".join(str(part + 1 if isinstance(part, int) else part) for part in one.path)): one for one in self.all}
        return {**by_path, **{folded(column.label): column for column in self.all}}

    def known(self, heading: str) -> Column | None:
        """Return the column that a heading means: by its label or its name, however it is written; None for one that we do not read."""
        return self._known.get(folded(heading))

    def _of(self, schema: type[Schema], path: Path, before: str, *, needed: bool) -> Iterator[Column]:
        for name, field in schema().fields.items():
            here, inner = (*path, name), _inner(field)
            plain = ".".join(part for part in here if isinstance(part, str))
            if plain in self._leave_out or isinstance(field, fields.UUID):
                continue
            required = needed and field.required and field.load_default is missing
            if isinstance(field, fields.Nested) and inner:
                yield from self._of(inner, here, before, needed=required)
            elif isinstance(field, fields.List) and inner:
                yield from self._repeated(inner, here, needed=required)
            elif not isinstance(field, fields.Dict):
                label = self._labels.get(plain) or str(field.metadata.get("label", name))
                yield Column(here, f"{before}{label.rstrip('?:')}", field, required)

    def _repeated(self, inner: type[Schema], path: Path, *, needed: bool) -> Iterator[Column]:
        repeat = self._repeats.get(str(path[-1]), Repeat("", "", 0))
        for place in range(repeat.times):
            yield from self._of(inner, (*path, place), f"{repeat.label} {place + 1}: ", needed=needed and place == 0)

    def missing_from(self, columns: Sequence[Column | None]) -> list[str]:
        """Return the headings that a table needs and does not have."""
        there = {column.path for column in columns if column}
        return [column.label for column in self.all if column.needed and column.path not in there]


def _inner(field: fields.Field[Any]) -> type[Schema] | None:
    held = field.inner if isinstance(field, fields.List) else field
    return type(held.schema) if isinstance(held, fields.Nested) else None
