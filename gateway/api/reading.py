"""What came with a request, read strictly."""

import json
import re
from typing import Any, Final, NoReturn

from flask import request
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from chassis.errors import Invalid, KeyNeeded, Unreadable
from chassis.schemas import instance_of

_KEY: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_DIGITS: Final = re.compile(r"[0-9]{1,9}")


def idempotency_key() -> str:
    """Return the request's idempotency key.

    Raises:
        KeyNeeded: there is none, or it is not one.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise KeyNeeded
    return key


def arguments(schema: type[Schema], path: dict[str, Any]) -> dict[str, Any]:
    """Return the typed arguments: what is in the path, and beside it the body of a POST or the query of a GET.

    Raises:
        Unreadable: the body is not a JSON object in UTF-8.
        Invalid: something is missing, unknown, or of another type; the faults are named by field.
        TooLarge: the body is over the limit.
    """
    known = instance_of(schema)
    given = query(known) if request.method == "GET" else body()
    twice = given.keys() & path.keys()
    if twice:
        raise Invalid(faults={name: ["This is in the address already."] for name in sorted(twice)})
    try:
        loaded: dict[str, Any] = known.load({**given, **path})
    except ValidationError as fault:
        raise Invalid(faults=_faults(fault)) from None
    return loaded


def _faults(fault: ValidationError) -> dict[str, Any]:
    return fault.messages if isinstance(fault.messages, dict) else {"": fault.messages}


def body() -> dict[str, Any]:
    """Return the JSON object in the body; an empty body is an empty object.

    Raises:
        Unreadable: it is something else.
        TooLarge: it is over the limit.
    """
    raw = request.get_data(cache=False)
    if not raw:
        return {}
    if not request.is_json:
        raise Unreadable
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(found, dict):
        raise Unreadable("Send a JSON object: names with values in curly brackets.")
    return found


def query(schema: Schema) -> dict[str, Any]:
    """Return what the query of the address says, with lists and whole numbers where the schema has them."""
    return {name: _value(schema.fields.get(name), name, request.args) for name in request.args}


def _value(field: fields.Field[Any] | None, name: str, given: MultiDict[str, str]) -> Any:
    if isinstance(field, fields.List):
        return given.getlist(name)
    value = given[name]
    if isinstance(field, fields.Integer) and _DIGITS.fullmatch(value):
        return int(value)
    return value


def _refuse(constant: str) -> NoReturn:
    """NaN and Infinity are not JSON, whatever Python thinks."""
    raise ValueError(constant)
