"""A look into contracts: which fields there are, and which entrypoints answer."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from chassis.rpc import Rpc


def entrypoints(service: type[Any]) -> set[str]:
    """Return the names of the operations that a service answers."""
    return {
        entrypoint.operation.name
        for name in dir(service)
        for entrypoint in getattr(getattr(service, name), ENTRYPOINT_EXTENSIONS_ATTR, ())
        if isinstance(entrypoint, Rpc)
    }


def leaves(schema: type[Schema] | Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    """Yield every field of a schema and of the schemas within it, with its name."""
    known = schema if isinstance(schema, Schema) else schema()
    for name, field in known.fields.items():
        yield name, field
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from leaves(inner.schema)


def unknown_is_refused(schema: type[Schema]) -> bool:
    """Tell whether a field that the schema does not name is refused."""
    return schema().validate({"favourite_colour": "red"}).get("favourite_colour") == ["Unknown field."]
