"""Queries on people and their sign-in, which belong to the platform and to no borough."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

import psycopg2
import structlog
from psycopg2 import extensions
from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from chassis.database import Database, Page
from chassis.database.paging import cursor_of, place_of
from chassis.errors import Unavailable
from chassis.ids import new_id
from gateway.access.visitor import Borough, Member, Visitor
from gateway.boroughs.models import Borough as BoroughModel
from gateway.contract.colours import DEFAULT_ACCENT
from gateway.people.models import IDLE, LONGEST, Attempts, Invitation, Person, SignIn, hashed, real_now
from gateway.people.models import Member as MemberModel

log = structlog.get_logger(__name__)

SEEN_EVERY: Final = timedelta(minutes=1)
_PREPARED: Final = "visitor is prepared"

_PREPARE_VISITOR: Final = """
PREPARE visitor (text, bytea, timestamptz, timestamptz) AS
SELECT s.id, s.seen_at, p.id, p.name, p.email,
       b.borough_id, b.slug, b.name, b.programme_name, b.practice, b.policy, b.version,
       m.id, m.version, m.roles, m.agency_id, a.name, a.kind, l.accent, l.logo_hash
FROM identity.sign_ins s
JOIN identity.people p ON p.id = s.person_id
LEFT JOIN (profiles b JOIN members m ON m.borough_id = b.borough_id AND m.left_at IS NULL)
  ON b.slug = $1 AND m.person_id = p.id
