"""Putting mails in, and taking out those that are due."""

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from chassis.database import Database
from gateway.people.models import Mail, real_now


class Post:
    """Takes mails in, with the commit of the session that it stands on.

    Args:
        session: of a borough's work, whose role may put mails in and see none; or of the platform's role.
        borough_id: the borough whose work it is; None beside sign-in.
    """

    def __init__(self, session: Session, borough_id: UUID | None = None) -> None:
        self._session = session
        self._borough_id = borough_id

    def put(self, *, to: str, subject: str, text: str, kind: str) -> None:
        """Put one mail in.

        Args:
            to: one address; where it can't be written to, the mail is given up.
            subject: one line.
            text: plain words; the address of a page stands on a line of its own.
            kind: what it is for, in one word; the only thing of it that is ever logged.
        """
        self._session.add(Mail(borough_id=self._borough_id, recipient=to, subject=" ".join(subject.split()), text=text, kind=kind))


class Postbox:
    """The mails that wait, through the role that sees those of every borough."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, count: int, *, lease: timedelta) -> list[Mail]:
        """Return at most ``count`` mails that are due; nobody else gets them until ``lease`` is over."""
        now = real_now()
        waiting = select(Mail.id).where(Mail.state == "waiting", Mail.next_attempt_at <= now).order_by(Mail.next_attempt_at)
        due = waiting.limit(count).with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED", dialect="postgresql")
        taken = update(Mail).where(Mail.id == due.c.id).values(attempts=Mail.attempts + 1, next_attempt_at=now + lease)
        with self._database.platform_session() as session:
            mails = list(session.scalars(taken.returning(Mail)))
            session.commit()
            return mails

    def settle(self, mail_id: UUID, state: str) -> None:
        """Note that a mail is ``sent`` or ``given_up``, and forget what was in it and to whom it went."""
        gone = update(Mail).where(Mail.id == mail_id).values(state=state, settled_at=real_now(), recipient="", subject="", text="")
        self._run(gone)

    def put_off(self, mail_id: UUID, until: datetime) -> None:
        """Try a mail again later."""
        self._run(update(Mail).where(Mail.id == mail_id, Mail.state == "waiting").values(next_attempt_at=until))

    def forget(self, before: datetime) -> int:
        """Delete what was settled before a moment; return how many."""
        return self._run(delete(Mail).where(Mail.settled_at < before))

    def _run(self, statement: Any) -> int:
        with self._database.platform_session() as session:
            found = cast("CursorResult[Any]", session.execute(statement)).rowcount
            session.commit()
            return found
