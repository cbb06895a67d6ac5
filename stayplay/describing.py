"""A borough's description in YAML, read strictly: every value keeps the line that it stands on, so that each fault can name it.

YAML can do far more than describe a borough. What it does not need is refused: references (with which a small file becomes a huge
one), tags (with which a file makes objects), the same name twice, several documents. A plain word stays a word: ``no`` is no
``false``, ``20:00`` no number, and a day stays as it is written until its field reads it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml
from marshmallow import Schema

LARGEST: Final = 64 * 1024
"""Bytes. A description of fifty agencies and a hundred venues takes a third of it."""
DEEPEST: Final = 8
MOST_VALUES: Final = 4000
_KINDS: Final = ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
_PLAIN: Final = {f"tag:yaml.org,2002:{kind}" for kind in _KINDS}
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}
_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,8})")

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        line: where in the file, counted from 1.
        place: names and positions that lead there, for example ``("agencies", 1, "kind")``.
        message: what to do about it.
    """

    line: int
    place: Place
    message: str

    def __str__(self) -> str:
        where = ", ".join(str(part + 1) if isinstance(part, int) else part for part in self.place)
        return f"line {self.line}: {f'{where}: ' if where else ''}{self.message}"


class Faulty(Exception):
    """A description that can't be used.

    Attributes:
        faults: everything that is wrong with it, in the order of the file.
    """

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.line, str(fault.place), fault.message))
        super().__init__("; ".join(map(str, self.faults)))


@dataclass(slots=True)
class Description:
    """What a file says.

    Attributes:
        values: by name.
        lines: of each value, by its place.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)

    def check(self, schema: Schema) -> None:
        """Hold it against a schema.

        Raises:
            Faulty: with everything that does not fit, each at its line.
        """
        faults = schema.validate(self.values)
        if faults:
            raise self.faulty(faults)

    def faulty(self, faults: Mapping[Any, Any]) -> Faulty:
        """Return the faults that a schema found, nested as the data is, each at its line; what is missing at its parent's."""
        return Faulty([Fault(self._line(place), place, message) for place, message in _flat(faults)])

    def _line(self, place: Place) -> int:
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def described(file: Path) -> Description:
    """Return what a YAML file says.

    Raises:
        Faulty: it is no YAML, too large, or uses what a description does not need.
    """
    return read(_text(file))


def read(text: str) -> Description:
    """Return what a text in YAML says. Raises Faulty as `described`."""
    try:
        node = _Loader(text).get_single_node()
    except yaml.reader.ReaderError as fault:
        raise Faulty([Fault(text[: fault.position].count("\n") + 1, (), "It holds characters that can't be printed.")]) from None
    except yaml.YAMLError as fault:
        raise Faulty([_syntax(fault)]) from None
    except _TooMuch as fault:
        raise Faulty([fault.fault]) from None
    if not isinstance(node, yaml.MappingNode):
        raise Faulty([Fault(1, (), "It must hold names with values, such as slug: southwark.")])
    reading = _Reading()
    values = reading.value(node, ())
    if reading.faults:
        raise Faulty(reading.faults)
    return Description(values, reading.lines)


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        raw = opened.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Faulty([Fault(1, (), f"It is larger than {LARGEST // 1024} KiB: no description of a borough is.")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Faulty([Fault(raw[: fault.start].count(b"\n") + 1, (), "It is not UTF-8 from here on.")]) from None


class _TooMuch(Exception):
    def __init__(self, mark: yaml.Mark, message: str) -> None:
        self.fault = Fault(mark.line + 1, (), message)
        super().__init__(message)


class _Loader(yaml.SafeLoader):
    """Composes nodes and nothing else; stops where a file wants more than a description needs."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._values = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node. Raises _TooMuch for a reference, too deep a nesting or too many values."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it out
        if event.anchor:
            raise _TooMuch(event.start_mark, "References (& and *) are not used here: write the value out.")
        self._depth += 1
        self._values += 1
        if self._depth > DEEPEST or self._values > MOST_VALUES:
            raise _TooMuch(event.start_mark, "It holds far more than the description of a borough.")
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _syntax(fault: yaml.YAMLError) -> Fault:
    mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    line = mark.line + 1 if mark else 1
    problem = getattr(fault, "problem", None) or getattr(fault, "reason", None) or "it can't be read"
    return Fault(line, (), f"This is not YAML: {problem}.")


@dataclass(slots=True)
class _Reading:
    """Makes plain values of nodes, and notes where each stands."""

    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.lines[place] = node.start_mark.line + 1
        if node.tag not in _PLAIN:
            self._fault(node, place, "Tags (!) are not used here.")
            return None
        if isinstance(node, yaml.MappingNode):
            return {name: self.value(inner, (*place, name)) for name, inner in self._named(node, place)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(inner, (*place, number)) for number, inner in enumerate(node.value)]
        return _scalar(node)

    def _named(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, yaml.Node]]:
        seen: set[str] = set()
        for key, inner in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag not in _PLAIN:
                self._fault(key, place, "A name must be a plain word.")
            elif key.value in seen:
                self._fault(key, (*place, key.value), "This name stands here twice.")
            else:
                seen.add(key.value)
                yield key.value, inner

    def _fault(self, node: yaml.Node, place: Place, message: str) -> None:
        self.faults.append(Fault(node.start_mark.line + 1, place, message))


def _scalar(node: yaml.Node) -> Any:
    written = str(node.value)
    if isinstance(node, yaml.ScalarNode) and node.style:
        return written
    if written.casefold() in _WORDS:
        return _WORDS[written.casefold()]
    return int(written) if _WHOLE.fullmatch(written) else written


def _flat(faults: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    if isinstance(faults, Mapping):
        for name, inner in faults.items():
            part = int(name) if isinstance(name, str) and name.isdecimal() else name
            yield from _flat(inner, place if part == "_schema" else (*place, part))
    elif isinstance(faults, list):
        for inner in faults:
            yield from _flat(inner, place)
    else:
        yield place, str(faults)
