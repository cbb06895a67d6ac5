"""Queries on what the gateway keeps of a borough and of its people, for archives."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final
from uuid import UUID

from psycopg2 import extensions

from chassis.archive.source import CHUNK, Source

_PROFILE: Final = "SELECT gss_code, programme_name, name, slug FROM profiles"
_PEOPLE: Final = """
    SELECT to_jsonb(r)::text FROM (
        SELECT id, email, name, created_at FROM identity.people
        WHERE id IN (SELECT person_id FROM public.members WHERE borough_id = %s) ORDER BY id
    ) AS r
"""
_ADD: Final = """
    INSERT INTO identity.people (id, email, name, created_at)
    SELECT r.id, r.email, r.name, r.created_at
    FROM unnest(%s::text[]) AS came(line), jsonb_to_record(came.line::jsonb) AS r(id uuid, email text, name text, created_at timestamptz)
    ON CONFLICT DO NOTHING
"""
_KNOWN: Final = """
    SELECT came.id, people.id FROM unnest(%s::text[], %s::text[]) AS came(id, email) JOIN identity.people ON people.email = came.email
    WHERE people.id::text <> came.id
"""


def profile(source: Source) -> dict[str, str]:
    """Return GSS code and names of the borough, from the gateway's database."""
    with source.connection.cursor() as cursor:
        cursor.execute(_PROFILE)
        row = cursor.fetchone()
    if row is None:
        raise LookupError("the gateway does not have this borough")
    return dict(zip(("gss_code", "programme_name", "name", "slug"), row, strict=True))


class People:
    """The people of one borough, on a connection of the role that sign-in uses."""

    def __init__(self, connection: extensions.connection, borough_id: UUID) -> None:
        self._connection = connection
        self._borough_id = borough_id

    def lines(self) -> Iterator[str]:
        """Yield everybody who is or was a member, as a line of JSON each: who they are, and nothing that they sign in with."""
        with self._connection.cursor(name="people") as cursor:
            cursor.itersize = CHUNK
            cursor.execute(_PEOPLE, (str(self._borough_id),))
            for (line,) in cursor:
                yield line

    def add(self, lines: Iterable[str]) -> None:
        """Add people who have no password yet; those who are known here, by id or by mail address, stay as they are."""
        rest = iter(lines)
        while chunk := list(islice(rest, CHUNK)):
            self._run(_ADD, (chunk,))

    def known_otherwise(self, people: Sequence[dict[str, Any]]) -> dict[str, str]:
        """Return, by id in the archive, the id here of everybody whose mail address has another one here."""
        rows = self._run(_KNOWN, ([one["id"] for one in people], [one["email"] for one in people]))
        return {came: str(here) for came, here in rows}

    def commit(self) -> None:
        """Let it stay."""
        self._connection.commit()

    def _run(self, statement: str, values: Any) -> list[Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []
