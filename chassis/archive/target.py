"""One service's database, taking in the rows of one borough: all of them in one transaction, or none."""

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any

import psycopg2
from psycopg2 import extensions, sql

from chassis.archive.contents import Carried
from chassis.archive.source import CHUNK, Source


class NotTaken(Exception):
    """The database refused a row, or gave back another than it was given; the message names the table and no value."""


class Target(Source):
    """What one transaction writes into one service's database, and sees there."""

    def take(self, carried: Carried, lines: Iterable[str]) -> str:
        """Write rows as `Source.lines` yields them; return the SHA-256 of these lines.

        Raises:
            NotTaken: the database refused one.
        """
        digest = sha256()
        links: list[tuple[str, Any, Any]] = []
        rest = iter(lines)
        while chunk := list(islice(rest, CHUNK)):
            for line in chunk:
                digest.update(f"{line}\n".encode())
            links += [link for line in chunk for link in _links(carried, line)]
            self._run(carried, _insertion(carried), (chunk,))
        for column, row, other in links:
            self._run(carried, _linking(carried, column), (other, row))
        return digest.hexdigest()

    def check(self, carried: Carried, expected: str) -> None:
        """Read back what was written, and hold it against the lines that came.

        Raises:
            NotTaken: something differs.
        """
        if digest_of(self.lines(carried)) != expected:
            raise NotTaken(f"{carried.name}: what was written is not what the archive holds")

    def commit(self) -> None:
        """Let it stay."""
        self.connection.commit()

    def _run(self, carried: Carried, statement: sql.Composable, values: Sequence[Any]) -> None:
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(statement, values)
        except psycopg2.Error as fault:
            raise NotTaken(f"{carried.name}: the database refused a row ({_kind(fault)})") from None  # the cause quotes values


def digest_of(lines: Iterable[str]) -> str:
    """Return the SHA-256 of lines as a file holds them."""
    digest = sha256()
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def holding(connection: extensions.connection) -> Target:
    """Return what writes on a connection."""
    return Target(connection)


def _kind(fault: psycopg2.Error) -> str:
    constraint = getattr(getattr(fault, "diag", None), "constraint_name", None)
    return f"{type(fault).__name__}, {constraint}" if constraint else type(fault).__name__


def _links(carried: Carried, line: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield what a row says of other rows of its table: they are linked once all are there."""
    if carried.points_to_itself:
        row = json.loads(line)
        for column in carried.points_to_itself:
            if row.get(column) is not None:
                yield column, row["id"], row[column]


def _insertion(carried: Carried) -> sql.Composed:
    """Return the statement that writes a list of lines, in their order. JSON comes from the line as it is."""
    names = [column.name for column in carried.columns]
    into = sql.SQL(", ").join(map(sql.Identifier, [*names, *carried.withheld]))
    values = sql.SQL(", ").join(
        [*(_value(carried, name) for name in names), *(sql.SQL(expression) for expression in carried.withheld.values())]
    )
    return sql.SQL(
        "INSERT INTO {table} ({into}) SELECT {values} FROM unnest(%s::text[]) WITH ORDINALITY AS came(line, place), "
        "jsonb_populate_record(NULL::{table}, came.line::jsonb) AS r ORDER BY came.place"
    ).format(table=sql.Identifier(carried.name), into=into, values=values)


def _value(carried: Carried, name: str) -> sql.Composable:
    if name in carried.points_to_itself:
        return sql.SQL("NULL")
    if name in carried.json_columns:
        return sql.SQL("came.line::jsonb->{}").format(sql.Literal(name))
    return sql.SQL("r.{}").format(sql.Identifier(name))


def _linking(carried: Carried, column: str) -> sql.Composed:
    return sql.SQL("UPDATE {table} SET {column} = %s::uuid WHERE id = %s::uuid").format(
        table=sql.Identifier(carried.name), column=sql.Identifier(column)
    )
