"""What the OpenAPI document says of a view; made from the contract's schemas, which also read what is sent."""

from collections.abc import Callable
from typing import Any, Final

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from gateway.access.roles import ALLOWED_TO_ANYBODY
from gateway.access.scopes import OF_EVERY_SYSTEM, SCOPES
from gateway.api.refusals import refusals

METHODS: Final = frozenset({"get", "post", "put", "patch", "delete"})
PERMISSION: Final = "x-permission"
"""Where an operation of a borough says what it needs: a permission of docs/access.md."""
KEY_PARAMETER: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "Any new text of 8 to 64 letters, digits or hyphens. The same key with the same request gets the same answer.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9-]{8,64}$"},
}
AT_PARAMETER: Final = {
    "in": "header",
    "name": "Stay-Play-At",
    "required": False,
    "description": "The moment that the request is dated at. Only a practice borough takes it.",
    "schema": {"type": "string", "format": "date-time"},
}


def described(
    summary: str,
    reply: type[Schema] | None,
    *,
    method: str = "GET",
    status: int = 200,
    request: type[Schema] | None = None,
    within_path: tuple[str, ...] = (),
    with_key: bool = False,
    security: list[dict[str, list[str]]] | None = None,
    permission: str = "",
) -> dict[str, Any]:
    """Return the description of one operation.

    Args:
        summary: a few words.
        reply: schema of the answer; None where there is none.
        method, status: as in the table of routes.
        request: schema of the arguments.
        within_path: those of them that the path holds.
        with_key: it needs an idempotency key.
        security: other than that of the whole document; an empty list where nothing is needed.
        permission: what it needs in the borough of its address.
    """
    found: dict[str, Any] = {"summary": summary, "responses": _responses(reply, status), "parameters": []}
    asked = request(exclude=within_path) if request is not None else None
    if asked is not None and asked.fields and method == "GET":
        found["parameters"].append({"in": "query", "schema": asked})
    if asked is not None and method != "GET":
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": asked}}}
    if with_key:
        found["parameters"].append(KEY_PARAMETER)
    if security is not None:
        return {**found, "security": security}
    found["parameters"].append(AT_PARAMETER)
    return {**found, **_for_systems(permission)}


def _for_systems(permission: str) -> dict[str, Any]:
    """Say what an operation needs, and which scope opens it to systems."""
    named = {PERMISSION: permission} if permission else {}
    if permission in ALLOWED_TO_ANYBODY:
        return {**named, "security": [{}, {"session": []}]}
    if permission in OF_EVERY_SYSTEM:
        return {**named, "security": [{"system": []}]}
    return {**named, "security": [{"session": []}, {"system": [permission]}]} if permission in SCOPES else named


def _responses(reply: type[Schema] | None, status: int) -> dict[str, Any]:
    content = {"application/json": {"schema": reply}} if reply is not None else {}
    return {str(status): {"description": "Done", **({"content": content} if content else {})}}


def place(blueprint: Blueprint, method: str, path: str, view: Callable[..., Response], description: dict[str, Any], name: str = "") -> None:
    """Add a view to a blueprint, and its description with its refusals to the document; ``name`` where the function's own is not it."""
    responses = description["responses"] | refusals(method, f"{blueprint.url_prefix}{path}", view, description)
    documented = blueprint.doc(**{**description, "responses": responses})(view)
    blueprint.add_url_rule(path, name or view.__name__, documented, methods=[method])


def plugin() -> MarshmallowPlugin:
    """Return the plug-in that reads schemas, with names that tell apart what the services call alike."""
    return MarshmallowPlugin(schema_name_resolver=_name)


def teach_words(converter: Any) -> None:
    """Let the document say the words of a field: its label as title, its hint as description, what each code means."""
    converter.add_attribute_function(_words)
    converter.add_attribute_function(_codes_of_items)
    converter.add_attribute_function(_pattern)


def _words(_converter: object, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    metadata = field.metadata
    found = {"title": metadata.get("label"), "description": metadata.get("hint"), "x-words": metadata.get("choices")}
    return {name: value for name, value in found.items() if value}


def _codes_of_items(_converter: object, field: fields.Field[Any], ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say of the items of a list which codes they may be; the library says it of the list."""
    if isinstance(field, fields.List) and "enum" in ret:
        return {"items": {**ret["items"], "enum": ret.pop("enum")}}
    return {}


def _pattern(_converter: object, _field: fields.Field[Any], ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say a pattern as JSON Schema has them, whose ends are other signs than Python's; ours are matched from the beginning."""
    if "pattern" not in ret:
        return {}
    written: str = ret["pattern"]
    within = written.removeprefix(r"\A").removeprefix("^")
    return {"pattern": f"^{within[:-2]}$" if within.endswith(r"\Z") else f"^{within}"}


def _name(schema: type[Schema] | Schema) -> str:
    """Return the name of a schema in the document: ``SessionsVenue``, ``ReferralsAcceptRequestWithoutReferralId``."""
    cls: Any = resolve_schema_cls(schema)
    left_out = "".join(part.title().replace("_", "") for part in sorted(getattr(schema, "exclude", ())))
    return f"{_home(cls.__module__)}{cls.__name__}{f'Without{left_out}' if left_out else ''}"


def _home(module: str) -> str:
    parts = module.split(".")
    return parts[1].title() if parts[0] == "services" else ""
