"""Requests made from the platform's own descriptions: valid ones about a borough's own things, and the same with another id."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import chain, islice, permutations
from typing import Any, Self
from uuid import uuid4

from tests.support.isolation.rows import UUID, Databases, Holdings

Schema = Mapping[str, Any]
Place = tuple[str | int, ...]
METHODS = {"get", "post", "put", "patch", "delete"}

ALIASES = {
    **dict.fromkeys(("into_id", "merged_id", "other_id"), "family_id"),
    "merge_id": "family_merge_id", "of": "referral_id", "assessors": "member_id", "people": "children", "system_id": "system_token_id",
    "rows": "import_row_id", "assignee": "member_id", "child_id": "children",
}  # fmt: skip
"""What a field holds whose name does not say it."""

ALIASES_AT = {
    "/account/": {"session_id": "sign_in_id"},
    "/people/": {"session_id": "sign_in_id"},
    "/restrict": {"people": "member_id", "add": "member_id", "remove": "person_id"},
    "/parents": {"person_id": "parents", "child_id": "children"},
    "save_parent": {"person_id": "parents", "child_id": "children"},
    "/children": {"person_id": "children"},
    "save_child": {"person_id": "children"},
    "/take-out": {"person_id": "children"},
    "take_out_person": {"person_id": "children"},
    "{family_id}/contact": {"person_id": "parents"},
    "change_contact": {"person_id": "parents"},
    "{family_id}/needs": {"person_id": "children"},
    "change_needs": {"person_id": "children"},
    "/merge": {"merged": "children", "into": "children"},
    "compare_families": {"merged": "children", "into": "children", "people": "children"},
    "merge_families": {"merged": "children", "into": "children", "people": "children"},
    "/find-restricted": {"reference": "family_id"},
    "find_restricted": {"reference": "family_id"},
    "change_restriction": {"remove": "person_id"},
}
"""What it holds in some addresses, and in some operations, where it is another thing."""

PAIRS = {"assessors", "people", "add"}
"""Lists of members in which only two who may make a visit are let through."""

OF_PRACTITIONERS = {"assignee"}
"""Fields in which only a member who may make a visit is let through."""

TOLD_OF_ALL = (".outbox", ".inbox", ".answers", ".audit_entries")
"""Tables whose rows name things that have nothing else to do with each other."""

WORDS = {
    "postcode": "SE15 5BY", "phone": "07700 900123", "slug": "nowhere", "gss_code": "E09000028", "birth_date": "",
    "confirm": "ERASE", "starts_at": "10:00", "ends_at": "11:30", "pick_up_at": "09:35", "password": "three quiet words",
    "url": "https://nowhere.invalid/hook",
}  # fmt: skip
"""Texts that a rule of their own asks for."""

ASKED_BY_A_RULE = {"driver_name", "expected_date"}
"""Fields that the schema lets be absent, and a rule does not."""


@dataclass(frozen=True)
class Request:
    """One request, ready to be sent but for the session.

    Attributes:
        path: values of the parts of the address.
    """

    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None

    def having(self, place: Place, value: Any) -> "Request":
        """Return this request with another value at one place."""
        return Request(**_having({"path": self.path, "query": self.query, "body": self.body}, place, value))

    def at(self, place: Place) -> Any:
        """Return the value at a place; None where there is nothing."""
        inside: Any = {"path": self.path, "query": self.query, "body": self.body}
        for step in place:
            try:
                inside = inside[step]
            except (KeyError, IndexError, TypeError):
                return None
        return inside

    def ids(self) -> list[Place]:
        """Return the places at which there is an identifier, however deep."""
        whole = {"path": self.path, "query": self.query, "body": self.body}
        return [place for place, value in _leaves(whole) if isinstance(value, Id)]


class Id(str):  # noqa: SLOT000 - the kind beside the text is what it is for
    """An identifier, known as one by the schema that asked for it; ``of`` is the name of the field."""

    of: str

    def __new__(cls, value: str, of: str) -> Self:
        """Make one."""
        made = super().__new__(cls, value)
        made.of = of
        return made


def _having(whole: Any, place: Place, value: Any) -> Any:
    """Return a copy of a document with another value at one place; the rest of it is shared."""
    step, *further = place
    changed: Any = list(whole) if isinstance(whole, list) else dict(whole)
    changed[step] = _having(whole[step], tuple(further), value) if further else value
    return changed


def _leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*place, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*place, number))
    else:
        yield place, value


def _with_and_without(request: Request, place: Place) -> Iterator[Request]:
    """Yield the request, and the one that names nothing in its body or query beside what stands at ``place`` and what it must."""
    yield request
    for part in ("body", "query"):
        named = [other[1] for other in request.ids() if len(other) == 2 and other[0] == part and other != place]
        if named:
            left = {name: value for name, value in getattr(request, part).items() if name not in named}
            yield replace(request, **{part: left})


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of the document.

    Attributes:
        path, query: schemas of the parameters by name; those ``needed`` must be there.
    """

    method: str
    address: str
    path: Mapping[str, Schema]
    query: Mapping[str, Schema]
    body: Schema | None
    needed: frozenset[str]
    needs_key: bool

    @property
    def name(self) -> str:
        """Return method and address."""
        return f"{self.method} {self.address}"


