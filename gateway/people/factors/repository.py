"""Queries on second factors. Whatever changes a person's factors is done one at a time for that person."""

import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import NotFound, NotSignedIn
from gateway.people.factors import letters
from gateway.people.factors.models import Authenticator, Challenge, Passkey, PasskeyHolder, RecoveryCode
from gateway.people.mail import Post
from gateway.people.models import Attempts, Member, Person, SignIn, real_now
from gateway.people.repository.reaching import Reaching


class Factors(Reaching):
    """Second factors of people, through the role that only the platform's own tables are open to."""

    @contextmanager
    def of(self, person_id: UUID) -> Iterator["Own"]:
        """Open a transaction on one person's factors, in which nobody else works on them; it commits at the end of the block.

        Two requests of a person wait for each other here, in whatever replicas they are.

        Raises:
            NotSignedIn: there is no such person any more.
        """
        with self._session() as session:
            person = session.scalar(select(Person).where(Person.id == person_id).with_for_update(key_share=True))
            if person is None:
                raise NotSignedIn
            yield Own(session, person)
            session.commit()

    def holder_of(self, credential_id: bytes) -> UUID | None:
        """Return whose passkey this is."""
        with self._session() as session:
            return session.scalar(select(Passkey.person_id).where(Passkey.credential_id == credential_id))

    def ask(self, purpose: str, challenge: bytes, session_id: UUID | None) -> Challenge:
        """Keep a challenge that was given out; forget those that are too old."""
        asked = Challenge(purpose=purpose, challenge=challenge, session_id=session_id)
        with self._session() as session:
            session.execute(delete(Challenge).where(Challenge.expires_at <= real_now()))
            session.add(asked)
            session.commit()
        return asked

    def take(self, challenge_id: UUID, purpose: str, session_id: UUID | None) -> bytes | None:
        """Return a challenge and forget it, so that it is answered once; None where it is too old or was given out for something else."""
        mine = Challenge.session_id.is_(None) if session_id is None else Challenge.session_id == session_id
        answered = delete(Challenge).where(
            Challenge.id == challenge_id, Challenge.purpose == purpose, mine, Challenge.expires_at > real_now()
        )
        with self._session() as session:
            found = session.scalar(answered.returning(Challenge.challenge))
            session.commit()
        return bytes(found) if found is not None else None

    def forget_all(self, person_id: UUID, before: datetime) -> bool:
        """Forget the factors that a person had before a moment, and end the sessions begun before it; tell whether there was anything."""
        with self.of(person_id) as own:
            forgotten = own.forget_all(before)
            if forgotten:
                own.tell_administrators(*letters.reset_of(own.person.name))
            return forgotten


