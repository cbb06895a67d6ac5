"""A contract writes what marshmallow would write, by a shorter way."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields

from chassis.schemas import Contract, Text, day, identifier, many, moment, nested, page_of, some_of, text, whole, yes_no


class Child(Contract):
    """Somebody small."""

    name = text("Name")
    born = day("Born", required=False)


class Family(Contract):
    """Everything that a field can be."""

    id = identifier()
    words = text("Words", required=False)
    seen_at = moment("Seen")
    number = whole("Number", ge=0, le=10)
    agrees = yes_no("Agrees")
    ways = some_of("Ways", {"phone": "Phone", "text": "Text"})
    first = nested(Child, "First", required=False)
    children = many(Child, "Children")
    given = fields.String(dump_default="by default")


class Page(NamedTuple):
    """What has ``__getitem__`` and attributes."""

    items: list[Any]
    next: str | None
    total: int | None


CHILDREN = st.fixed_dictionaries({"name": st.text(), "born": st.none() | st.dates()})
FAMILIES = st.fixed_dictionaries(
    {"id": st.uuids(), "seen_at": st.datetimes(timezones=st.just(UTC)), "number": st.integers(0, 10), "agrees": st.booleans()},
    optional={
        "words": st.none() | st.text(),
        "ways": st.lists(st.sampled_from(["phone", "text"])),
        "first": st.none() | CHILDREN,
        "children": st.lists(CHILDREN, max_size=3),
        "given": st.text(),
        "unasked": st.text(),
    },
)


def by_marshmallow(contract: type[Contract], thing: Any) -> Any:
    """Return what the library writes, the contract's own way put aside."""
    plain = {name: _plain(field) for name, field in contract().fields.items()}
    return Schema.from_dict(plain)().dump(thing)


def _plain(field: fields.Field[Any]) -> fields.Field[Any]:
    if isinstance(field, fields.Nested):
        return fields.Nested(Schema.from_dict({"name": text("Name"), "born": day("Born", required=False)}))
    return fields.List(_plain(field.inner)) if isinstance(field, fields.List) else field


def as_object(value: Any) -> Any:
    if isinstance(value, dict):
        return SimpleNamespace(**{name: as_object(inner) for name, inner in value.items()})
    return [as_object(inner) for inner in value] if isinstance(value, list) else value


@given(FAMILIES)
def test_a_dictionary_is_written_as_marshmallow_writes_it(family: dict[str, Any]) -> None:
    assert Family().dump(family) == by_marshmallow(Family, family)


@given(FAMILIES)
def test_an_object_is_written_as_the_dictionary_of_its_attributes(family: dict[str, Any]) -> None:
    assert Family().dump(as_object(family)) == Family().dump(family)


@given(FAMILIES)
def test_any_other_mapping_is_read_by_its_keys(family: Mapping[str, Any]) -> None:
    assert Family().dump(MappingProxyType(dict(family))) == Family().dump(family)


def test_a_mapping_with_a_key_that_is_a_method_of_mappings_gives_the_key() -> None:
    page: dict[str, Any] = {"items": [{"name": "Finn", "born": date(2024, 7, 16)}], "next": None, "total": 1}
    written = {**page, "items": [{"name": "Finn", "born": "2024-07-16"}]}
    shapes = (page, MappingProxyType(page), Page(**page), SimpleNamespace(**page))
    assert [page_of(Child)().dump(shape) for shape in shapes] == [written] * 4


def test_what_is_absent_is_left_out_unless_it_has_a_default() -> None:
    assert Family().dump({}) == {"given": "by default"}


def test_several_at_once_are_written_one_by_one() -> None:
    identity = UUID(int=7)
    told = {"id": identity, "seen_at": datetime(2026, 11, 23, tzinfo=UTC)}
    assert Family().dump([told, told], many=True) == [Family().dump(told)] * 2


@pytest.mark.parametrize("other_name", [{"attribute": "own_name"}, {"data_key": "ownName"}])
def test_a_field_has_one_name(other_name: dict[str, Any]) -> None:
    renamed = type("Renamed", (Contract,), {"name": fields.String(**other_name)})
    with pytest.raises(TypeError, match=r"Renamed\.name: a field of a contract has one name"):
        renamed()


@pytest.mark.parametrize("fine", ["Doyle", "two\nlines", "a\ttab", "non\N{NO-BREAK SPACE}breaking", "sof\N{SOFT HYPHEN}t", "Ṣọlá", "👶"])
def test_a_text_may_hold_everything_that_can_be_printed(fine: str) -> None:
    assert Text().deserialize(fine)


@pytest.mark.parametrize("control", ["nul\x00", "bell\x07", "escape\x1b[0m", "delete\x7f", "c1\x85here", "half\ud800"])
def test_a_text_without_control_characters_only(control: str) -> None:
    with pytest.raises(ValidationError):
        Text().deserialize(f"before {control} after")


class Listed(Contract):
    """A contract with a field that is called as a method of every dictionary is."""

    items = fields.List(fields.String(), required=True)
    keys = fields.String(dump_default="none")


def test_a_field_that_is_called_as_a_method_of_a_dictionary_is_missing_where_it_is_not_given() -> None:
    assert Listed().dump({}) == Listed().dump(MappingProxyType({})) == {"keys": "none"}
    assert Listed(many=True).dump([{}, {"items": ["one"]}]) == [{"keys": "none"}, {"keys": "none", "items": ["one"]}]
