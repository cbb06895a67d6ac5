"""Choosing a new password with a link that came by mail."""

import secrets
from datetime import timedelta
from typing import Final

import structlog

from chassis.errors import NotFound, TooManyAttempts
from gateway.access.audit import security
from gateway.people import passwords
from gateway.people.mail import letters
from gateway.people.models import Person, Reset, real_now, tidy_email
from gateway.people.repository import Identity
from gateway.people.throttle import FREE_FOR_ADDRESS, Throttle, network

log = structlog.get_logger(__name__)

REPEATED_WITHIN: Final = timedelta(minutes=10)


class ResettingDesk:
    """Where people who forgot their password get another. It signs nobody in, so a second factor is asked for as ever."""

    def __init__(self, identity: Identity, public_url: str) -> None:
        self._identity = identity
        self._public_url = public_url

    def ask(self, email: str, *, address: str) -> None:
        """Send a link to whoever has an account with this address, and take as long where nobody has.

        Too many for one account are passed over without a word. Whoever has only come in by their organisation's account gets a
        first password in this way: an invitation gives none, since an administrator sees its link.

        Raises:
            TooManyAttempts: too many from this network address.
        """
        email = tidy_email(email)
        wanted = self._wanted(email, address)
        person = self._identity.person(email)
        token = secrets.token_urlsafe(32)
        letter = letters.reset(f"{self._public_url}/new-password/{token}")
        self._identity.add_reset(person if wanted else None, token, subject=letter.subject, text=letter.text)
        log.info("reset.asked")

    def _wanted(self, email: str, address: str) -> bool:
        """Count the question; tell whether the account has not been sent too many links.

        What is passed over is not counted, so nobody can keep links from the owner by asking without end.
        """
        place = network(address)
        by_address = Throttle(self._identity, place, place, purpose="reset from address", free=FREE_FOR_ADDRESS)
        by_address.check()
        by_address.failed()
        by_account = Throttle(self._identity, email, email, purpose="reset of account")
        try:
            by_account.check()
        except TooManyAttempts:
            return False
        by_account.failed()
        return True

    def check(self, token: str) -> None:
        """Let a link pass that works.

        Raises:
            NotFound: it was used, is too old, or never was.
        """
        found = self._identity.reset(token)
        if found is None or not found[0].is_open:
            raise NotFound

    def choose(self, token: str, password: str) -> Person:
        """Change the password and end every session; return whose it is. Sent again at once, it has the same answer.

        Raises:
            NotFound: as `check`.
            Invalid: the password may not be chosen.
        """
        found = self._identity.reset(token)
        if found is None:
            raise NotFound
        reset, person = found
        if not reset.is_open:
            return _repeated(reset, person, password)
        self._judge(person, password)
        letter = letters.password_changed()
        if not self._identity.use_reset(reset, person, passwords.kept(password), subject=letter.subject, text=letter.text):
            raise NotFound
        log.info("password.reset", person_id=str(person.id))
        security.note(person.id, "reset_password")
        return person

    def _judge(self, person: Person, password: str) -> None:
        boroughs = self._identity.boroughs_of(person.id)
        names = [name for borough in boroughs for name in (borough.name, borough.programme_name)]
        passwords.check_choice(password, person.email, person.name, *names)


def _repeated(reset: Reset, person: Person, password: str) -> Person:
    """Answer a repeat of the request whose answer was lost."""
    lately = reset.used_at is not None and real_now() - reset.used_at < REPEATED_WITHIN
    if lately and passwords.is_right(password, person.password_hash):
        return person
    raise NotFound
