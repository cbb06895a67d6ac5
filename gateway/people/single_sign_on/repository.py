"""Queries on providers of sign-in and on whose account is whose: across boroughs before sign-in, and within one."""

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import CursorResult, Row, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Repository
from chassis.errors import NotFound
from gateway.boroughs.models import Borough
from gateway.people.models import Member, Person, SignIn, real_now
from gateway.people.repository.reaching import Reaching
from gateway.people.single_sign_on.models import LinkedAccount, SignOn, Spent

_NOTE_USE: Final = text("UPDATE linked_accounts SET used_at = :at WHERE borough_id = :borough_id AND account = :account")
"""In words of its own: the platform's role may write this column and no other, such as when a row was changed."""


class SignOns(Reaching):
    """Finds providers and accounts while nobody is signed in yet."""

    def of_borough(self, slug: str) -> tuple[SignOn, Borough] | None:
        """Return the provider of a borough, if people can use it."""
        return self._one(Borough.slug == slug)

    def of_edition(self, edition: UUID) -> tuple[SignOn, Borough] | None:
        """Return the provider that a sign-in began with, if people can still use it."""
        return self._one(SignOn.edition == edition)

    def _one(self, which: Any) -> tuple[SignOn, Borough] | None:
        both = select(SignOn, Borough).join(Borough, Borough.borough_id == SignOn.borough_id)
        with self._session() as session:
            found = session.execute(both.where(which, SignOn.enabled)).one_or_none()
            return (found[0], found[1]) if found else None

    def listed(self) -> list[Row[Any]]:
        """Return every borough that has one in use: ``slug, name, label``, by name."""
        columns = select(Borough.slug, Borough.name, SignOn.label).join(SignOn, SignOn.borough_id == Borough.borough_id)
        with self._session() as session:
            return list(session.execute(columns.where(SignOn.enabled).order_by(Borough.name)))

    def of_person(self, person_id: UUID) -> list[Row[Any]]:
        """Return the boroughs of a person that have one in use: ``slug, name, label, edition, only, linked_at, used_at``, by name."""
        mine = (LinkedAccount.borough_id == SignOn.borough_id) & (LinkedAccount.person_id == person_id)
        columns = (
            Borough.slug,
            Borough.name,
            SignOn.label,
            SignOn.edition,
            SignOn.only,
            LinkedAccount.created_at.label("linked_at"),
            LinkedAccount.used_at,
        )
        rows = select(*columns).join(SignOn, SignOn.borough_id == Borough.borough_id).join(Member, Member.borough_id == Borough.borough_id)
        rows = rows.outerjoin(LinkedAccount, mine).where(SignOn.enabled, Member.person_id == person_id, Member.left_at.is_(None))
        with self._session() as session:
            return list(session.execute(rows.order_by(Borough.name)))

    def of_client(self, issuer: str, client_ids: list[str]) -> list[SignOn]:
        """Return the providers in use at which we are one of these clients."""
        rows = select(SignOn).where(SignOn.issuer == issuer, SignOn.client_id.in_(client_ids), SignOn.enabled)
        with self._session() as session:
            return list(session.scalars(rows.order_by(SignOn.borough_id)))

    def is_only_way(self, borough_id: UUID) -> bool:
        """Tell whether nothing but a borough's provider lets anybody in."""
        with self._session() as session:
            return session.scalar(select(SignOn.only).where(SignOn.borough_id == borough_id, SignOn.enabled)) is True

    def holder(self, borough_id: UUID, account: bytes) -> Person | None:
        """Return the member of a borough whose account this is, noting that it was used; None for nobody's."""
        mine = (LinkedAccount.borough_id == borough_id) & (LinkedAccount.account == account)
        present = (Member.borough_id == borough_id) & (Member.person_id == Person.id) & Member.left_at.is_(None)
        rows = select(Person).join(LinkedAccount, LinkedAccount.person_id == Person.id).join(Member, present).where(mine)
        with self._session() as session:
            person = session.scalars(rows).one_or_none()
            if person is not None:
                session.execute(_NOTE_USE, {"at": real_now(), "borough_id": borough_id, "account": account})
                session.commit()
            return person

    def holder_of(self, borough_id: UUID, account: bytes) -> UUID | None:
        """Return whose an account is in a borough, whether or not they are a member still."""
        mine = (LinkedAccount.borough_id == borough_id) & (LinkedAccount.account == account)
        with self._session() as session:
            return session.scalar(select(LinkedAccount.person_id).where(mine))

    def spend(self, what: bytes, until: datetime) -> bool:
        """Use something up; False where it was used before. It is remembered until ``until``, when it is worth nothing anyway."""
        once = insert(Spent).values(what=what, forget_after=until).on_conflict_do_nothing()
        with self._session() as session:
            session.execute(delete(Spent).where(Spent.forget_after < real_now()))
            fresh = cast("CursorResult[Any]", session.execute(once)).rowcount == 1
            session.commit()
            return fresh

    def end_sessions(self, sign_on: SignOn, *, sid: str | None, account: bytes | None) -> list[UUID]:
        """End the sessions that stand on a provider's session, or on an account of it; return whose each was.

        Where the provider names both, a session of the account that it never gave a name ends too.
        """
        ending = delete(SignIn).where(SignIn.provider_id == sign_on.edition)
        if account is not None:
            whose = select(LinkedAccount.person_id).where(LinkedAccount.borough_id == sign_on.borough_id, LinkedAccount.account == account)
            ending = ending.where(SignIn.person_id.in_(whose))
        if sid is not None:
            named = SignIn.provider_sid == sid
            ending = ending.where(named if account is None else named | SignIn.provider_sid.is_(None))
        return self._ended(ending)

    def end_sessions_of(self, sign_on: SignOn, person_id: UUID) -> list[UUID]:
        """End the sessions of a person that stand on a provider; return whose each was."""
        return self._ended(delete(SignIn).where(SignIn.provider_id == sign_on.edition, SignIn.person_id == person_id))

    def _ended(self, ending: Any) -> list[UUID]:
        with self._session() as session:
            ended = list(session.scalars(ending.returning(SignIn.person_id)))
            session.commit()
            return ended


