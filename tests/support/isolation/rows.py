"""Every row of every table of every service, read past all locks as a superuser, and whose it is."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg2

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TABLES = (
    "SELECT n.nspname, c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'borough_id') "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('public', 'identity') AND c.relname <> 'alembic_version' "
    "ORDER BY 1, 2"
)


@dataclass(frozen=True)
class Holdings:
    """What the databases hold of one borough.

    Attributes:
        rows: by table (``service.schema.table``), each row as JSON text, sorted.
        by_column: identifiers by the name of the column that holds them; those of a table itself by ``table.id``.
        ids: every identifier of it, wherever it stands.
    """

    rows: Mapping[str, list[str]]
    by_column: Mapping[str, set[str]] = field(default_factory=dict)
    ids: frozenset[str] = frozenset()

    def named(self, name: str) -> list[str]:
        """Return the identifiers that a field of this name could hold, by the columns, tables and lists that are named like it."""
        if f"~{name}.id" in self.by_column:
            return sorted(self.by_column[f"~{name}.id"])
        stem = name.removesuffix("_id")
        plural = f"{stem[:-1]}ies" if stem.endswith("y") else f"{stem}s"
        own = {one for column, ids in self.by_column.items() if re.search(rf"(^|[._]){plural}\.id$", column) for one in ids}
        return sorted(own or self.by_column.get(name, set()))


@dataclass(frozen=True)
class Databases:
    """The databases of a platform.

    Attributes:
        admin_url: of the administrator of their server.
        names: of the databases, by service.
    """

    admin_url: str
    names: Mapping[str, str]
    _open: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def of(self, borough_id: str, people: frozenset[str] = frozenset()) -> Holdings:
        """Return everything of a borough: rows that carry its id, and those of the platform that name it or one of its ``people``."""
        rows: dict[str, list[str]] = {}
        columns: dict[str, set[str]] = defaultdict(set)
        everything: set[str] = set()
        for table, row in self._every_row():
            text = json.dumps(row, sort_keys=True)
            if not _belongs(row, text, borough_id, people):
                continue
            rows.setdefault(table, []).append(text)
            everything |= set(UUID.findall(text))
            for column, value in _identifiers(row):
                columns[f"{table}.id" if column == "id" else column].add(value)
        return Holdings({table: sorted(found) for table, found in rows.items()}, columns, frozenset(everything))

    def tables(self) -> list[str]:
        """Return every table in which rows of boroughs lie."""
        found = []
        for service, database in self.names.items():
            with self._cursor(database) as cursor:
                cursor.execute(_TABLES)
                found += [f"{service}.{schema}.{name}" for schema, name, of_borough in cursor.fetchall() if of_borough]
        return found

    def one(self, service: str, statement: str, *values: object) -> Any:
        """Return the first column of the first row that a statement finds, or None."""
        with self._cursor(self.names[service]) as cursor:
            cursor.execute(statement, values)
            found = cursor.fetchone()
            return found[0] if found else None

    def do(self, service: str, statement: str) -> None:
        """Carry out a statement."""
        with self._cursor(self.names[service]) as cursor:
            cursor.execute(statement)

    def _every_row(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for service, database in self.names.items():
            with self._cursor(database) as cursor:
                cursor.execute(_TABLES)
                for schema, name, _ in cursor.fetchall():
                    cursor.execute(f'SELECT to_jsonb(t) FROM "{schema}"."{name}" t')
                    for (row,) in cursor.fetchall():
                        yield f"{service}.{schema}.{name}", row

    def close(self) -> None:
        """Close the connections."""
        while self._open:
            self._open.popitem()[1].close()

    @contextmanager
    def _cursor(self, database: str) -> Iterator[Any]:
        if database not in self._open:
            self._open[database] = psycopg2.connect(urlsplit(self.admin_url)._replace(path=f"/{database}").geturl())
            self._open[database].autocommit = True
        with self._open[database].cursor() as cursor:
            yield cursor


def _identifiers(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every identifier in a row with the name of its column; ``~parents.id`` is one within a list named so."""
    if isinstance(value, str) and UUID.fullmatch(value):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _identifiers(inner, f"{name}.{key}" if name.startswith("~") else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _identifiers(inner, f"~{name.rsplit('.', 1)[-1]}" if isinstance(inner, dict) else name)


def _belongs(row: Mapping[str, Any], text: str, borough_id: str, people: frozenset[str]) -> bool:
    if "borough_id" in row and row["borough_id"] is not None:
        return bool(row["borough_id"] == borough_id)
    return borough_id in text or any(person in text for person in people)
