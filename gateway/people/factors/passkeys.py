"""Passkeys: made, used to sign in and to prove a second factor, removed."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from chassis.errors import Conflict
from gateway.access.audit import security
from gateway.access.visitor import Visitor
from gateway.people.factors import letters
from gateway.people.factors.codes import CodesDesk, codes_if_none, forget_codes_without_factor, may_change
from gateway.people.factors.faults import WrongPasskey
from gateway.people.factors.models import Passkey
from gateway.people.factors.relying_party import NewKey, RelyingParty, credential_id_in
from gateway.people.factors.repository import Factors, Own
from gateway.people.models import Person, real_now
from gateway.people.sign_in import Session, SignInDesk

log = structlog.get_logger(__name__)

CHALLENGE_BYTES = 32
HANDLE_BYTES = 32
ASKED_FREELY = 3000
"""Times that one network address may ask to sign in by passkey before the first delay: more than all people of one network do in a day."""
MOST = 20
"""Passkeys that one person may have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser is asked: a number to send back with the answer, and the options for its passkey functions."""

    challenge_id: UUID
    options: dict[str, Any]


class PasskeysDesk:
    """Where people make and use passkeys.

    Args:
        sign_in: where sessions begin.
        factors: what is kept.
        party: this installation, as browsers know it.
        codes: the person's other factors.
    """

    def __init__(self, sign_in: SignInDesk, factors: Factors, party: RelyingParty, codes: CodesDesk) -> None:
        self._sign_in = sign_in
        self._factors = factors
        self._codes = codes
        self.party = party

    def ask_to_make(self, visitor: Visitor) -> Asked:
        """Ask a browser to make a passkey.

        Raises:
            OwnMeansNeeded: a borough's provider vouches for this session, and a passkey would open other boroughs too.
            SecondFactorNeeded: the person has a factor, and this session has not proved it.
            Conflict: the person has as many as one may have.
        """
        visitor.require_own_means()
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        with self._factors.of(visitor.person_id) as own:
            may_change(own, visitor)
            known = own.passkeys()
            if len(known) >= MOST:
                raise Conflict(f"You have {MOST} passkeys. Remove one that you no longer use first.")
            handle = own.handle(secrets.token_bytes(HANDLE_BYTES))
        options = self.party.to_make(challenge, handle, visitor.email, visitor.person_name, known)
        return Asked(self._factors.ask("register", challenge, visitor.session_id).id, options)

    def add(self, visitor: Visitor, *, challenge_id: UUID, credential: str, name: str) -> list[str]:
        """Keep the passkey that a browser made; return recovery codes, where the person had none.

        The caller notes in the session that it has proved a second factor.

        Args:
            visitor: who.
            challenge_id: as `ask_to_make` gave it.
            credential: the browser's answer, as JSON.
            name: what the person calls the passkey.

        Raises:
            WrongPasskey: it is not the answer to what was asked, or is known here already.
            SecondFactorNeeded: as `ask_to_make`.
        """
        made = self.party.made(credential, self._taken(challenge_id, "register", visitor))
        with self._factors.of(visitor.person_id) as own:
            may_change(own, visitor)
            if not own.add_passkey(_kept(made, visitor.person_id, name)):
                raise WrongPasskey
            codes = codes_if_none(own)
            own.tell(*letters.PASSKEY_ADDED)
        log.info("passkey.added", person_id=str(visitor.person_id))
        security.note(visitor.person_id, "change_factor", added="passkey")
        return codes

    def has_any(self, visitor: Visitor) -> bool:
        """Tell whether the person has a passkey that works."""
        with self._factors.of(visitor.person_id) as own:
            return any(passkey.stopped_at is None for passkey in own.passkeys())

    def ask_to_prove(self, visitor: Visitor) -> Asked:
        """Ask a browser for one of the person's passkeys."""
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        with self._factors.of(visitor.person_id) as own:
            known = [passkey for passkey in own.passkeys() if passkey.stopped_at is None]
        return Asked(self._factors.ask("prove", challenge, visitor.session_id).id, self.party.to_sign(challenge, known))

    def check(self, visitor: Visitor, *, challenge_id: UUID, credential: str) -> None:
        """Let an answer of one of the person's passkeys pass; the caller notes in the session what that proves.

        Raises:
            WrongPasskey: it is not the person's, not the answer to what was asked, or stopped.
        """
        self._answered(visitor.person_id, self._taken(challenge_id, "prove", visitor), credential)
        log.info("second_factor.proved", person_id=str(visitor.person_id), method="passkey")
        security.note(visitor.person_id, "prove_factor", method="passkey")

    def ask_to_sign_in(self, *, address: str) -> Asked:
        """Ask a browser for whatever passkey it has for us; nothing tells whom it belongs to.

        Raises:
            TooManyAttempts: a network address asks without end; each question is kept for five minutes.
        """
        self._sign_in.check_pace("passkey sign-in asked", address, ASKED_FREELY)
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        return Asked(self._factors.ask("sign_in", challenge, None).id, self.party.to_sign(challenge))

    def sign_in(self, *, challenge_id: UUID, credential: str, **about: str) -> Session:
        """Begin a session by a passkey alone: having it is one factor, opening it with finger, face or PIN the other.

        Args:
            challenge_id: as `ask_to_sign_in` gave it.
            credential: the browser's answer, as JSON.
            about: where it comes from, as `SignInDesk.begin` has it: ``address``, ``device``, ``user_agent``, ``earlier_token``.

        Raises:
            WrongPasskey: it is unknown, stopped, or not the answer to what was asked.
        """
        challenge = self._taken(challenge_id, "sign_in", None)
        person_id = self._factors.holder_of(credential_id_in(credential))
        if person_id is None:
            log.info("sign_in.failed", method="passkey")
            raise WrongPasskey
        person = self._answered(person_id, challenge, credential, discovered=True)
        log.info("sign_in.succeeded", person_id=str(person_id), method="passkey")
        return self._sign_in.begin(person, method="passkey", second_factor_at=real_now(), **about)

    def rename(self, visitor: Visitor, passkey_id: UUID, name: str) -> None:
        """Call a passkey something else.

        Raises:
            NotFound: it is not the person's.
            SecondFactorNeeded: as `ask_to_make`.
        """
        with self._factors.of(visitor.person_id) as own:
            may_change(own, visitor)
            own.passkey(passkey_id).name = name
        log.info("passkey.renamed", person_id=str(visitor.person_id))

    def remove(self, visitor: Visitor, passkey_id: UUID) -> None:
        """Remove a passkey.

        Raises:
            NotFound: it is not the person's.
            InvalidTransition: it is the last factor, and a role needs one.
            SecondFactorNeeded: as `ask_to_make`.
        """
        with self._factors.of(visitor.person_id) as own:
            may_change(own, visitor)
            passkey = own.passkey(passkey_id)
            self._codes.keep_one(own, visitor, leaving_works=passkey.stopped_at is None)
            own.forget_passkey(passkey)
            forget_codes_without_factor(own)
            own.tell(*letters.PASSKEY_REMOVED)
        log.info("passkey.removed", person_id=str(visitor.person_id))
        security.note(visitor.person_id, "change_factor", removed="passkey")

    def _taken(self, challenge_id: UUID, purpose: str, visitor: Visitor | None) -> bytes:
        challenge = self._factors.take(challenge_id, purpose, visitor.session_id if visitor else None)
        if challenge is None:
            raise WrongPasskey("This took too long, or was sent twice. Try again.")
        return challenge

    def _answered(self, person_id: UUID, challenge: bytes, credential: str, *, discovered: bool = False) -> Person:
        """Return whose passkey signed the challenge, and note what it said."""
        known = credential_id_in(credential)
        with self._factors.of(person_id) as own:
            passkey = next((mine for mine in own.passkeys() if mine.credential_id == known), None)
            if passkey is None:
                raise WrongPasskey
            believed = self._noted(own, passkey, challenge, credential, discovered=discovered)
        if not believed:
            log.warning("passkey.stopped", person_id=str(person_id))
            raise WrongPasskey("This passkey is stopped: it may have been copied. Use another way, then remove it.")
        return own.person

    def _noted(self, own: Own, passkey: Passkey, challenge: bytes, credential: str, *, discovered: bool) -> bool:
        answer = self.party.answered(credential, challenge, passkey.public_key)
        if (discovered or answer.handle is not None) and answer.handle != own.handle(secrets.token_bytes(HANDLE_BYTES)):
            raise WrongPasskey
        was_stopped = passkey.stopped_at is not None
        believed = passkey.note(sign_count=answer.sign_count, backup_eligible=answer.backup_eligible, backed_up=answer.backed_up)
        if not believed and not was_stopped:
            own.tell(*letters.PASSKEY_STOPPED)
        return believed


def _kept(made: NewKey, person_id: UUID, name: str) -> Passkey:
    return Passkey(person_id=person_id, name=name, **made._asdict())
