"""Authenticator apps and recovery codes: set up, proved, replaced, removed."""

from typing import Any, Final, NamedTuple

import structlog

from chassis.errors import Conflict, InvalidTransition
from chassis.ids import new_id
from gateway.access.audit import security
from gateway.access.second_factor import role_needs_one
from gateway.access.visitor import Visitor
from gateway.people.factors import letters, recovery, totp
from gateway.people.factors.faults import SecondFactorNeeded, WrongCode
from gateway.people.factors.models import Authenticator, Passkey
from gateway.people.factors.repository import Factors, Own
from gateway.people.factors.tries import Tries
from gateway.people.models import real_now
from gateway.people.repository import Identity
from gateway.people.sealing import BrokenSeal, Sealer

log = structlog.get_logger(__name__)

PURPOSE: Final = "authenticator secret"
LAST_ONE: Final = "This is your only second step, and your role needs one. Add another first."


class Secret(NamedTuple):
    """What an app needs, shown while it is set up and never again."""

    secret: str
    address: str


class CodesDesk:
    """Where people set up and give codes.

    Args:
        identity: people and their sessions.
        factors: what is kept.
        sealer: seals the secrets of apps.
    """

    def __init__(self, identity: Identity, factors: Factors, sealer: Sealer) -> None:
        self._identity = identity
        self._factors = factors
        self._sealer = sealer

    def overview(self, visitor: Visitor) -> dict[str, Any]:
        """Return what the person has: see `gateway.contract.Factors`."""
        with self._factors.of(visitor.person_id) as own:
            app, left = own.authenticator(), len(own.codes())
            return {
                "authenticator": app,
                "passkeys": [_told(passkey) for passkey in own.passkeys()],
                "recovery_codes_left": left,
                "few_left": own.has_factor() and left <= recovery.FEW,
                "needed": self.is_needed(visitor),
            }

    def begin(self, visitor: Visitor) -> Secret:
        """Begin to set up an app, with a new secret; one in use stays in use until the new one has proved itself.

        Raises:
            SecondFactorNeeded: the person has a factor, and this session has not proved it.
        """
        secret, identity = totp.new_secret(), new_id()
        with self._factors.of(visitor.person_id) as own:
            may_change(own, visitor)
            sealed = self._sealer.seal(secret, identity.bytes)
            own.begin(Authenticator(id=identity, person_id=visitor.person_id, sealed_secret=sealed))
        return Secret(secret, totp.address_of(secret, visitor.email))

    def being_set_up(self, visitor: Visitor) -> Secret:
        """Return the secret of the app that is being set up, to show it again.

        Raises:
            InvalidTransition: none is, or it was begun too long ago.
            SecondFactorNeeded: as `begin`.
        """
        with self._factors.of(visitor.person_id) as own:
            may_change(own, visitor)
            secret = self._opened(_begun(own))
        return Secret(secret, totp.address_of(secret, visitor.email))

    def confirm(self, visitor: Visitor, code: str, *, known_browser: str = "") -> list[str]:
        """Take the app into use that makes this code; return recovery codes, where the person had none.

        The caller notes in the session that it has proved a second factor.

        Args:
            visitor: who.
            code: what the app shows.
            known_browser: see `Tries`.

        Raises:
            WrongCode: the app shows something else.
            TooManyAttempts: too soon after wrong codes.
            InvalidTransition, SecondFactorNeeded: as `being_set_up`.
        """
        codes: list[str] = []
        with self._factors.of(visitor.person_id) as own:
            may_change(own, visitor)
            tries, begun = Tries(own, known_browser), _begun(own)
            tries.check()
            step = totp.matching_step(self._opened(begun), code, now=real_now(), after=0)
            tries.note(right=step is not None)
            if step is not None:
                own.confirm(begun, step)
                codes = codes_if_none(own)
                own.tell(*letters.APP_ADDED)
        if step is None:
            raise WrongCode
        log.info("authenticator.added", person_id=str(visitor.person_id))
        security.note(visitor.person_id, "change_factor", added="app")
        return codes

    def check(self, visitor: Visitor, code: str, *, known_browser: str = "") -> None:
        """Use up a code of the app or a recovery code; the caller notes in the session what that proves.

        Raises:
            WrongCode: it is none, or was used before.
            TooManyAttempts: too soon after wrong codes.
        """
        with self._factors.of(visitor.person_id) as own:
            tries = Tries(own, known_browser)
            tries.check()
            right = self._used(own, code)
            tries.note(right=right)
        if not right:
            log.info("second_factor.refused", person_id=str(visitor.person_id))
            security.note(visitor.person_id, "factor_failed")
            raise WrongCode
        security.note(visitor.person_id, "prove_factor", method="code")

    def replace_recovery_codes(self, visitor: Visitor) -> list[str]:
        """Return new recovery codes; the old ones no longer work.

        Raises:
            Conflict: the person has no factor that they could stand in for.
            SecondFactorNeeded: as `begin`.
        """
        with self._factors.of(visitor.person_id) as own:
            may_change(own, visitor)
            if not own.has_factor():
                raise Conflict("Set up an authenticator app or a passkey first.")
            codes = _new_codes(own)
            own.tell(*letters.CODES_REPLACED)
        log.info("recovery_codes.replaced", person_id=str(visitor.person_id))
        security.note(visitor.person_id, "change_factor", added="recovery_codes")
        return codes

    def remove(self, visitor: Visitor) -> None:
        """Remove the app.

        Raises:
            InvalidTransition: it is the last factor, and a role needs one.
            SecondFactorNeeded: as `begin`.
        """
        with self._factors.of(visitor.person_id) as own:
            may_change(own, visitor)
            if own.authenticator() is not None:
                self.keep_one(own, visitor, leaving_works=True)
                own.forget_authenticator()
                forget_codes_without_factor(own)
                own.tell(*letters.APP_REMOVED)
        log.info("authenticator.removed", person_id=str(visitor.person_id))
        security.note(visitor.person_id, "change_factor", removed="app")

    def keep_one(self, own: Own, visitor: Visitor, *, leaving_works: bool) -> None:
        """Let a factor go that is not the last working one, or that no role of the person needs.

        Raises:
            InvalidTransition: it is, and one does.
        """
        if leaving_works and own.count_working() == 1 and self.is_needed(visitor):
            raise InvalidTransition(LAST_ONE)

    def is_needed(self, visitor: Visitor) -> bool:
        """Tell whether a role of the person, in any borough, needs a second factor."""
        return any(role_needs_one(row.roles, practice=row.practice) for row in self._identity.boroughs_of(visitor.person_id))

    def _used(self, own: Own, code: str) -> bool:
        app = own.authenticator()
        if app is not None and totp.looks_like_code(code):
            return self._used_app(own, app, code)
        tidy, kept = recovery.tidy(code), own.codes()
        used = bool(tidy and kept) and own.use_code(recovery.kept([tidy], kept[0].salt)[0])
        if used:
            own.tell(*letters.CODE_USED)
        return used

    def _used_app(self, own: Own, app: Authenticator, code: str) -> bool:
        """Use up a code of the app. A secret that can't be read any more makes no code right; recovery codes and passkeys still are."""
        try:
            secret = self._opened(app)
        except BrokenSeal:
            log.exception("authenticator.unreadable", person_id=str(app.person_id))
            return False
        step = totp.matching_step(secret, code, now=real_now(), after=app.last_step)
        return step is not None and own.use_step(app, step)

    def _opened(self, app: Authenticator) -> str:
        return self._sealer.opened(app.sealed_secret, app.id.bytes)


