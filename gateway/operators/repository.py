"""Queries on operators' sessions and on boroughs that are being described: neither belongs to a borough."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from chassis.errors import NotFound, Stale
from gateway.operators.models import Onboarding, OperatorSession
from gateway.people.models import real_now
from gateway.people.repository.reaching import Reaching

KEEP_UNFINISHED = timedelta(days=90)
"""How long an unfinished description is kept after its last change: it names people."""
AT_MOST = 200


class OperatorSessions(Reaching):
    """Sessions of operators on their pages."""

    def begin(self, session: OperatorSession) -> None:
        """Keep a new session; forget those that have ended."""
        with self._session() as work:
            work.execute(delete(OperatorSession).where(OperatorSession.ends_at <= real_now()))
            work.add(session)
            work.commit()

    def seen(self, token_hash: bytes, begun_with: bytes, *, idle_since: datetime, now: datetime) -> datetime | None:
        """Return when a session was last used before ``now``, where it still goes on: begun with this operator's token."""
        going_on = (
            OperatorSession.token_hash == token_hash,
            OperatorSession.begun_with == begun_with,
            OperatorSession.seen_at > idle_since,
            OperatorSession.ends_at > now,
        )
        with self._session() as work:
            return work.scalar(select(OperatorSession.seen_at).where(*going_on))

    def note_use(self, token_hash: bytes, now: datetime) -> None:
        """Note that a session is in use."""
        used = update(OperatorSession).where(OperatorSession.token_hash == token_hash, OperatorSession.seen_at < now).values(seen_at=now)
        with self._session() as work:
            work.execute(used)
            work.commit()

    def end(self, token_hash: bytes) -> None:
        """Forget a session; nothing happens where there is none."""
        with self._session() as work:
            work.execute(delete(OperatorSession).where(OperatorSession.token_hash == token_hash))
            work.commit()


class Onboardings(Reaching):
    """Boroughs that are being described."""

    def begin(self) -> Onboarding:
        """Return a new one; forget those that nobody has gone on with for long."""
        begun = Onboarding(answers={})
        with self._session() as work:
            work.execute(delete(Onboarding).where(Onboarding.changed_at < real_now() - KEEP_UNFINISHED))
            work.add(begun)
            work.commit()
        return begun

    def unfinished(self) -> list[Onboarding]:
        """Return those that are not finished, the last changed first, at most `AT_MOST`."""
        with self._session() as work:
            return list(work.scalars(select(Onboarding).order_by(Onboarding.changed_at.desc()).limit(AT_MOST)))

    def get(self, identity: UUID) -> Onboarding:
        """Return one. Raises NotFound where it was finished or given up."""
        with self._session() as work:
            found = work.get(Onboarding, identity)
        if found is None:
            raise NotFound
        return found

    def save(self, identity: UUID, version: int, name: str, answers: dict[str, Any]) -> None:
        """Keep the answers so far.

        Raises:
            Stale: somebody else saved first, or it was finished.
        """
        saved = (
            update(Onboarding)
            .where(Onboarding.id == identity, Onboarding.version == version)
            .values(version=version + 1, name=name, answers=answers, changed_at=real_now())
            .returning(Onboarding.id)
        )
        with self._session() as work:
            found = work.execute(saved).one_or_none()
            work.commit()
        if found is None:
            raise Stale("Somebody else works on this borough. Open it again to see their answers; yours of this page were not saved.")

    def forget(self, identity: UUID) -> None:
        """Forget one; nothing happens where there is none."""
        with self._session() as work:
            work.execute(delete(Onboarding).where(Onboarding.id == identity))
            work.commit()
