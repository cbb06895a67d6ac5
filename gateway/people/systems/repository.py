"""Queries on systems' tokens: at every request of one, before any borough is entered, and within a borough."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from psycopg2 import extensions
from sqlalchemy import text

from chassis.database import Page, Repository
from gateway.access.visitor import Borough, System
from gateway.people.models import hashed, real_now
from gateway.people.repository.reaching import Reaching, reached
from gateway.people.systems.models import SystemToken
from gateway.people.systems.tokens import is_whole

USED_EVERY: Final = timedelta(minutes=1)
_PREPARED: Final = "system is prepared"
_OF_BOROUGH: Final = ("id", "slug", "name", "programme_name", "practice", "policy", "version", "suspended_at", "suspended_because")
_PREPARE: Final = """
PREPARE system (text, bytea, timestamptz) AS
SELECT t.used_at, t.id, t.acts_as, t.name, t.scopes,
       b.id, b.slug, b.name, b.programme_name, b.practice, b.policy, b.version, b.suspended_at, b.suspended_because
FROM system_tokens t
JOIN profiles b ON b.borough_id = t.borough_id AND b.slug = $1
WHERE t.token_hash = $2 AND t.expires_at > $3 AND t.withdrawn_at IS NULL
"""
_FIND: Final = "EXECUTE system (%s, %s, %s)"
_NOTE_USE: Final = text("UPDATE system_tokens SET used_at = :at WHERE id = :id AND (used_at IS NULL OR used_at < :at)")
"""In words of its own: the platform's role may write this column and no other, such as when a row was changed."""


class Systems(Reaching):
    """Finds which system asks."""

    def system(self, token: str, slug: str) -> System | None:
        """Return the system that holds ``token`` in the borough ``slug``; None for any other.

        One statement in one round trip, as for a person; once a minute a second one notes that it was used.
        """
        now = real_now()
        row = self._row((slug, hashed(token), now)) if is_whole(token) else None
        if row is None:
            return None
        used_at, system = row[0], _system(row[1:])
        if used_at is None or now - used_at >= USED_EVERY:
            self._note_use(system.id, now)
        return system

    def _row(self, values: tuple[str, bytes, datetime]) -> Sequence[Any] | None:
        with reached(), self._database.platform_connection() as pooled:
            driver = cast("extensions.connection", pooled.driver_connection)
            with driver.cursor(cursor_factory=extensions.cursor) as cursor:
                if not pooled.info.get(_PREPARED):
                    cursor.execute(_PREPARE)
                    pooled.info[_PREPARED] = True
                cursor.execute(_FIND, values)
                row: Sequence[Any] | None = cursor.fetchone()
                return row

    def _note_use(self, system_id: UUID, now: datetime) -> None:
        """Note it once, also where two replicas are asked at the same moment."""
        with self._session() as session:
            session.execute(_NOTE_USE, {"id": system_id, "at": now.replace(second=0, microsecond=0)})
            session.commit()


def _system(row: Sequence[Any]) -> System:
    identity, acts_as, name, scopes = row[:4]
    return System(identity, acts_as, name, tuple(scopes), Borough(**dict(zip(_OF_BOROUGH, row[4:], strict=True))))


class SystemTokens(Repository[SystemToken]):
    """The borough's systems."""

    model = SystemToken

    def listed(self, after: str | None, limit: int) -> Page[SystemToken]:
        """Return a page, newest first."""
        return self.page(self.rows(), SystemToken.created_at, after, limit, newest_first=True)