def may_change(own: Own, visitor: Visitor) -> None:
    """Let only a session change factors that has proved one, where the person has any: a password alone, or a new one, is not enough.

    A session that a borough's provider vouches for may set up the first one, which its own borough may need, and change none.

    Raises:
        OwnMeansNeeded: that is what this one wants to do.
        SecondFactorNeeded: it has not.
    """
    if own.has_factor():
        visitor.require_own_means()
        if visitor.second_factor_at is None:
            raise SecondFactorNeeded


def codes_if_none(own: Own) -> list[str]:
    """Return new recovery codes for whoever has just set up a first factor; nothing for anybody who has some."""
    return [] if own.codes() else _new_codes(own)


def forget_codes_without_factor(own: Own) -> None:
    """Forget recovery codes that stand in for nothing any more."""
    if not own.has_factor():
        own.forget_codes()


def _new_codes(own: Own) -> list[str]:
    codes, salt = recovery.new_codes(), recovery.new_salt()
    own.replace_codes(salt, recovery.kept([recovery.tidy(code) for code in codes], salt))
    return codes


def _begun(own: Own) -> Authenticator:
    begun = own.begun()
    if begun is None or begun.is_too_old:
        raise InvalidTransition("Begin again: this was started too long ago, or in another window.")
    return begun


def _told(passkey: Passkey) -> dict[str, Any]:
    told = ("id", "name", "created_at", "used_at", "backed_up")
    return {**{name: getattr(passkey, name) for name in told}, "stopped": passkey.stopped_at is not None}
