"""Queries on systems' tokens: at every request of one, before any borough is entered, and within a borough."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from chassis.database import Page, Repository
from gateway.access.visitor import Borough, System
from gateway.people.models import hashed, real_now
from gateway.people.repository.reaching import Found, Reaching, Statement
from gateway.people.systems.models import SystemToken
from gateway.people.systems.tokens import is_whole

USED_EVERY: Final = timedelta(minutes=1)
_OF_BOROUGH: Final = ("id", "slug", "name", "programme_name", "practice", "policy", "version", "suspended_at", "suspended_because")
SYSTEM: Final = Statement(
    "system",
    ("text", "bytea", "timestamptz"),
    """
SELECT t.used_at, t.id AS system_id, t.acts_as, t.name AS system_name, t.scopes,
       b.id, b.slug, b.name, b.programme_name, b.practice, b.policy, b.version, b.suspended_at, b.suspended_because
FROM system_tokens t
JOIN profiles b ON b.borough_id = t.borough_id AND b.slug = $1
WHERE t.token_hash = $2 AND t.expires_at > $3 AND t.withdrawn_at IS NULL
""",
)
_NOTE_USE: Final = text("UPDATE system_tokens SET used_at = :at WHERE id = :id AND (used_at IS NULL OR used_at < :at)")
"""In words of its own: the platform's role may write this column and no other, such as when a row was changed."""


class Systems(Reaching):
    """Finds which system asks."""

    def system(self, token: str, slug: str) -> System | None:
        """Return the system that holds ``token`` in the borough ``slug``; None for any other.

        One statement in one round trip, as for a person; once a minute a second one notes that it was used.
        """
        now = real_now()
        row = self._row(SYSTEM, (slug, hashed(token), now)) if is_whole(token) else None
        if row is None:
            return None
        used_at, system = row["used_at"], _system(row)
        if used_at is None or now - used_at >= USED_EVERY:
            self._note_use(system.id, now)
        return system

    def _note_use(self, system_id: UUID, now: datetime) -> None:
        """Note it once, also where two replicas are asked at the same moment."""
        with self._session() as session:
            session.execute(_NOTE_USE, {"id": system_id, "at": now.replace(second=0, microsecond=0)})
            session.commit()


def _system(row: Found) -> System:
    borough = Borough(**{name: row[name] for name in _OF_BOROUGH})
    return System(row["system_id"], row["acts_as"], row["system_name"], tuple(row["scopes"]), borough)


class SystemTokens(Repository[SystemToken]):
    """The borough's systems."""

    model = SystemToken

    def listed(self, after: str | None, limit: int) -> Page[SystemToken]:
        """Return a page, newest first."""
        return self.page(self.rows(), SystemToken.created_at, after, limit, newest_first=True)

    def has_another(self, token: SystemToken, at: datetime) -> bool:
        """Tell whether the system has a token beside this one that works at a moment."""
        working = self.rows().where(SystemToken.withdrawn_at.is_(None), SystemToken.expires_at > at, SystemToken.id != token.id)
        return self.first(working.where(SystemToken.acts_as == token.acts_as)) is not None
