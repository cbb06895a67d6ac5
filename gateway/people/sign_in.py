"""Signing in and out, and joining by invitation."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from chassis.caller import Caller
from chassis.database import Database, open_work
from chassis.errors import NotFound, StayPlayError, register
from gateway.boroughs.models import Borough
from gateway.people import passwords
from gateway.people.models import Invitation, Member, Person, SignIn, tidy_email
from gateway.people.repository import Identity
from gateway.people.throttle import Throttle
from gateway.repository import Work

log = structlog.get_logger(__name__)


@register
class WrongSignIn(StayPlayError):
    """No such account, or not its password: nothing tells which."""

    code, status, title = "wrong_sign_in", 401, "Email or password is wrong"
    default_message = "Check both and try again. If you have forgotten your password, ask your borough administrator."


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has begun.

    Attributes:
        token: what the browser or the client sends from now on; kept nowhere else.
    """

    token: str
    person: Person
    sign_in: SignIn


class SignInDesk:
    """Where people come in."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity

    def sign_in(self, email: str, password: str, *, address: str, earlier_token: str = "") -> Session:
        """Begin a session under a new token; an earlier one of the same browser ends.

        Args:
            address: the network address that the attempt comes from.
            earlier_token: what the browser sent with it, if anything.

        Raises:
            WrongSignIn: no such account, or another password.
            TooManyAttempts: too soon after attempts that failed.
        """
        email = tidy_email(email)
        throttle = Throttle(self._identity, email, address)
        throttle.check()
        person = self._identity.person(email)
        if not passwords.is_right(password, person.password_hash if person else None) or person is None:
            throttle.failed()
            log.info("sign_in.failed")
            raise WrongSignIn
        throttle.succeeded()
        if earlier_token:
            self.sign_out(earlier_token)
        log.info("sign_in.succeeded", person_id=str(person.id))
        return self._begun(person)

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._identity.end_session(token)

    def boroughs_of(self, person_id: UUID) -> list[Any]:
        """Return the boroughs that a person belongs to: see `Identity.boroughs_of`."""
        return self._identity.boroughs_of(person_id)

    def shown(self, token: str) -> dict[str, Any]:
        """Return what an invitation says: see `gateway.contract.InvitationShown`.

        Raises:
            NotFound: there is none with this token, or it was used, taken back, or is too old.
        """
        invitation, borough = self._open_invitation(token)
        return {
            "borough_name": borough.name,
            "programme_name": borough.programme_name,
            "name": invitation.name,
            "email": invitation.email,
            "roles": invitation.roles,
            "has_account": self._identity.person(invitation.email) is not None,
            "expires_at": invitation.expires_at,
        }

    def accept(self, token: str, *, password: str, name: str | None = None, address: str) -> str:
        """Join the borough that a token invites to; return its slug. Whoever has an account joins with its password.

        Raises:
            NotFound: as `shown`.
            WrongSignIn, TooManyAttempts: the person has an account, and this is not its password.
            Invalid: a new password is too easy to guess.
        """
        invitation, borough = self._open_invitation(token)
        person = self._person(invitation, password, name, address)
        with open_work(Work, self._database, Caller.service("gateway", borough.borough_id), operation="gateway.accept_invitation") as work:
            self._join(work, token, person)
        log.info("invitation.accepted", invitation_id=str(invitation.id), person_id=str(person.id))
        return borough.slug

    def _person(self, invitation: Invitation, password: str, name: str | None, address: str) -> Person:
        person = self._identity.person(invitation.email)
        if person is None:
            passwords.check_choice(password, invitation.email)
            kept = passwords.kept(password)
            person = self._identity.add_person(invitation.email, name or invitation.name, kept)
            if person.password_hash == kept:
                return person
        throttle = Throttle(self._identity, invitation.email, address)
        throttle.check()
        if not passwords.is_right(password, person.password_hash):
            throttle.failed()
            raise WrongSignIn
        return person

    def _open_invitation(self, token: str) -> tuple[Invitation, Borough]:
        found = self._identity.invitation(token)
        if found is None or found[0].state != "open":
            raise NotFound
        return found

    def _join(self, work: Work, token: str, person: Person) -> None:
        """Use the invitation up; somebody who is a member already has its roles as well from now on."""
        invitation = work.invitations.by_token(token)
        invitation.accept()
        work.saw(subject_id=invitation.id, person_id=str(person.id))
        member = work.members.of_person(person.id)
        if member is not None:
            member.roles = sorted({*member.roles, *invitation.roles})
            member.agency_id = invitation.agency_id or member.agency_id
            return
        work.members.add(
            Member(
                person_id=person.id,
                name=person.name,
                email=person.email,
                roles=invitation.roles,
                agency_id=invitation.agency_id,
                joined_at=work.now,
            )
        )

    def _begun(self, person: Person) -> Session:
        token = secrets.token_urlsafe(32)
        return Session(token, person, self._identity.start_session(person.id, token))