class Own:
    """One person's factors, within one transaction.

    Attributes:
        person: whose.
    """

    def __init__(self, session: Session, person: Person) -> None:
        self._session = session
        self.person = person

    def authenticator(self) -> Authenticator | None:
        """Return the app in use."""
        return self._session.scalar(self._apps().where(Authenticator.confirmed_at.is_not(None)))

    def begun(self) -> Authenticator | None:
        """Return the app that is being set up."""
        return self._session.scalar(self._apps().where(Authenticator.confirmed_at.is_(None)))

    def begin(self, begun: Authenticator) -> None:
        """Keep an app that is being set up, in place of any other that was."""
        self._session.execute(delete(Authenticator).where(Authenticator.person_id == self.person.id, Authenticator.confirmed_at.is_(None)))
        self._session.add(begun)
        self._session.flush()

    def confirm(self, begun: Authenticator, step: int) -> None:
        """Take an app into use, in place of any other."""
        self.forget_authenticator()
        begun.confirmed_at = begun.used_at = real_now()
        begun.last_step = step
        self._session.flush()

    def use_step(self, authenticator: Authenticator, step: int) -> bool:
        """Use up the code of a time step; False where it, or a later one, was used before."""
        later = update(Authenticator).where(Authenticator.id == authenticator.id, Authenticator.last_step < step)
        return self._written(later.values(last_step=step, used_at=real_now())) == 1

    def forget_authenticator(self) -> bool:
        """Forget the app in use; tell whether there was one."""
        mine = delete(Authenticator).where(Authenticator.person_id == self.person.id, Authenticator.confirmed_at.is_not(None))
        return self._written(mine) > 0

    def passkeys(self) -> Sequence[Passkey]:
        """Return the person's passkeys, oldest first."""
        mine = select(Passkey).where(Passkey.person_id == self.person.id)
        return self._session.scalars(mine.order_by(Passkey.created_at, Passkey.id)).all()

    def passkey(self, passkey_id: UUID) -> Passkey:
        """Return one of them. Raises NotFound."""
        found = self._session.get(Passkey, passkey_id)
        if found is None or found.person_id != self.person.id:
            raise NotFound
        return found

    def add_passkey(self, passkey: Passkey) -> bool:
        """Keep a passkey; False where somebody has it already."""
        known = select(Passkey.id).where(Passkey.credential_id == passkey.credential_id)
        if self._session.scalar(known) is not None:
            return False
        self._session.add(passkey)
        self._session.flush()
        return True

    def forget_passkey(self, passkey: Passkey) -> None:
        """Forget one."""
        self._session.delete(passkey)
        self._session.flush()

    def handle(self, fresh: bytes) -> bytes:
        """Return the random name under which the person's passkeys are kept; ``fresh`` becomes it where there is none."""
        made = insert(PasskeyHolder).values(person_id=self.person.id, handle=fresh)
        self._session.execute(made.on_conflict_do_nothing(index_elements=[PasskeyHolder.person_id]))
        return bytes(self._session.scalars(select(PasskeyHolder.handle).where(PasskeyHolder.person_id == self.person.id)).one())

    def codes(self) -> Sequence[RecoveryCode]:
        """Return the recovery codes that are not used."""
        mine = select(RecoveryCode).where(RecoveryCode.person_id == self.person.id)
        return self._session.scalars(mine.where(RecoveryCode.used_at.is_(None))).all()

    def replace_codes(self, salt: bytes, hashes: Sequence[bytes]) -> None:
        """Keep new recovery codes in place of the old ones, used or not."""
        self._session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == self.person.id))
        self._session.add_all(RecoveryCode(person_id=self.person.id, salt=salt, code_hash=code_hash) for code_hash in hashes)
        self._session.flush()

    def use_code(self, code_hash: bytes) -> bool:
        """Use up the recovery code of this hash; False where there is none that is not used."""
        right = [code for code in self.codes() if hmac.compare_digest(code.code_hash, code_hash)]
        unused = update(RecoveryCode).where(RecoveryCode.id.in_([code.id for code in right]), RecoveryCode.used_at.is_(None))
        return self._written(unused.values(used_at=real_now())) == 1

    def has_factor(self) -> bool:
        """Tell whether the person has an app or a passkey, be it stopped: whoever has one must prove one. Recovery codes alone are none."""
        return self.authenticator() is not None or bool(self.passkeys())

    def count_working(self) -> int:
        """Return how many factors work: the app, and passkeys that are not stopped."""
        return sum(passkey.stopped_at is None for passkey in self.passkeys()) + (self.authenticator() is not None)

    def forget_codes(self) -> None:
        """Forget the recovery codes."""
        self._session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == self.person.id))

    def failures(self, subject: bytes) -> tuple[int, datetime] | None:
        """Return wrong codes in a row and the last one's moment."""
        found = self._session.execute(select(Attempts.failures, Attempts.failed_at).where(Attempts.subject == subject)).one_or_none()
        return (found[0], found[1]) if found else None

    def note_failure(self, subject: bytes) -> None:
        """Count one more wrong code."""
        one = insert(Attempts).values(subject=subject, failures=1, failed_at=real_now())
        more = {"failures": Attempts.failures + 1, "failed_at": func.greatest(Attempts.failed_at, real_now())}
        self._session.execute(one.on_conflict_do_update(index_elements=[Attempts.subject], set_=more))

    def forget_failures(self, subject: bytes) -> None:
        """Start counting anew."""
        self._session.execute(delete(Attempts).where(Attempts.subject == subject))

    def forget_all(self, before: datetime) -> bool:
        """Forget every factor kept, and end every session begun, before a moment; tell whether there was anything."""
        rows = 0
        for model in (Authenticator, RecoveryCode, Passkey, SignIn):
            rows += self._written(delete(model).where(model.person_id == self.person.id, model.created_at <= before))
        return rows > 0

    def tell(self, subject: str, text: str) -> None:
        """Put in a mail to the person, sent if this commits."""
        Post(self._session).put(to=self.person.email, subject=subject, text=text, kind="second_factor")

    def tell_administrators(self, subject: str, text: str) -> None:
        """Put in a mail to everybody who administers a borough that the person works in, sent if this commits."""
        theirs = select(Member.borough_id).where(Member.person_id == self.person.id, Member.left_at.is_(None))
        administrators = select(Member.email).where(Member.borough_id.in_(theirs), Member.left_at.is_(None))
        for email in self._session.scalars(administrators.where(Member.roles.contains(["administrator"])).distinct()):
            Post(self._session).put(to=email, subject=subject, text=text, kind="second_factor")

    def _apps(self) -> Select[tuple[Authenticator]]:
        return select(Authenticator).where(Authenticator.person_id == self.person.id)

    def _written(self, statement: Any) -> int:
        return cast("CursorResult[Any]", self._session.execute(statement)).rowcount
