"""Idempotent changes: the answer is kept with the change, and given again to the same request.

Two identical requests at once: PostgreSQL lets the second wait on the first's row, so it gets the
first's answer, or does the work itself if the first rolled back.

An answer is kept for a week. One change in fifty also throws away what its borough has kept for longer.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID
from zlib import crc32

from chassis.database.session import BoroughSession
from chassis.errors import BoroughSuspended, IdempotencyMismatch, NotFound

KEEP_DAYS = 7
SWEEP_EVERY = 50
SWEEP_AT_MOST = 500
# as they go over the wire, for every change passes here: SQLAlchemy compiles an INSERT ... ON CONFLICT anew each time
_CLAIM = """
    INSERT INTO answers (borough_id, person_id, key, operation, fingerprint) SELECT %s::uuid, %s::uuid, %s, %s, %s
    WHERE %s OR NOT EXISTS (SELECT FROM boroughs WHERE borough_id = %s::uuid AND suspended)
    ON CONFLICT DO NOTHING RETURNING key
"""
_EARLIER = """
    SELECT operation, fingerprint, answer, answer IS NULL AS erased FROM answers
    WHERE borough_id = %s::uuid AND person_id = %s::uuid AND key = %s
"""
_SWEEP = """
    DELETE FROM answers WHERE (borough_id, person_id, key) IN (
        SELECT borough_id, person_id, key FROM answers
        WHERE borough_id = %s::uuid AND at < now() - make_interval(days => %s) LIMIT %s FOR UPDATE SKIP LOCKED
    )
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that was given before: JSON, as it went over the wire."""

    answer: Any


def fingerprint(operation: str, values: Any) -> str:
    """Return what tells two requests apart: a hash of the operation and its JSON-ready arguments."""
    canonical = json.dumps([operation, values], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()


def answered(
    session: BoroughSession, *, person_id: UUID, key: str, operation: str, fingerprint: str, even_suspended: bool = False
) -> Answered | None:
    """Claim ``key`` for this request; return the answer if it was given before, None if the work is to be done.

    A key belongs to one person in one borough. Waits while the same request is being worked on elsewhere. This is where every
    change begins, so this is where a suspended borough refuses it, in the same statement; what was answered before is
    answered again, for nothing is changed by that.

    Raises:
        IdempotencyMismatch: the key was used for another operation or with other arguments.
        NotFound: the answer was about a family whose record was erased since.
        BoroughSuspended: the borough is, and the work is not one that goes on all the same (``even_suspended``).
    """
    whose = (str(session.borough_id), str(person_id), key)
    connection = session.connection()
    claim = (*whose, operation, fingerprint, even_suspended, str(session.borough_id))
    if connection.exec_driver_sql(_CLAIM, claim).one_or_none() is not None:
        return None
    earlier = connection.exec_driver_sql(_EARLIER, whose).one_or_none()
    if earlier is None:
        raise BoroughSuspended
    if earlier.erased:
        raise NotFound("This was done, and what it was about has been erased since.")
    if (earlier.operation, earlier.fingerprint) != (operation, fingerprint):
        raise IdempotencyMismatch
    return Answered(earlier.answer)


def keep_answer(session: BoroughSession, *, person_id: UUID, key: str, answer: Any) -> None:
    """Keep the JSON-ready ``answer`` to the request that claimed ``key``; written with the commit."""
    connection = session.lean()
    connection.close_with(
        "UPDATE answers SET answer = %s::jsonb WHERE borough_id = %s::uuid AND person_id = %s::uuid AND key = %s",
        (json.dumps(answer), str(session.borough_id), str(person_id), key),
    )
    if crc32(key.encode()) % SWEEP_EVERY == 0:
        connection.close_with(_SWEEP, (str(session.borough_id), KEEP_DAYS, SWEEP_AT_MOST))
