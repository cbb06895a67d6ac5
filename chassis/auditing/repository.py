"""The queries of the audit trail."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Connection, Row, Select, Text, cast, false, func, literal, not_, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert

from chassis import clock
from chassis.auditing.seals import Head, Seal
from chassis.database.paging import Page, cursor_of, place_of
from chassis.database.session import BoroughSession
from chassis.database.tables import audit, audit_seals
from chassis.database.trail import OF_FAMILIES
from chassis.database.work import UnitOfWork

_HEADS = text("""
    SELECT b.borough_id, last.number, last.hash, sealed.number AS sealed FROM (
        SELECT borough_id FROM boroughs UNION SELECT borough_id FROM audit_seals
    ) b
    CROSS JOIN LATERAL (SELECT number, hash FROM audit a WHERE a.borough_id = b.borough_id ORDER BY number DESC LIMIT 1) last
    LEFT JOIN LATERAL (
        SELECT number FROM audit_seals s WHERE s.borough_id = b.borough_id ORDER BY number DESC LIMIT 1
    ) sealed ON true
    ORDER BY b.borough_id
""")

_SEALING = 1936026988
"""Spells "seal"; the chain itself has a lock of another number."""


class Entries:
    """The entries of the work's borough, newest first."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    def page(
        self, after: str | None, limit: int, *,
        hidden_reasons: bool = False, untold: Collection[str] = (), unseen: Collection[UUID] = (), **wanted: Any,
    ) -> Page[Row[Any]]:  # fmt: skip
        """Return a page of entries.

        Args:
            after: cursor of the page before.
            limit: entries on a page.
            hidden_reasons: search reasons too that are about a family.
            untold: but none of these sensitivities.
            unseen: and not about one of these.
            wanted: what an `AuditRequest` holds.

        Raises:
            Invalid: the cursor is not one of ours.
        """
        statement = self.statement(after, limit + 1, hidden_reasons=hidden_reasons, untold=untold, unseen=unseen, **wanted)
        rows = list(self._work.session.execute(statement))
        more = cursor_of(rows[limit - 1].at, rows[limit - 1].id) if len(rows) > limit else None
        return Page(rows[:limit], more)

    def statement(
        self, after: str | None, limit: int, *,
        hidden_reasons: bool = False, untold: Collection[str] = (), unseen: Collection[UUID] = (), **wanted: Any,
    ) -> Select[Any]:  # fmt: skip
        """Return the statement of a page; as `page`."""
        key = tuple_(audit.c.at, audit.c.id)
        statement = self._narrowed(wanted)
        if wanted.get("reason"):
            statement = statement.where(*_reason_holds(wanted["reason"], untold, unseen, hidden_too=hidden_reasons))
        if after:
            at, identity = place_of(after, datetime)
            statement = statement.where(key < tuple_(literal(at), literal(identity)))
        return statement.order_by(audit.c.at.desc(), audit.c.id.desc()).limit(limit)

    def _narrowed(self, wanted: dict[str, Any]) -> Select[Any]:
        statement = select(audit).where(audit.c.borough_id == self._work.borough_id)
        for name in ("person_id", "family_id", "subject_id", "operation", "kind"):
            if wanted.get(name):
                statement = statement.where(audit.c[name] == wanted[name])
        if wanted.get("since"):
            statement = statement.where(audit.c.at >= _begin_of(wanted["since"]))
        if wanted.get("until"):
            statement = statement.where(audit.c.at < _begin_of(wanted["until"] + timedelta(days=1)))
        return statement


def _reason_holds(words: str, untold: Collection[str], unseen: Collection[UUID], *, hidden_too: bool) -> list[ColumnElement[bool]]:
    found, reason_is = audit.c.reason.icontains(words, autoescape=True), audit.c.facts["reason_is"].astext
    if not hidden_too:
        return [found, reason_is.is_(None)]
    told = [reason_is.not_in(untold)] if untold else []
    seen = [not_(_about_one_of(unseen))] if unseen else []
    return [found, *(or_(reason_is.is_(None), each) for each in (*told, *seen))]


def _about_one_of(families: Collection[UUID]) -> ColumnElement[bool]:
    """Return whether an entry is about one of ``families``, or is tied to one."""
    tied = func.jsonb_exists_any(audit.c.facts[OF_FAMILIES], cast([str(family) for family in families], ARRAY(Text)))
    return or_(func.coalesce(audit.c.family_id.in_(families), false()), func.coalesce(tied, false()))


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LONDON).astimezone(UTC)


def heads(connection: Connection) -> list[tuple[Head, int]]:
    """Return how the chain of each borough ends, and up to which number it was sealed. For a connection of the operator's role."""
    return [(Head(row.borough_id, row.number, bytes(row.hash)), row.sealed or 0) for row in connection.execute(_HEADS)]


def last_seal(session: BoroughSession, borough_id: UUID) -> tuple[int, str]:
    """Return number and signature of a borough's newest seal, 0 and nothing where there is none; until the commit, nobody adds another."""
    session.connection().exec_driver_sql("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_SEALING, str(borough_id)))
    newest = select(audit_seals.c.number, audit_seals.c.signature).where(audit_seals.c.borough_id == borough_id)
    found = session.execute(newest.order_by(audit_seals.c.number.desc()).limit(1)).one_or_none()
    return (found.number, found.signature) if found else (0, "")


def keep_seal(session: BoroughSession, borough_id: UUID, seal: Seal) -> None:
    """Add a seal."""
    values = {"number": seal.head.number, "hash": seal.head.hash, "at": seal.at, "signature": seal.signature}
    session.connection().execute(insert(audit_seals).values(borough_id=borough_id, **values))
