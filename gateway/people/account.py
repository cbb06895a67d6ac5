"""What people do with their own account: name, password, sessions, and proving again who they are."""

from typing import Any
from uuid import UUID

import structlog

from chassis.caller import Caller
from chassis.database import Database, open_work
from chassis.errors import Invalid, NotFound, NotSignedIn
from gateway.access.audit import security
from gateway.access.visitor import Visitor
from gateway.people import passwords
from gateway.people.mail import letters
from gateway.people.models import Person, SignIn
from gateway.people.repository import Identity
from gateway.people.sign_in import SignInDesk, WrongSignIn
from gateway.repository import Work

log = structlog.get_logger(__name__)


class AccountDesk:
    """Works for one signed-in person at a time, on what is theirs alone."""

    def __init__(self, database: Database, identity: Identity, sign_in: SignInDesk) -> None:
        self._database = database
        self._identity = identity
        self._sign_in = sign_in

    def person(self, visitor: Visitor) -> Person:
        """Return who it is; raises NotSignedIn where they were erased meanwhile."""
        found = self._identity.person_by_id(visitor.person_id)
        if found is None:
            raise NotSignedIn
        return found

    def rename(self, visitor: Visitor, name: str) -> None:
        """Change the person's name, here and in each of their boroughs. Cut short, it is mended by doing it again.

        Raises:
            OwnMeansNeeded: a borough's provider vouches for this session.
        """
        visitor.require_own_means()
        self._identity.rename(visitor.person_id, name)
        for borough in self._identity.boroughs_of(visitor.person_id):
            with open_work(Work, self._database, Caller.service("gateway", borough.borough_id), operation="gateway.rename") as work:
                member = work.members.of_person(visitor.person_id)
                if member is not None:
                    member.name = name
                    work.saw(subject_id=member.id)
        log.info("person.renamed", person_id=str(visitor.person_id))

    def change_password(self, visitor: Visitor, present: str, password: str, *, address: str, device: str = "") -> None:
        """Change the password; every other session of the person ends.

        Raises:
            Invalid: the present password is wrong, or the new one may not be chosen.
            TooManyAttempts: too soon after wrong ones.
        """
        person = self._with_password(visitor, present, "present", address=address, device=device)
        boroughs = self._identity.boroughs_of(person.id)
        names = [name for borough in boroughs for name in (borough.name, borough.programme_name)]
        passwords.check_choice(password, person.email, person.name, *names)
        letter = letters.password_changed()
        kept = passwords.kept(password)
        self._identity.change_password(person, kept, but=visitor.session_id, subject=letter.subject, text=letter.text)
        log.info("password.changed", person_id=str(person.id))
        security.note(person.id, "change_password")

    def confirm(self, visitor: Visitor, password: str, *, address: str, device: str = "") -> None:
        """Note that the person has given their password again just now.

        Raises:
            Invalid: it is wrong.
            TooManyAttempts: too soon after wrong ones.
        """
        self._with_password(visitor, password, "password", address=address, device=device)
        self._identity.note_confirmed(visitor.session_id)
        log.info("session.confirmed", person_id=str(visitor.person_id))

    def _with_password(self, visitor: Visitor, password: str, field: str, *, address: str, device: str) -> Person:
        try:
            return self._sign_in.proved(visitor.email, password, address=address, device=device)
        except WrongSignIn:
            raise Invalid(faults={field: ["Password: this is not your password."]}) from None

    def sessions(self, visitor: Visitor) -> list[dict[str, Any]]:
        """Return the person's sessions, the one used last first.

        A session that a borough's provider vouches for is shown no others than such: where somebody works besides is not its business.
        """
        every = self._identity.sessions_of(visitor.person_id)
        return [told(session, visitor.session_id) for session in every if visitor.provider_id in {None, session.provider_id}]

    def end_session(self, person_id: UUID, session_id: UUID) -> None:
        """End one session of a person.

        Raises:
            NotFound: they have no such session.
        """
        if not self._identity.end_session_of(person_id, session_id):
            raise NotFound
        log.info("session.ended", person_id=str(person_id))
        security.note(person_id, "end_session")

    def end_other_sessions(self, visitor: Visitor) -> int:
        """End every session of the person but this one; return how many."""
        ended = self._identity.end_sessions_of(visitor.person_id, but=visitor.session_id)
        security.note(visitor.person_id, "end_session", sessions=ended)
        return ended


def told(session: SignIn, present: UUID | None) -> dict[str, Any]:
    """Return what is told of a session: see `gateway.contract.OwnSession`."""
    names = ("id", "method", "browser", "address", "seen_at", "ends_at")
    return {
        **{name: getattr(session, name) for name in names},
        "began_at": session.created_at,
        "second_factor": session.second_factor_at is not None,
        "present": session.id == present,
    }
