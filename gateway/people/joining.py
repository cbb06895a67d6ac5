"""Joining a borough by invitation."""

from typing import Any, NamedTuple

import structlog

from chassis.caller import Caller
from chassis.database import Database, open_work
from chassis.errors import NotFound
from gateway.access.visitor import Visitor
from gateway.boroughs.models import Borough
from gateway.people import passwords
from gateway.people.factors.faults import SecondFactorNeeded
from gateway.people.factors.repository import Factors
from gateway.people.models import Invitation, Member, Person
from gateway.people.repository import Identity
from gateway.people.sign_in import SignInDesk, WrongSignIn
from gateway.people.single_sign_on.faults import SignOnNeeded
from gateway.people.single_sign_on.repository import SignOns
from gateway.people.throttle import Throttle
from gateway.repository import Work

log = structlog.get_logger(__name__)


class Joined(NamedTuple):
    """The borough that somebody joined, by its name in addresses, and who it was."""

    slug: str
    person: Person


class JoiningNeedsFactor(SecondFactorNeeded):
    """The password is right, and joining needs the person's second factor as well."""

    default_message = "Sign in, prove your second step, and send this again in that session."

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person


class JoiningDesk:
    """Where people answer invitations. Nothing here tells whether the invited address has an account already."""

    def __init__(self, database: Database, identity: Identity, sign_in: SignInDesk) -> None:
        self._database = database
        self._identity = identity
        self._sign_in = sign_in
        self._sign_ons = SignOns(database)
        self._factors = Factors(database)

    def shown(self, token: str) -> dict[str, Any]:
        """Return what an invitation says: see `gateway.contract.InvitationShown`.

        Raises:
            NotFound: there is none with this token, or it was used, taken back, or is too old.
        """
        invitation, borough = self._found(token)
        return {
            "borough_name": borough.name,
            "programme_name": borough.programme_name,
            "name": invitation.name,
            "email": invitation.email,
            "roles": invitation.roles,
            "expires_at": invitation.expires_at,
        }

    def accept(
        self,
        token: str,
        *,
        password: str,
        name: str | None = None,
        address: str,
        key: str = "",
        device: str = "",
        visitor: Visitor | None = None,
    ) -> "Joined":
        """Join the borough that a token invites to. Whoever has an account joins with its password.

        Whoever has a second factor proves it first, in the session of ``visitor``: an account that somebody else made in their
        name, and holds a passkey of, gets into no further borough by the mere choice of another password.

        Sent again with the same ``key`` and the right password, it has the same answer.

        Raises:
            NotFound: as `shown`.
            WrongSignIn, TooManyAttempts: the person has an account, and this is not its password.
            JoiningNeedsFactor: the person has a second factor, and this session has not proved it.
            Invalid: a new password is too easy to guess.
            SignOnNeeded: the borough lets nobody in by a password.
            BoroughSuspended: nobody joins it for now; the invitation is not used up.
        """
        invitation, borough = self._found(token, key)
        borough.require_working()
        if self._sign_ons.is_only_way(borough.borough_id):
            raise SignOnNeeded("This borough is joined only with your organisation's account. Open the invitation and choose it.")
        person = self._person(invitation, borough, password, name, address, device)
        self._check_factor(person, visitor)
        with open_work(Work, self._database, Caller.service("gateway", borough.borough_id), operation="gateway.accept_invitation") as work:
            join(work, token, person, key)
        log.info("invitation.accepted", invitation_id=str(invitation.id), person_id=str(person.id))
        return Joined(borough.slug, person)

    def _found(self, token: str, key: str = "") -> tuple[Invitation, Borough]:
        found = self._identity.invitation(token)
        if found is None or not (found[0].state == "open" or found[0].was_accepted_with(key)):
            raise NotFound
        return found

    def _person(self, invitation: Invitation, borough: Borough, password: str, name: str | None, address: str, device: str) -> Person:
        """Return who joins, made where they are new.

        Both ways take a hash's time, and a password that may not be chosen is refused in the same words on both.
        """
        throttle = self._sign_in.throttle(invitation.email, address=address, device=device)
        with throttle.turn():
            return self._let_in(throttle, invitation, borough, password, name)

    def _let_in(self, throttle: Throttle, invitation: Invitation, borough: Borough, password: str, name: str | None) -> Person:
        person = self._identity.person(invitation.email)
        is_right = passwords.is_right(password, person.password_hash if person else None)
        if person and is_right:
            throttle.succeeded()
            return person
        passwords.check_choice(password, invitation.email, name or invitation.name, borough.name, borough.programme_name)
        if person is None:
            kept = passwords.kept(password)
            person = self._identity.add_person(invitation.email, name or invitation.name, kept)
            if person.password_hash == kept:
                return person
        throttle.failed()
        raise WrongSignIn

    def _check_factor(self, person: Person, visitor: Visitor | None) -> None:
        """Let a person pass who has no second factor, or has proved it in the session in hand."""
        if visitor is not None and visitor.has_proved(person.id):
            return
        with self._factors.of(person.id) as own:
            if own.has_factor():
                raise JoiningNeedsFactor(person)


def join(work: Work, token: str, person: Person, key: str = "") -> None:
    """Use an invitation up; somebody who is a member already has its roles as well from now on.

    Raises:
        NotFound: it was used with another key, taken back, or is too old.
        BoroughSuspended: nobody joins the borough for now.
    """
    work.boroughs.this().require_working()
    invitation = work.invitations.by_token(token)
    if invitation.was_accepted_with(key):
        return
    invitation.accept(key)
    work.saw(subject_id=invitation.id, person_id=str(person.id))
    member = work.members.of_person(person.id)
    if member is not None:
        member.gain(invitation.roles, invitation.agency_id)
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
