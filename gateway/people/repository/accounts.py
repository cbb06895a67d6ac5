"""People, and what they belong to."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.ids import new_id
from gateway.boroughs.models import Borough
from gateway.people.models import Invitation, Mail, Member, Person, hashed, real_now
from gateway.people.repository.reaching import Reaching


class Accounts(Reaching):
    """People, their boroughs, and the invitations that bring them there."""

    def person(self, email: str) -> Person | None:
        """Return the person of a mail address."""
        with self._session() as session:
            return session.scalar(select(Person).where(Person.email == email))

    def person_by_id(self, person_id: UUID) -> Person | None:
        """Return a person, or None."""
        with self._session() as session:
            return session.get(Person, person_id)

    def add_person(self, email: str, name: str, password_hash: str | None) -> Person:
        """Return a new person; the one who is there already where somebody was quicker."""
        with self._session() as session:
            person = insert(Person).values(id=new_id(), email=email, name=name, password_hash=password_hash, created_at=real_now())
            session.execute(person.on_conflict_do_nothing(index_elements=[Person.email]))
            session.commit()
            return session.scalars(select(Person).where(Person.email == email)).one()

    def rename(self, person_id: UUID, name: str) -> None:
        """Give a person another name; their memberships keep a copy, which the boroughs' own work changes."""
        with self._session() as session:
            session.execute(update(Person).where(Person.id == person_id).values(name=name))
            session.commit()

    def rehash(self, person_id: UUID, earlier: str, kept: str) -> None:
        """Keep a password in another way, unless it was changed meanwhile."""
        with self._session() as session:
            session.execute(update(Person).where(Person.id == person_id, Person.password_hash == earlier).values(password_hash=kept))
            session.commit()

    def boroughs_of(self, person_id: UUID) -> list[Row[Any]]:
        """Return the boroughs that a person belongs to, by name.

        Each has ``borough_id, slug, name, programme_name, practice, roles``.
        """
        columns = (Borough.borough_id, Borough.slug, Borough.name, Borough.programme_name, Borough.practice, Member.roles)
        present = select(*columns).join(Member, Member.borough_id == Borough.borough_id)
        present = present.where(Member.person_id == person_id, Member.left_at.is_(None)).order_by(Borough.name)
        with self._session() as session:
            return list(session.execute(present))

    def invitation(self, token: str) -> tuple[Invitation, Borough] | None:
        """Return the invitation of a token, and its borough."""
        both = select(Invitation, Borough).join(Borough, Borough.borough_id == Invitation.borough_id)
        with self._session() as session:
            found = session.execute(both.where(Invitation.token_hash == hashed(token))).one_or_none()
            return (found[0], found[1]) if found else None

    def forget_people_of(self, borough_id: UUID) -> None:
        """Forget everybody who belongs to this borough and never belonged to another, with all that is theirs, and the borough's mails."""
        here = select(Member.person_id).where(Member.borough_id == borough_id)
        elsewhere = select(Member.person_id).where(Member.borough_id != borough_id)
        theirs = [table for table in Person.metadata.sorted_tables if table.schema == Person.__table__.schema and "person_id" in table.c]
        with self._session() as session:
            for table in reversed(theirs):
                session.execute(delete(table).where(table.c.person_id.in_(here), table.c.person_id.not_in(elsewhere)))
            session.execute(delete(Person).where(Person.id.in_(here), Person.id.not_in(elsewhere)))
            session.execute(delete(Mail).where(Mail.borough_id == borough_id))
            session.commit()
