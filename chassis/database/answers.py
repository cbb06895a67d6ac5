"""Idempotent changes: the answer is kept with the change, and given again to the same request.

Two identical requests at once: PostgreSQL lets the second wait on the first's row, so it gets the
first's answer, or does the work itself if the first rolled back.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from chassis.database.session import BoroughSession
from chassis.database.tables import answers
from chassis.errors import IdempotencyMismatch

KEEP_DAYS = 7


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that was given before: JSON, as it went over the wire."""

    answer: Any


def fingerprint(operation: str, values: Any) -> str:
    """Return what tells two requests apart: a hash of the operation and its JSON-ready arguments."""
    canonical = json.dumps([operation, values], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()


def answered(session: BoroughSession, *, person_id: UUID, key: str, operation: str, fingerprint: str) -> Answered | None:
    """Claim ``key`` for this request; return the answer if it was given before, None if the work is to be done.

    A key belongs to one person in one borough. Waits while the same request is being worked on elsewhere.

    Raises:
        IdempotencyMismatch: the key was used for another operation or with other arguments.
    """
    claim = insert(answers).values(
        borough_id=session.borough_id, person_id=person_id, key=key, operation=operation, fingerprint=fingerprint
    )
    claimed = session.connection().execute(claim.on_conflict_do_nothing().returning(answers.c.key)).one_or_none()
    if claimed is not None:
        return None
    earlier = session.connection().execute(
        select(answers.c.operation, answers.c.fingerprint, answers.c.answer).where(
            answers.c.borough_id == session.borough_id, answers.c.person_id == person_id, answers.c.key == key
        )
    ).one()
    if (earlier.operation, earlier.fingerprint) != (operation, fingerprint):
        raise IdempotencyMismatch
    return Answered(earlier.answer)


def keep_answer(session: BoroughSession, *, person_id: UUID, key: str, answer: Any) -> None:
    """Keep the JSON-ready ``answer`` to the request that claimed ``key``; written with the commit."""
    session.lean().close_with(
        "UPDATE answers SET answer = %s::jsonb WHERE borough_id = %s::uuid AND person_id = %s::uuid AND key = %s",
        (json.dumps(answer), str(session.borough_id), str(person_id), key),
    )


def forget_old_answers(session: BoroughSession, *, days: int = KEEP_DAYS) -> int:
    """Delete the borough's answers that are older than ``days``; return how many."""
    old = delete(answers).where(answers.c.borough_id == session.borough_id, answers.c.at < text("now() - make_interval(days => :days)"))
    return session.connection().execute(old, {"days": days}).rowcount


