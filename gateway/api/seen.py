"""The part of the API's document that whoever asks may use: a client sees only its scopes."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from marshmallow import INCLUDE, Schema, fields

from gateway.access import current
from gateway.api.document import METHODS, PERMISSION

Json = dict[str, Any]
_POINTER = re.compile(r"#/components/schemas/(.+)")


class Document(Schema):
    """An OpenAPI document."""

    class Meta:
        """The rest of it is OpenAPI's."""

        unknown = INCLUDE

    openapi = fields.String(required=True)
    paths = fields.Dict(keys=fields.String(), required=True)


def seen(whole: Json) -> Json:
    """Return of the ``whole`` document what whoever asks may do in the borough of the address, and in their own account."""
    system = current.system() is not None
    return part_of(whole, _of_a_system if system else _of_a_member, schemes={"system"} if system else {"session"})


def _of_a_system(operation: Json) -> bool:
    return current.may(operation.get(PERMISSION, "")) or {"system": []} in operation.get("security", [])


def _of_a_member(operation: Json) -> bool:
    if PERMISSION in operation:
        return current.may(operation[PERMISSION])
    return all("operator" not in one for one in operation.get("security", []))


def part_of(whole: Json, may: Callable[[Json], bool], *, schemes: set[str]) -> Json:
    """Return the document with only those operations that ``may`` lets pass, and what they speak of.

    Args:
        whole: the document; it stays as it is.
        may: tells whether an operation is shown.
        schemes: names of the ways to show who one is that are shown.
    """
    paths = {path: kept for path, item in whole["paths"].items() if (kept := _item(item, may, schemes))}
    tags = {tag for item in paths.values() for method in METHODS & item.keys() for tag in item[method].get("tags", [])}
    components = whole["components"]
    return {
        **whole,
        "paths": paths,
        "security": [{name: []} for name in sorted(schemes)],
        "tags": [tag for tag in whole.get("tags", []) if tag["name"] in tags],
        "components": {
            **components,
            "schemas": _needed([paths, components.get("responses", {})], components["schemas"]),
            "securitySchemes": {name: one for name, one in components["securitySchemes"].items() if name in schemes},
        },
    }


def _item(item: Json, may: Callable[[Json], bool], schemes: set[str]) -> Json:
    """Return the operations of one address; nothing where none is left."""
    kept = {name: _shown(part, schemes) if name in METHODS else part for name, part in item.items() if name not in METHODS or may(part)}
    return kept if METHODS & kept.keys() else {}


def _shown(operation: Json, schemes: set[str]) -> Json:
    ways = operation.get("security")
    return operation if not ways else {**operation, "security": [way for way in ways if way.keys() <= schemes]}


def _needed(parts: list[Json], schemas: Mapping[str, Json]) -> Json:
    """Return the schemas that are spoken of, and those that these speak of."""
    found: set[str] = set()
    waiting = set(_named(parts))
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= set(_named(schemas[name])) - found
    return {name: schema for name, schema in schemas.items() if name in found}


def _named(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        pointed = _POINTER.fullmatch(str(part.get("$ref", "")))
        if pointed:
            yield pointed[1]
        for inner in part.values():
            yield from _named(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _named(inner)
