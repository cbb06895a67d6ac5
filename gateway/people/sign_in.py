"""Signing in and out."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from chassis.errors import StayPlayError, register
from gateway.access.audit import security
from gateway.people import passwords
from gateway.people.browsers import Browsers, in_words
from gateway.people.models import Person, SignIn, tidy_email
from gateway.people.repository import Identity
from gateway.people.throttle import Throttle, check_pace

log = structlog.get_logger(__name__)


@register
class WrongSignIn(StayPlayError):
    """No such account, or not its password: nothing tells which."""

    code, status, title = "wrong_sign_in", 401, "Email or password is wrong"
    default_message = "Check both and try again. If you have forgotten your password, you can choose a new one."


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has begun.

    Attributes:
        token: what the browser or the client sends from now on; kept nowhere else.
        device: what shows at the next sign-in that this browser or client signed in to the account before.
    """

    token: str
    person: Person
    sign_in: SignIn
    device: str = ""


class SignInDesk:
    """Where people come in."""

    def __init__(self, identity: Identity, browsers: Browsers) -> None:
        self._identity = identity
        self._browsers = browsers

    def sign_in(
        self, email: str, password: str, *, address: str, device: str = "", user_agent: str = "", earlier_token: str = ""
    ) -> Session:
        """Begin a session under a new token; an earlier one of the same browser ends.

        Args:
            email: as it was typed.
            password: as it was typed.
            address: the network address that the attempt comes from.
            device: what an earlier session's `Session.device` was.
            user_agent: what the browser calls itself.
            earlier_token: what the browser sent with it, if anything.

        Raises:
            WrongSignIn: no such account, or another password.
            TooManyAttempts: too soon after attempts that failed.
        """
        email = tidy_email(email)
        person = self.proved(email, password, address=address, device=device)
        log.info("sign_in.succeeded", person_id=str(person.id))
        return self.begin(person, address=address, device=device, user_agent=user_agent, earlier_token=earlier_token)

    def proved(self, email: str, password: str, *, address: str, device: str = "") -> Person:
        """Return the person whose password this is; kept anew where it was kept with other parameters than today's.

        Raises:
            WrongSignIn, TooManyAttempts: as `sign_in`.
        """
        throttle = self.throttle(email, address=address, device=device)
        with throttle.turn():
            person = self._identity.person(email)
            earlier = person.password_hash if person else None
            if not passwords.is_right(password, earlier) or person is None or earlier is None:
                throttle.failed()
                log.info("sign_in.failed")
                if person is not None:
                    security.note(person.id, "sign_in_failed")
                raise WrongSignIn
            throttle.succeeded()
        if passwords.is_outdated(earlier):
            self._identity.rehash(person.id, earlier, passwords.kept(password))
        return person

    def throttle(self, email: str, *, address: str, device: str = "") -> Throttle:
        """Return what slows down attempts at an account from this place."""
        return Throttle(self._identity, email, address, self._browsers.known_as(device, email))

    def check_pace(self, purpose: str, address: str, free: int) -> None:
        """Let a question pass that anybody may ask: see `gateway.people.throttle.check_pace`."""
        check_pace(self._identity, purpose, address, free)

    def begin(
        self, person: Person, *, address: str, device: str = "", user_agent: str = "", earlier_token: str = "", **about: Any
    ) -> Session:
        """Begin a session of somebody who has proved who they are; an earlier one of the same browser ends.

        Args:
            person: who.
            address: the network address that it begins from.
            device: the browser's, so far.
            user_agent: what the browser calls itself.
            earlier_token: what the browser sent, if anything.
            about: what else to keep with it: see `gateway.people.models.SignIn`.
        """
        if earlier_token:
            self.sign_out(earlier_token)
        token = secrets.token_urlsafe(32)
        started = self._identity.start_session(person.id, token, address=address, browser=in_words(user_agent), **about)
        security.note(person.id, "sign_in", method=about.get("method", "password"))
        return Session(token, person, started, self.device_for(person, device))

    def device_for(self, person: Person, device: str = "") -> str:
        """Return what a browser keeps that has proved whose it is in another way, such as by a link in a mail."""
        return self._browsers.remembering(device, person.email)

    def sign_out(self, token: str) -> None:
        """End a session."""
        person_id = self._identity.end_session(token)
        if person_id is not None:
            log.info("session.ended", person_id=str(person_id))
            security.note(person_id, "sign_out")

    def boroughs_of(self, person_id: UUID) -> list[Any]:
        """Return the boroughs that a person belongs to: see `Identity.boroughs_of`."""
        return self._identity.boroughs_of(person_id)
