"""Sessions of signed-in people: begun, exchanged, listed and ended."""

from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, select, update

from chassis.ids import new_id
from gateway.people.models import IDLE, LONGEST, SignIn, hashed, real_now
from gateway.people.repository.reaching import Reaching

FORMER_FOR: Final = timedelta(seconds=30)
"""Requests that were under way when a token was exchanged are answered this much longer."""


class Sessions(Reaching):
    """The sessions of people, found by a hash of their token or by whose they are."""

    def start_session(self, person_id: UUID, token: str, **about: Any) -> SignIn:
        """Keep a new session of the person; forget the person's sessions that have ended.

        Args:
            person_id: whose.
            token: what the browser or client will send; only a hash of it is kept.
            about: further columns of `SignIn`: method, address, browser, confirmed_at (now unless said), second_factor_at,
                provider_id, provider_sid.
        """
        now = real_now()
        started = SignIn(
            id=new_id(),
            token_hash=hashed(token),
            person_id=person_id,
            created_at=now,
            seen_at=now,
            ends_at=now + LONGEST,
            rotated_at=now,
            **{"confirmed_at": now, **about},
        )
        with self._session() as session:
            session.execute(delete(SignIn).where(SignIn.person_id == person_id, ~_alive(now)))
            session.add(started)
            session.commit()
        return started

    def exchange(self, session_id: UUID, earlier: str, token: str, *, at_once: bool = True, **noted: Any) -> bool:
        """Let a session go on under another token; tell whether this call did it.

        Args:
            session_id: which session.
            earlier: the token that it has now, or had until a moment ago: another request may have exchanged it meanwhile.
            token: the one that it has from now on.
            at_once: the earlier one is worth nothing any more; else requests under way with it are still answered, and where
                another request was quicker there is nothing left to do.
            noted: further columns that change with it: confirmed_at, second_factor_at.
        """
        former = None if at_once else hashed(earlier)
        values = {"token_hash": hashed(token), "former_hash": former, "rotated_at": real_now(), **noted}
        mine = SignIn.token_hash == hashed(earlier)
        if at_once:
            mine |= just_exchanged(earlier, real_now())
        return self._written(update(SignIn).where(SignIn.id == session_id, mine).values(**values)) == 1

    def note_confirmed(self, session_id: UUID) -> None:
        """Note that the person gave their password or a factor again."""
        self._written(update(SignIn).where(SignIn.id == session_id).values(confirmed_at=real_now()))

    def sessions_of(self, person_id: UUID) -> list[SignIn]:
        """Return the sessions of a person that go on, the one used last first."""
        going_on = select(SignIn).where(SignIn.person_id == person_id, _alive(real_now()))
        with self._session() as session:
            return list(session.scalars(going_on.order_by(SignIn.seen_at.desc(), SignIn.id.desc())))

    def end_session(self, token: str) -> UUID | None:
        """Forget a session, and return whose it was; nothing happens where there is none."""
        with self._session() as session:
            person_id = session.scalar(delete(SignIn).where(SignIn.token_hash == hashed(token)).returning(SignIn.person_id))
            session.commit()
            return person_id

    def end_session_of(self, person_id: UUID, session_id: UUID) -> bool:
        """Forget one session of a person; tell whether there was one."""
        return self._written(delete(SignIn).where(SignIn.id == session_id, SignIn.person_id == person_id)) == 1

    def end_sessions_of(self, person_id: UUID, *, but: UUID | None = None) -> int:
        """Forget every session of a person, perhaps ``but`` one; return how many there were."""
        ended = delete(SignIn).where(SignIn.person_id == person_id)
        return self._written(ended if but is None else ended.where(SignIn.id != but))

    def _written(self, statement: Any) -> int:
        with self._session() as session:
            rows = cast("CursorResult[Any]", session.execute(statement)).rowcount
            session.commit()
            return rows


def just_exchanged(token: str, now: datetime) -> ColumnElement[bool]:
    """Tell of a session whether it had this token until a moment ago."""
    return (SignIn.former_hash == hashed(token)) & (SignIn.rotated_at > now - FORMER_FOR)


def _alive(now: datetime) -> Any:
    return (SignIn.ends_at > now) & (SignIn.seen_at > now - IDLE)