LEFT JOIN agencies a ON a.borough_id = m.borough_id AND a.id = m.agency_id
LEFT JOIN brandings l ON l.borough_id = b.borough_id AND l.id = b.borough_id
WHERE s.token_hash = $2 AND s.ends_at > $3 AND s.seen_at > $4
"""
_VISITOR: Final = "EXECUTE visitor (%s, %s, %s, %s)"


class Identity:
    """People, sign-in sessions and failed attempts, through the role that only they are open to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with _reached(), self._database.platform_session() as session:
            yield session

    def visitor(self, token: str, slug: str) -> Visitor | None:
        """Return who holds ``token``, with their membership of the borough ``slug``; None when it has ended or never was.

        One statement in one round trip; once a minute a second one notes that the session is in use.
        """
        now = real_now()
        row = self._visitor_row((slug, hashed(token), now, now - IDLE))
        if row is None:
            return None
        if now - row[1] >= SEEN_EVERY:
            self._note_use(row[0], now)
        return _visitor(row)

    def _visitor_row(self, values: tuple[str, bytes, datetime, datetime]) -> Sequence[Any] | None:
        """Read outside a transaction: psycopg2's own cursor sends no BEGIN, and nothing is left to end.

        Every request asks this. Planning the joins would take five times as long as the rest of it, so each
        connection prepares the statement once.
        """
        with _reached(), self._database.platform_connection() as pooled:
            driver = cast("extensions.connection", pooled.driver_connection)
            with driver.cursor(cursor_factory=extensions.cursor) as cursor:
                if not pooled.info.get(_PREPARED):
                    cursor.execute(_PREPARE_VISITOR)
                    pooled.info[_PREPARED] = True
                cursor.execute(_VISITOR, values)
                row: Sequence[Any] | None = cursor.fetchone()
                return row

    def _note_use(self, sign_in_id: UUID, now: datetime) -> None:
        with self._session() as session:
            session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.seen_at < now).values(seen_at=now))
            session.commit()

    def person(self, email: str) -> Person | None:
        """Return the person of a mail address."""
        with self._session() as session:
            return session.scalar(select(Person).where(Person.email == email))

    def add_person(self, email: str, name: str, password_hash: str) -> Person:
        """Return a new person; the one who is there already where somebody was quicker."""
        with self._session() as session:
            person = insert(Person).values(id=new_id(), email=email, name=name, password_hash=password_hash, created_at=real_now())
            session.execute(person.on_conflict_do_nothing(index_elements=[Person.email]))
            session.commit()
            return session.scalars(select(Person).where(Person.email == email)).one()

    def boroughs_of(self, person_id: UUID) -> list[Row[Any]]:
        """Return the boroughs that a person belongs to, each with ``slug, name, programme_name, practice, roles``, by name."""
        columns = (BoroughModel.slug, BoroughModel.name, BoroughModel.programme_name, BoroughModel.practice, MemberModel.roles)
        present = select(*columns).join(MemberModel, MemberModel.borough_id == BoroughModel.borough_id)
        present = present.where(MemberModel.person_id == person_id, MemberModel.left_at.is_(None)).order_by(BoroughModel.name)
        with self._session() as session:
            return list(session.execute(present))

    def start_session(self, person_id: UUID, token: str) -> SignIn:
        """Keep a new session of the person; forget the person's sessions that have ended."""
        now = real_now()
        started = SignIn(id=new_id(), token_hash=hashed(token), person_id=person_id, created_at=now, seen_at=now, ends_at=now + LONGEST)
        over = (SignIn.ends_at <= now) | (SignIn.seen_at <= now - IDLE)
        with self._session() as session:
            session.execute(delete(SignIn).where(SignIn.person_id == person_id, over))
            session.add(started)
            session.commit()
        return started

    def end_session(self, token: str) -> None:
        """Forget a session; nothing happens where there is none."""
        with self._session() as session:
            session.execute(delete(SignIn).where(SignIn.token_hash == hashed(token)))
            session.commit()

    def invitation(self, token: str) -> tuple[Invitation, BoroughModel] | None:
        """Return the invitation of a token, and its borough."""
        both = select(Invitation, BoroughModel).join(BoroughModel, BoroughModel.borough_id == Invitation.borough_id)
        with self._session() as session:
            found = session.execute(both.where(Invitation.token_hash == hashed(token))).one_or_none()
            return (found[0], found[1]) if found else None

    def failures(self, subjects: Sequence[bytes]) -> dict[bytes, tuple[int, datetime]]:
        """Return failed attempts in a row and the last one's moment, by subject."""
        with self._session() as session:
            rows = session.execute(select(Attempts.subject, Attempts.failures, Attempts.failed_at).where(Attempts.subject.in_(subjects)))
            return {bytes(subject): (failures, failed_at) for subject, failures, failed_at in rows}

    def note_failure(self, subjects: Sequence[bytes], *, forget_before: datetime) -> None:
        """Count one more failed attempt for each subject; those that last failed before ``forget_before`` start anew."""
        now = real_now()
        one = insert(Attempts).values([{"subject": subject, "failures": 1, "failed_at": now} for subject in sorted(subjects)])
        more = one.on_conflict_do_update(
            index_elements=[Attempts.subject], set_={"failures": Attempts.failures + 1, "failed_at": func.greatest(Attempts.failed_at, now)}
        )
        with self._session() as session:
            session.execute(delete(Attempts).where(Attempts.failed_at < forget_before))
            session.execute(more)
            session.commit()

    def forget_failures(self, subject: bytes) -> None:
        """Start counting anew for one subject."""
        with self._session() as session:
            session.execute(delete(Attempts).where(Attempts.subject == subject))
            session.commit()

    def borough_id(self, *, onboarded_with: str) -> UUID | None:
        """Return the borough that a request with this key onboarded."""
        with self._session() as session:
            return session.scalar(select(BoroughModel.borough_id).where(BoroughModel.onboarded_with == onboarded_with))

    def boroughs(self, after: str | None, limit: int) -> Page[BoroughModel]:
        """Return a page of all boroughs by slug, for operators."""
        rows = select(BoroughModel).order_by(BoroughModel.slug).limit(limit + 1)
        if after:
            rows = rows.where(BoroughModel.slug > place_of(after, str)[0])
        with self._session() as session:
            found = list(session.scalars(rows))
        more = cursor_of(found[limit - 1].slug, found[limit - 1].id) if len(found) > limit else None
        return Page(found[:limit], more)

    def forget_people_of(self, borough_id: UUID) -> None:
        """Forget everybody who belongs to this borough and never belonged to another, with their sessions."""
        here = select(MemberModel.person_id).where(MemberModel.borough_id == borough_id)
        elsewhere = select(MemberModel.person_id).where(MemberModel.borough_id != borough_id)
        with self._session() as session:
            session.execute(delete(SignIn).where(SignIn.person_id.in_(here), SignIn.person_id.not_in(elsewhere)))
            session.execute(delete(Person).where(Person.id.in_(here), Person.id.not_in(elsewhere)))
            session.commit()


@contextmanager
def _reached() -> Iterator[None]:
    """Say `Unavailable` where the database can't be reached or has no connection to spare."""
    try:
        yield
    except (psycopg2.OperationalError, psycopg2.InterfaceError, OperationalError, InterfaceError, NoConnection) as error:
        log.warning("database.unreachable", error=type(error).__name__)
        raise Unavailable from None


def _visitor(row: Sequence[Any]) -> Visitor:
    person = {"session_id": row[0], "person_id": row[2], "person_name": row[3], "email": row[4]}
    if row[5] is None:
        return Visitor(**person)
    borough = Borough(row[5], row[6], row[7], row[8], row[9], row[10], row[11], row[18] or DEFAULT_ACCENT, row[19] or "")
    agency = (row[15], row[16], row[17]) if row[15] else (None, "", "")
    return Visitor(**person, borough=borough, member=Member(row[12], row[13], tuple(row[14]), *agency))
