"""Coming in by an organisation's account: to the provider and back, and what is done there with what the provider says."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import structlog

from chassis.database import Database
from chassis.errors import NotFound
from gateway.access.visitor import Visitor
from gateway.boroughs.models import Borough
from gateway.people.models import LONGEST, Person, real_now
from gateway.people.repository import Identity
from gateway.people.sealing import BrokenSeal, Sealer
from gateway.people.sign_in import Session, SignInDesk
from gateway.people.single_sign_on.accounts import AccountsDesk
from gateway.people.single_sign_on.faults import NotConfirmed, NotLinked, ProviderAway, SignOnOver, SignOnRefused, Untrusted
from gateway.people.single_sign_on.models import SignOn, subject_hash
from gateway.people.single_sign_on.provider import LEEWAY_SECONDS, Client, Providers
from gateway.people.single_sign_on.repository import SignOns
from gateway.people.single_sign_on.signing_out import SigningOut
from gateway.people.single_sign_on.under_way import UnderWay

log = structlog.get_logger(__name__)

CALLBACK: Final = "/sign-on/callback"
BACK_CHANNEL: Final = "/sign-on/back-channel-logout"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where to send the browser, the cookie that it needs when it comes back, and what the account there is called."""

    address: str
    cookie: str
    label: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """From where somebody comes back.

    Attributes:
        cookie: of the sign-in under way.
        visitor: who is signed in in this browser already.
        about: what `gateway.people.sign_in.SignInDesk.begin` takes of them: address, device, user_agent, earlier_token.
    """

    cookie: str
    visitor: Visitor | None
    about: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of it.

    Attributes:
        purpose: what it was for.
        slug: the borough.
        onward: page to go to; empty where none was named.
        session: the one that began; None where none did.
    """

    purpose: str
    slug: str
    onward: str
    session: Session | None = None


class SignOnDesk:
    """Where people come in by their organisation's account.

    Args:
        database, identity: where things are kept.
        sign_in: begins sessions.
        providers: asks the providers.
        secret: the gateway's private key.
        public_url: where people reach the platform.

    Attributes:
        accounts: whose account is whose.
        signing_out: ends what a provider vouched for.
    """

    def __init__(
        self, database: Database, identity: Identity, sign_in: SignInDesk, providers: Providers, *, secret: str, public_url: str
    ) -> None:
        self._identity = identity
        self._sign_in = sign_in
        self._sign_ons = SignOns(database)
        self._providers = providers
        self._secrets = Sealer(secret, "client secret")
        self._cookies = Sealer(secret, "sign-on under way")
        self._redirect_uri = f"{public_url}{CALLBACK}"
        self.accounts = AccountsDesk(database, identity)
        self.signing_out = SigningOut(database, providers)

    def listed(self) -> list[Any]:
        """Return the boroughs that are entered in this way: ``slug, name, label``, by name."""
        return self._sign_ons.listed()

    def label(self, slug: str) -> str:
        """Return what the account is called that opens a borough; empty where none does."""
        found = self._sign_ons.of_borough(slug)
        return found[0].label if found else ""

    def joining(self, token: str) -> tuple[str, bool]:
        """Return what the account is called with which an invitation can be accepted, empty for none, and whether nothing else can.

        Raises:
            NotFound: the invitation can't be used any more.
        """
        _, borough = self.accounts.invitation(token)
        found = self._sign_ons.of_borough(borough.slug)
        return (found[0].label, found[0].only) if found else ("", False)

    def slug_of(self, provider_id: UUID) -> str:
        """Return the borough whose provider vouches for a session; empty where it is in use no more."""
        found = self._sign_ons.of_edition(provider_id)
        return found[1].slug if found else ""

    def fault_of(self, issuer: str) -> str:
        """Ask a provider now for all that sign-in needs of it; return what is wrong with it, for administrators, or nothing."""
        try:
            self._providers.check(issuer)
        except ProviderAway as away:
            return away.found
        return ""

    def begin(self, slug: str, purpose: str = "enter", **kept: str) -> Beginning:
        """Lead somebody to the provider of a borough.

        Args:
            slug: the borough.
            purpose: one of `gateway.people.single_sign_on.under_way.PURPOSES`.
            kept: ``onward``, ``invitation``, ``person``: see `UnderWay`.

        Raises:
            NotFound: no such borough, or it has no single sign-on.
            ProviderAway: the provider does not answer.
        """
        sign_on, _ = self._found(self._sign_ons.of_borough(slug))
        metadata = self._providers.metadata(sign_on.issuer)
        begun = UnderWay.begun(sign_on.edition, purpose, slug=slug, **kept)
        address = self._providers.authorization_address(metadata, self._client(sign_on), begun, acr_values=sign_on.acr_values)
        log.info("sign_on.began", borough_id=str(sign_on.borough_id), purpose=purpose)
        return Beginning(address, begun.sealed(self._cookies), sign_on.label)

    def begin_joining(self, token: str) -> Beginning:
        """Lead somebody to the provider who wants to accept an invitation with their account there.

        Raises:
            NotFound: the invitation can't be used any more, or the borough has no single sign-on.
            ProviderAway: as `begin`.
        """
        _, borough = self.accounts.invitation(token)
        return self.begin(borough.slug, "join", invitation=token)

    def begin_linking(self, slug: str, visitor: Visitor) -> Beginning:
        """Lead somebody to the provider who is signed in by their own means and wants to link their account there.

        Raises:
            OwnMeansNeeded: a provider vouches for them.
            NotFound, ProviderAway: as `begin`.
        """
        visitor.require_own_means()
        return self.begin(slug, "link", person=str(visitor.person_id))

    def begin_confirming(self, visitor: Visitor, onward: str) -> Beginning:
        """Lead somebody to the provider that vouches for them, to sign in there once more.

        Raises:
            NotFound: none does, or it is in use no more.
            ProviderAway: as `begin`.
        """
        slug = self.slug_of(visitor.provider_id) if visitor.provider_id else ""
        return self.begin(slug, "confirm", person=str(visitor.person_id), onward=onward)

    def under_way(self, cookie: str) -> UnderWay | None:
        """Return what a browser's cookie says is under way; None for nothing, or nothing any more."""
        return UnderWay.opened(cookie, self._cookies)

    def finish(self, given: Mapping[str, str], around: Circumstances) -> Finished:
        """Take the provider's answer as the browser brought it, once.

        Args:
            given: the query: ``code``, ``state``, ``iss``, or ``error``.
            around: from where it came.

        Raises:
            SignOnOver: there is none under way in this browser, or its answer came before.
            SignOnRefused: the person or the provider called it off.
            Untrusted: the answer proves nothing.
            NotLinked: the account is nobody's in this borough.
            NotConfirmed: the answer does not say that the very same person signed in just now.
            ProviderAway: the provider does not answer.
            NotFound, Conflict: joining or linking is not possible any more.
        """
        begun = self.under_way(around.cookie)
        if begun is None or not hmac.compare_digest(begun.state.encode(), given.get("state", "").encode()):
            raise SignOnOver
        if not self._sign_ons.spend(begun.spent_as, begun.forget_after):
            raise SignOnOver
        sign_on, borough = self._found(self._sign_ons.of_edition(UUID(begun.edition)))
        claims = self._vouched(sign_on, begun, given)
        done = {"enter": self._enter, "join": self._join, "link": self._link, "confirm": self._confirm}[begun.purpose]
        return Finished(begun.purpose, borough.slug, begun.onward, done(sign_on, begun, claims, around))

    def _vouched(self, sign_on: SignOn, begun: UnderWay, given: Mapping[str, str]) -> dict[str, Any]:
        """Return what the provider says, once it is known that it is this provider that says it."""
        metadata = self._providers.metadata(sign_on.issuer)
        if given.get("iss", "" if metadata.names_itself else sign_on.issuer) != sign_on.issuer:
            raise Untrusted
        if "error" in given or not given.get("code"):
            log.info("sign_on.refused", borough_id=str(sign_on.borough_id))
            raise SignOnRefused
        return self._providers.vouched(metadata, self._client(sign_on), begun, given["code"])

    def _enter(self, sign_on: SignOn, _begun: UnderWay, claims: Mapping[str, Any], around: Circumstances) -> Session:
        """Begin a session of whoever has linked this account."""
        person = self._sign_ons.holder(sign_on.borough_id, _account(sign_on, claims))
        if person is None:
            log.info("sign_on.not_linked", borough_id=str(sign_on.borough_id))
            raise NotLinked
        return self._session(sign_on, person, claims, around)

    def _join(self, sign_on: SignOn, begun: UnderWay, claims: Mapping[str, Any], around: Circumstances) -> Session:
        """Accept the invitation, and come in."""
        self.accounts.joined(begun.invitation, sign_on, _account(sign_on, claims), around.visitor)
        return self._enter(sign_on, begun, claims, around)

    def _link(self, sign_on: SignOn, begun: UnderWay, claims: Mapping[str, Any], around: Circumstances) -> None:
        """Link the account to the person who asked for it, if they are still the one signed in."""
        visitor = _same_person(begun, around)
        self.accounts.link(sign_on, _account(sign_on, claims), visitor)

    def _confirm(self, sign_on: SignOn, begun: UnderWay, claims: Mapping[str, Any], around: Circumstances) -> None:
        """Note that the person whom the provider vouches for signed in there just now."""
        visitor = _same_person(begun, around)
        holder = self._sign_ons.holder_of(sign_on.borough_id, _account(sign_on, claims))
        if holder != visitor.person_id or visitor.provider_id != sign_on.edition or _signed_in_at(claims) < begun.began_at - LEEWAY_SECONDS:
            raise NotConfirmed
        self._identity.note_confirmed(visitor.session_id)
        log.info("session.confirmed", person_id=str(visitor.person_id))

    def _session(self, sign_on: SignOn, person: Person, claims: Mapping[str, Any], around: Circumstances) -> Session:
        """Begin a session that stands on the provider's word. Where that does not say when, the person is asked again when it matters."""
        sid, proved = claims.get("sid"), sign_on.second_factor_proved(claims.get("acr"), claims.get("amr"))
        log.info("sign_on.succeeded", person_id=str(person.id), borough_id=str(sign_on.borough_id), factor=proved)
        now = real_now()
        signed_in_at = datetime.fromtimestamp(min(_signed_in_at(claims), now.timestamp()), UTC)
        return self._sign_in.begin(
            person,
            **around.about,
            method="sso",
            provider_id=sign_on.edition,
            provider_sid=sid if isinstance(sid, str) else None,
            second_factor_at=now if proved else None,
            confirmed_at=max(signed_in_at, now - LONGEST),
        )

    def _client(self, sign_on: SignOn) -> Client:
        """Return what we are to the provider.

        Raises:
            ProviderAway: the client secret can't be read any more: the gateway got another key.
        """
        try:
            secret = self._secrets.opened(sign_on.secret, sign_on.borough_id.bytes) if sign_on.secret else ""
        except BrokenSeal:
            log.exception("sign_on.unreadable", borough_id=str(sign_on.borough_id))
            raise ProviderAway("The client secret was sealed with another key. Enter it again.") from None
        return Client(sign_on.client_id, secret, self._redirect_uri)

    @staticmethod
    def _found(found: tuple[SignOn, Borough] | None) -> tuple[SignOn, Borough]:
        if found is None:
            raise NotFound("This borough has no single sign-on. Sign in with your email address and password instead.")
        return found


def _account(sign_on: SignOn, claims: Mapping[str, Any]) -> bytes:
    return subject_hash(sign_on.issuer, claims["sub"])


def _same_person(begun: UnderWay, around: Circumstances) -> Visitor:
    """Return who is signed in, if it is who was when it began.

    Raises:
        SignOnOver: it is not.
    """
    if around.visitor is None or str(around.visitor.person_id) != begun.person:
        raise SignOnOver
    return around.visitor


def _signed_in_at(claims: Mapping[str, Any]) -> float:
    """Return when the person signed in at the provider, seconds since 1970; 0 where it does not say."""
    at = claims.get("auth_time")
    return float(at) if isinstance(at, int | float) and 0 <= at < 2**40 else 0.0