def aliases(where: str) -> dict[str, str]:
    """Return what fields hold in an address or an operation, where their names do not say it."""
    return {name: kind for part, names in ALIASES_AT.items() if part in where for name, kind in names.items()}


def operations(document: Schema) -> list[Operation]:
    """Return every operation that an OpenAPI document describes."""
    found = []
    for address, item in document["paths"].items():
        shared = item.get("parameters", [])
        for method, what in item.items():
            if method not in METHODS:
                continue
            parameters = [*shared, *what.get("parameters", [])]
            by = {kind: {one["name"]: one["schema"] for one in parameters if one["in"] == kind} for kind in ("path", "query")}
            body = what.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            needs_key = any(one["name"] == "Idempotency-Key" for one in parameters)
            needed = frozenset(one["name"] for one in parameters if one.get("required"))
            found.append(Operation(method.upper(), address, by["path"], by["query"], body, needed, needs_key))
    return found


class Made:
    """Makes valid requests about a borough's own things.

    Args:
        components: the schemas of the document by name.
        own: what the databases hold of the borough.
        databases: asked for the present version of a thing.
        pair: two members who may make a joint visit.
    """

    def __init__(self, components: Mapping[str, Schema], own: Holdings, databases: Databases, slug: str, pair: Sequence[str] = ()) -> None:
        self._components, self._own, self._databases, self._slug, self._pair = components, own, databases, slug, pair
        self._here: Mapping[str, str] = {}

    def request(self, operation: Operation) -> Request:
        """Return a valid request for an operation, with an identifier wherever one may stand."""
        self._here = aliases(operation.address)
        path = {name: self._value(name, schema) for name, schema in operation.path.items()}
        query = {
            name: self._value(name, schema)
            for name, schema in operation.query.items()
            if self._holds_id(schema) or name in operation.needed
        }
        body = self._value("", operation.body) if operation.body is not None else None
        return self.fitting(Request(path, query, body))

    def fitting(self, request: Request) -> Request:
        """Return the request, ready to be sent: where it makes two families one, about two that can be, and their people."""
        return self.fresh(next(self._mergers(request), request))

    def fresh(self, request: Request) -> Request:
        """Return the request with the present versions of what it is about, as somebody sends it who has just looked."""
        if not isinstance(request.body, dict):
            return request
        body = {**request.body}
        if "version" in body:
            first = next((one for one in [*request.path.values(), *body.values()] if isinstance(one, Id)), "")
            body["version"] = self._version(first) or body["version"]
        for name in [name for name in body if name.endswith("_version")]:
            named = f"{name.removesuffix('_version')}_id"
            body[name] = self._version(str(request.path.get(named) or body.get(named))) or body[name]
        return replace(request, body=body)

    def variants(self, request: Request, place: Place) -> Iterator[Request]:
        """Yield the request about others of our things.

        First those that belong together: at ``place`` and at the first place of an identifier stands what one row names; then any,
        the newest first.
        """
        first = request.ids()[0]
        if place == first:
            pairs: Iterator[tuple[Id, Id]] = ((one, one) for one in self._newest(request.at(first))[:40])
        else:
            ones, others = (self._newest(request.at(at)) for at in (first, place))
            together = ((one, other) for one in ones for other in others if self._belong_together(one, other))
            pairs = chain(islice(together, 40), ((one, other) for one in ones[:20] for other in others[:6]))
        yield from self._mergers(request)
        for one, other in pairs:
            about = self._with_its_own(request.having(first, one), first, place).having(place, other)
            yield from _with_and_without(about, place)

    def _with_its_own(self, request: Request, first: Place, place: Place) -> Request:
        """Return the request with what belongs to the thing at ``first`` at the other places of its address, where there is one."""
        one = request.at(first)
        for beside in [other for other in request.ids() if other[0] == "path" and other not in (first, place)]:
            own = next((other for other in self._newest(request.at(beside)) if self._belong_together(one, other)), None)
            request = request.having(beside, own) if own else request
        return request

    def _newest(self, one: Id) -> list[Id]:
        return [Id(other, one.of) for other in reversed(self._own.named(one.of))] or [one]

    def _belong_together(self, one: str, other: str) -> bool:
        return not self._named_by.get(one, set()).isdisjoint(self._named_by.get(other, ()))

    @cached_property
    def _named_by(self) -> Mapping[str, set[int]]:
        """The rows that name each identifier, by their number."""
        found: dict[str, set[int]] = {}
        rows = [row for table, some in self._own.rows.items() if not table.endswith(TOLD_OF_ALL) for row in some]
        for number, row in enumerate(rows):
            for one in UUID.findall(row):
                found.setdefault(one, set()).add(number)
        return found

    def _mergers(self, request: Request) -> Iterator[Request]:
        """Yield a request that makes two families one about any two that can be, with a child of each; nothing of any other request."""
        if not isinstance(request.body, dict) or not {"merged_id", "people", "merged_version"} <= request.body.keys():
            return
        into = ("path", "into_id") if "into_id" in request.path else ("body", "into_id")
        for (ours, child), (theirs, other) in permutations(self._can_be_merged.items(), 2):
            people = [{"into": Id(child, "children"), "merged": Id(other, "children")}]
            about = request.having(into, Id(ours, "family_id")).having(("body", "merged_id"), Id(theirs, "family_id"))
            yield about.having(("body", "people"), people)

    @cached_property
    def _can_be_merged(self) -> Mapping[str, str]:
        """Families of ours on which nothing lies that keeps them from being made one with another, each with a child of it."""

        def rows(table: str) -> list[dict[str, Any]]:
            return [json.loads(row) for row in self._own.rows.get(f"referrals.public.{table}", ())]

        held = {row["family_id"] for row in rows("controls")} | {row["id"] for row in rows("family_restrictions")}
        free = {row["id"] for row in rows("families") if not row["merged_into"]} - held
        return {row["family_id"]: row["id"] for row in rows("children") if row["family_id"] in free}

    def value(self, name: str, schema: Schema, where: str = "") -> Any:
        """Return a value that fits a schema; ``where`` is the operation or the address that asks for it."""
        self._here = aliases(where)
        return self._value(name, schema)

    @cached_property
    def _tables(self) -> Mapping[str, str]:
        """The table that keeps each thing and its version."""
        rows = [(table, json.loads(row)) for table, some in self._own.rows.items() for row in some if '"version"' in row]
        return {row["id"]: table for table, row in rows if {"id", "version"} <= row.keys()}

    def _version(self, one: str) -> int | None:
        table = self._tables.get(one)
        if table is None:
            return None
        service, schema, name = table.split(".")
        row = self._databases.one(service, f'SELECT to_jsonb(t) FROM "{schema}"."{name}" t WHERE id = %s', str(one)) or {}
        found = row.get("version")
        return int(found) if found else None

    def _own_id(self, name: str) -> Id:
        wanted = self._here.get(name) or ALIASES.get(name, name)
        found = self._pair if name in OF_PRACTITIONERS and self._pair else self._own.named(wanted)
        return Id(found[0] if found else str(uuid4()), wanted)

    def _value(self, name: str, schema: Schema | None) -> Any:
        schema = self._resolved(schema or {})
        if "enum" in schema:
            return next((one for one in schema["enum"] if one is not None), None)
        if name == "borough":
            return self._slug
        if schema.get("format") == "uuid":
            return self._own_id(name)
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        kind = next((one for one in kinds if one != "null"), "string") if isinstance(kinds, list) else kinds
        return getattr(self, f"_{kind}")(name, schema)

    def _object(self, name: str, schema: Schema) -> dict[str, Any]:
        needed = set(schema.get("required", ()))
        asked = {
            part: inner for part, inner in schema.get("properties", {}).items() if part in needed | ASKED_BY_A_RULE or self._holds_id(inner)
        }
        return {part: self._value(name if part == "id" else part, inner) for part, inner in asked.items()}

    def _array(self, name: str, schema: Schema) -> list[Any]:
        number = max(1, int(schema.get("minItems", 1)))
        made = [self._value(name, schema.get("items", {})) for _ in range(number)]
        return (
            [Id(one, "member_id") for one in self._pair]
            if name in PAIRS and self._pair and isinstance(made[0], Id) and made[0].of == "member_id"
            else made
        )

    def _string(self, name: str, schema: Schema) -> str:
        form = schema.get("format", "")
        if form == "date":
            return (date.today() - timedelta(days=850 if "birth" in name else 0)).isoformat()
        if form == "date-time":
            return (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0).isoformat()
        if "email" in name:
            return f"{uuid4().hex[:10]}@nowhere.example"
        return WORDS.get(name) or ("x" * max(12, int(schema.get("minLength", 0))))[: int(schema.get("maxLength", 100))]

    def _integer(self, name: str, schema: Schema) -> int:
        return max(1, int(schema.get("minimum", 1)))

    _number = _integer

    def _boolean(self, name: str, schema: Schema) -> bool:
        return True

    def _holds_id(self, schema: Schema, deep: int = 0) -> bool:
        schema = self._resolved(schema)
        if schema.get("format") == "uuid":
            return True
        inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
        return deep < 5 and any(self._holds_id(one, deep + 1) for one in inner)

    def _resolved(self, schema: Schema) -> Schema:
        while True:
            several = next((schema[word] for word in ("anyOf", "oneOf", "allOf") if word in schema), None)
            if "$ref" in schema:
                schema = self._components[schema["$ref"].rsplit("/", 1)[1]]
            elif several:
                schema = next(one for one in several if one.get("type") != "null")
            else:
                return schema
