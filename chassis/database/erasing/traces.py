"""What passing tables and the audit trail say of a family: events sent and to be sent, events that failed, kept answers, details."""

import json
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from chassis.database.engine import Database
from chassis.database.erasing.words import Words
from chassis.database.trail import OF_FAMILIES
from chassis.database.work import UnitOfWork

KEPT_EVENTS = r"\.erasure\.|\.erased$"
"""Events of the erasure itself: they hold ids alone, and are what is under way."""
_NAMES = "EXISTS (SELECT FROM unnest(CAST(:ids AS text[])) AS one WHERE strpos({column}::text, one) > 0)"
_ANSWERS = f"UPDATE answers SET answer = NULL, fingerprint = '' WHERE borough_id = :borough AND {_NAMES.format(column='answer')}"  # noqa: S608 - our own constants
_ANSWERS_NAMING = (
    f"SELECT person_id, key, answer::text AS said FROM answers WHERE borough_id = :borough AND {_NAMES.format(column='answer')}"  # noqa: S608 - our own constants
)
_THEIRS = f"""(family_id = ANY(CAST(:families AS uuid[]))
    OR (family_id IS NULL AND jsonb_exists_any(facts -> '{OF_FAMILIES}', CAST(:families AS text[]))))"""
_ENTRIES = f"""
    SELECT number, {_THEIRS} AS theirs, coalesce(reason, '') || ' ' || coalesce(changes::text, '') AS said
    FROM audit WHERE borough_id = :borough AND (changes IS NOT NULL OR reason IS NOT NULL)
    AND ({_THEIRS} OR (family_id IS NULL AND ({_NAMES.format(column="changes")} OR changes @? '$[*].asked')))
"""  # noqa: S608 - our own constants
_OUTBOX = f"""
    DELETE FROM outbox WHERE borough_id = :borough AND type !~ :kept
    AND (subject::text = ANY(CAST(:ids AS text[])) OR {_NAMES.format(column="data")})
"""  # noqa: S608 - our own constants
_INBOX = f"""
    UPDATE inbox SET state = 'handled', envelope = NULL, next_attempt_at = NULL, error_reference = 'erased'
    WHERE (borough_id, handler, event_id) IN (
        SELECT borough_id, handler, event_id FROM inbox WHERE borough_id = :borough AND envelope IS NOT NULL
        AND envelope ->> 'type' !~ :kept AND {_NAMES.format(column="envelope")} FOR UPDATE SKIP LOCKED
    )
"""  # noqa: S608 - our own constants
_TRAIL = (
    "UPDATE audit SET changes = NULL, reason = NULL, salt = NULL WHERE borough_id = :borough AND number = ANY(CAST(:numbers AS bigint[]))"
)
_OF_FAMILY = f"SELECT id, data FROM outbox WHERE borough_id = :borough AND type !~ :kept AND {_NAMES.format(column='data')} FOR UPDATE"  # noqa: S608 - our own constants
_INBOX_OF_FAMILY = f"""
    SELECT handler, event_id, envelope FROM inbox WHERE borough_id = :borough AND envelope IS NOT NULL
    AND envelope ->> 'type' !~ :kept AND {_NAMES.format(column="envelope")} FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - our own constants


def naming(ids: Iterable[UUID]) -> list[str]:
    """Return ids as they stand in JSON."""
    return sorted(map(str, ids))


def erase_answers(work: UnitOfWork, ids: Collection[str]) -> int:
    """Forget the kept answers that name one of ``ids``; their keys stay, so that nothing is done twice."""
    return _count(work.session.connection(), _ANSWERS, borough=work.borough_id, ids=list(ids))


def blank_answers(work: UnitOfWork, ids: Collection[UUID], words: Words) -> int:
    """Forget the kept answers that name one of ``ids`` and in which one of ``words`` stands."""
    connection = work.session.connection()
    rows = connection.execute(text(_ANSWERS_NAMING), {"borough": work.borough_id, "ids": naming(ids)}).all()
    naming_them = [row for row in rows if words.names(row.said)]
    forget = "UPDATE answers SET answer = NULL, fingerprint = '' WHERE borough_id = :borough AND person_id = :person AND key = :key"
    for row in naming_them:
        connection.execute(text(forget), {"borough": work.borough_id, "person": row.person_id, "key": row.key})
    return len(naming_them)


def entries_of(work: UnitOfWork, families: Collection[UUID], ids: Collection[UUID], words: Words) -> list[int]:
    """Return the numbers of the audit entries whose details are about the families, or were a search for their names."""
    found = _entries(work, families, naming(ids))
    wanted = set(naming(ids))
    return [row.number for row in found if row.theirs or any(one in row.said for one in wanted) or words.names(row.said)]


def entries_naming(work: UnitOfWork, families: Collection[UUID], words: Words) -> list[int]:
    """Return the numbers of the audit entries about the families, or of searches, in whose details one of ``words`` stands."""
    return [row.number for row in _entries(work, families, []) if words.names(row.said)]


def erase_passing(database: Database, borough_id: UUID, ids: Collection[UUID], numbers: Collection[int]) -> dict[str, int]:
    """Delete events that name one of ``ids``, sent or not, forget failed ones, erase details of the audit trail: at once."""
    values = {"borough": borough_id, "ids": naming(ids), "kept": KEPT_EVENTS}
    with database.operating() as connection:
        return {
            "outbox": _count(connection, _OUTBOX, **values),
            "inbox": _count(connection, _INBOX, **values),
            "audit": _count(connection, _TRAIL, borough=borough_id, numbers=list(numbers)),
        }


def blank_passing(database: Database, borough_id: UUID, ids: Collection[UUID], words: Words, numbers: Collection[int]) -> dict[str, int]:
    """Blank ``words`` in events that name one of ``ids``, sent or not, and failed ones; erase the details of audit entries. At once."""
    values = {"borough": borough_id, "ids": naming(ids), "kept": KEPT_EVENTS}
    with database.operating() as connection:
        outbox = connection.execute(text(_OF_FAMILY), values).all()
        inbox = connection.execute(text(_INBOX_OF_FAMILY), values).all()
        set_data = "UPDATE outbox SET data = CAST(:said AS jsonb) WHERE borough_id = :borough AND id = :id"
        set_envelope = (
            "UPDATE inbox SET envelope = CAST(:said AS jsonb) WHERE borough_id = :borough AND handler = :handler AND event_id = :event"
        )
        events = [(set_data, {"id": row.id, "was": row.data}) for row in outbox]
        failed = [(set_envelope, {"handler": row.handler, "event": row.event_id, "was": row.envelope}) for row in inbox]
        return {
            "outbox": _blank(connection, events, borough_id, words),
            "inbox": _blank(connection, failed, borough_id, words),
            "audit": _count(connection, _TRAIL, borough=borough_id, numbers=list(numbers)),
        }


def _entries(work: UnitOfWork, families: Collection[UUID], ids: Collection[str]) -> list[Any]:
    values = {"borough": work.borough_id, "families": naming(families), "ids": list(ids)}
    return list(work.session.connection().execute(text(_ENTRIES), values))


def _blank(connection: Connection, rows: Iterable[tuple[str, dict[str, Any]]], borough_id: UUID, words: Words) -> int:
    blanked = 0
    for statement, values in rows:
        before = values.pop("was")
        after = words.blanked(before)
        if after != before:
            connection.execute(text(statement), {**values, "borough": borough_id, "said": json.dumps(after)})
            blanked += 1
    return blanked


def _count(connection: Connection, statement: str, **values: Any) -> int:
    return connection.execute(text(statement), values).rowcount
