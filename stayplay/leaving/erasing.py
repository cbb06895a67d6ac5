"""Erasing a borough that was exported, until nothing is left in any database."""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from typing import Any, Final
from uuid import UUID

from psycopg2 import sql

from chassis.archive.connection import transaction
from chassis.archive.source import Source
from chassis.archive.target import Target
from stayplay.leaving.contents import PARTS, Part
from stayplay.leaving.places import Places

Say = Callable[[str], None]
Counts = dict[str, dict[str, int]]

TRAIL: Final = ("audit_seals", "audit")
"""What services may not delete, and the owner of the tables deletes when all else is gone."""
_LOOK_AGAIN_SECONDS: Final = 0.5
_SAID: Final = {
    "inbox": "SELECT count(*) FROM inbox WHERE envelope IS NOT NULL",
    "outbox": "SELECT count(*) FROM outbox WHERE type <> 'gateway.borough.erased'",
    "answers": "SELECT count(*) FROM answers",
}
"""How what is not carried is counted: notes of events that were handled, and that of the erasure itself, say nothing of anybody."""


class NotErased(Exception):
    """Something is left, or changed since the export; the message says where. Nothing is certified."""


def changed_since(places: Places, borough_id: UUID, exported: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return the tables that have not as many rows as the archive; the audit trail goes on when people look, so it may have more."""
    found = []
    for service, tables in counted(places, borough_id).items():
        for table, rows in tables.items():
            there = exported.get(service, {}).get(table, rows)
            if rows != there and table not in TRAIL:
                found.append(f"{service} {table}: {there} in the archive, {rows} now")
    return found


def counted(places: Places, borough_id: UUID) -> Counts:
    """Return how many rows of a borough there are, by service and table: of every table that can hold one."""
    with ExitStack() as stack:
        sources = {part: Source(stack.enter_context(transaction(places.app(part.service), borough_id))) for part in PARTS}
        return {part.service: _counted(part, source) for part, source in sources.items()}


def wait_until_gone(places: Places, borough_id: UUID, *, wait: float, say: Say) -> None:
    """Wait until every service has heard of the erasure and done it; only marks and audit trails are left then.

    Raises:
        NotErased: one has not, in time. `stayplay events list` may say why. The erasure goes on by itself.
    """
    end = time.monotonic() + wait
    while left := _not_gone(counted(places, borough_id)):
        if time.monotonic() > end:
            raise NotErased(f"these are still there: {', '.join(left)}")
        time.sleep(_LOOK_AGAIN_SECONDS)
    say("every service has erased its rows")


def erase_trails(places: Places, borough_id: UUID, *, say: Say) -> Counts:
    """Delete what is left of the audit trails, as the owner of the tables; return how many entries that were.

    PostgreSQL lets the owner do so only of a borough of which nothing but the mark is left.
    """
    erased: Counts = {}
    for part in PARTS:
        with transaction(places.owner(part.service), borough_id) as connection, connection.cursor() as cursor:
            erased[part.service] = {}
            for table in TRAIL:
                cursor.execute(sql.SQL("DELETE FROM {} WHERE borough_id = %s").format(sql.Identifier(table)), (str(borough_id),))
                erased[part.service][table] = cursor.rowcount
            connection.commit()
        say(f"{part.service}: {erased[part.service]['audit']} entries of the audit trail erased")
    return erased


def sweep(places: Places, *, but: Collection[str], say: Say) -> int:
    """Delete the audit trails of boroughs of which nothing but the mark is left; return how many entries that were.

    Args:
        places: the installation.
        but: ids of boroughs whose own erasure is under way: the command that certifies it counts theirs.
        say: told of each borough.
    """
    erased = 0
    for borough_id in places.marks():
        if str(borough_id) not in but:
            counts = erase_trails(places, borough_id, say=lambda _: None)
            entries = sum(of["audit"] for of in counts.values())
            erased += entries
            if entries:
                say(f"{borough_id}: {entries} entries")
    return erased


def _counted(part: Part, source: Source) -> dict[str, int]:
    target = Target(source.connection)
    carried = {one.name: target.count(one) for one in part.every}
    with source.connection.cursor() as cursor:
        for table, statement in _SAID.items():
            cursor.execute(statement)
            row: Any = cursor.fetchone()
            carried[table] = int(row[0])
        cursor.execute("SELECT count(*) FROM boroughs WHERE slug <> ''")
        row = cursor.fetchone()
        carried["boroughs"] = int(row[0])
    return carried


def _not_gone(counts: Counts) -> list[str]:
    return [
        f"{service} {table} ({rows})" for service, tables in counts.items() for table, rows in tables.items() if rows and table not in TRAIL
    ]
