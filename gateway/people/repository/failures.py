"""Failed attempts to sign in, counted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from gateway.people.models import Attempts, real_now
from gateway.people.repository.reaching import Reaching


class Failures(Reaching):
    """Failed attempts in a row, by a hash of what they have in common."""

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

    def note_up_to(self, subject: bytes, most: int, *, quiet_since: datetime) -> bool:
        """Count one more for a subject, unless it has as many as may be; tell whether it was counted, also where many ask at once.

        It starts anew where the last one was before ``quiet_since``.
        """
        now, quiet = real_now(), Attempts.failed_at <= quiet_since
        one = insert(Attempts).values(subject=subject, failures=1, failed_at=now)
        more = one.on_conflict_do_update(
            index_elements=[Attempts.subject],
            set_={"failures": case((quiet, 1), else_=Attempts.failures + 1), "failed_at": now},
            where=or_(quiet, Attempts.failures < most),
        )
        with self._session() as session:
            counted = session.scalar(more.returning(Attempts.failures))
            session.commit()
        return counted is not None

    def forget_failures(self, *subjects: bytes) -> None:
        """Start counting anew for these subjects."""
        with self._session() as session:
            session.execute(delete(Attempts).where(Attempts.subject.in_(subjects)))
            session.commit()
