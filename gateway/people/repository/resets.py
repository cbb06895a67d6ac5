"""Links to choose a new password: made, found and used up."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update

from chassis.ids import new_id
from gateway.people.mail import Post
from gateway.people.models import RESET_LIFE, Mail, Person, Reset, SignIn, hashed, real_now
from gateway.people.repository.reaching import Reaching

_VOID = UUID(int=0)
"""Whose a link is that nobody asked for rightly: no person has this id."""


class Resets(Reaching):
    """Links of people who forgot their password, and changes of a password with all that goes with them."""

    def add_reset(self, person: Person | None, token: str, *, subject: str, text: str) -> None:
        """Keep a link and put the mail with it in.

        Earlier links stay open until one is used: else whoever asks again and again would end the owner's.
        For nobody just as much is written, to no effect: how long it takes does not tell whether there is an account.
        """
        now, whose = real_now(), person.id if person else _VOID
        with self._session() as session:
            session.execute(delete(Reset).where(Reset.expires_at < now - RESET_LIFE))
            session.add(Reset(id=new_id(), person_id=whose, token_hash=hashed(token), created_at=now, expires_at=now + RESET_LIFE))
            if person:
                Post(session).put(to=person.email, subject=subject, text=text, kind="reset")
            else:
                session.add(Mail(kind="reset", recipient="", subject="", text="", state="given_up", settled_at=now))
            session.commit()

    def reset(self, token: str) -> tuple[Reset, Person] | None:
        """Return the link of a token and whose it is."""
        both = select(Reset, Person).join(Person, Person.id == Reset.person_id).where(Reset.token_hash == hashed(token))
        with self._session() as session:
            found = session.execute(both).one_or_none()
            return (found[0], found[1]) if found else None

    def use_reset(self, reset: Reset, person: Person, kept: str, *, subject: str, text: str) -> bool:
        """Use a link up: the password changes and every session ends, in one commit; False where somebody was quicker."""
        now = real_now()
        mine = update(Reset).where(Reset.id == reset.id, Reset.used_at.is_(None), Reset.expires_at > now).values(used_at=now)
        with self._session() as session:
            if cast("CursorResult[Any]", session.execute(mine)).rowcount != 1:
                return False
            session.execute(update(Person).where(Person.id == person.id).values(password_hash=kept))
            session.execute(delete(SignIn).where(SignIn.person_id == person.id))
            session.execute(delete(Reset).where(Reset.person_id == person.id, Reset.id != reset.id))
            Post(session).put(to=person.email, subject=subject, text=text, kind="password_changed")
            session.commit()
            return True

    def change_password(self, person: Person, kept: str, *, but: UUID, subject: str, text: str) -> None:
        """Change a password: every other session ends, and open links with it, in one commit."""
        with self._session() as session:
            session.execute(update(Person).where(Person.id == person.id).values(password_hash=kept))
            session.execute(delete(SignIn).where(SignIn.person_id == person.id, SignIn.id != but))
            session.execute(delete(Reset).where(Reset.person_id == person.id))
            Post(session).put(to=person.email, subject=subject, text=text, kind="password_changed")
            session.commit()