class OwnSignOn(Repository[SignOn]):
    """The provider of the borough of the work."""

    model = SignOn

    def this(self, *, for_update: bool = False) -> SignOn | None:
        """Return it, or None where the borough has none."""
        return self.find(self.borough_id, for_update=for_update)

    def is_only_way(self) -> bool:
        """Tell whether nothing else lets anybody in."""
        found = self.this()
        return found is not None and found.only


class LinkedAccounts(Repository[LinkedAccount]):
    """The accounts that the borough's people have linked."""

    model = LinkedAccount

    def link(self, person_id: UUID, account: bytes, linked_by: str) -> LinkedAccount:
        """Link an account to a person, in place of the one they had.

        Raises:
            Conflict: at the commit, where the account is somebody else's.
        """
        earlier = self.first(self.rows().where(LinkedAccount.person_id == person_id).with_for_update())
        if earlier is None:
            return self.add(LinkedAccount(person_id=person_id, account=account, linked_by=linked_by, used_at=None))
        earlier.account, earlier.linked_by, earlier.used_at = account, linked_by, None
        return earlier

    def unlink(self, person_id: UUID) -> LinkedAccount:
        """Take a person's account away, and return it.

        Raises:
            NotFound: they have linked none.
        """
        linked = self.first(self.rows().where(LinkedAccount.person_id == person_id).with_for_update())
        if linked is None:
            raise NotFound
        self.session.delete(linked)
        return linked

    def forget_uses(self) -> None:
        """Forget who came in by their account: the provider is another one now, and nobody has come in by that."""
        for linked in self.session.scalars(self.rows().with_for_update()):
            linked.used_at = None

    def holder(self, account: bytes) -> UUID | None:
        """Return whose an account is."""
        found = self.first(self.rows().where(LinkedAccount.account == account))
        return found.person_id if found else None

    def present(self) -> int:
        """Return how many present members have linked an account."""
        return self._count(Member.left_at.is_(None))

    def administrators_in(self, *, but: UUID | None = None) -> int:
        """Return how many present administrators, perhaps ``but`` one, have come in by theirs since the provider is what it is."""
        others = [LinkedAccount.person_id != but] if but is not None else []
        return self._count(Member.left_at.is_(None), Member.roles.contains(["administrator"]), LinkedAccount.used_at.is_not(None), *others)

    def _count(self, *which: Any) -> int:
        theirs = (Member.borough_id == LinkedAccount.borough_id) & (Member.person_id == LinkedAccount.person_id)
        rows = select(func.count()).select_from(LinkedAccount).join(Member, theirs)
        return self.session.scalar(rows.where(LinkedAccount.borough_id == self.borough_id, *which)) or 0
