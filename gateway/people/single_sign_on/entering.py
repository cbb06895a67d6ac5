"""Coming in by an organisation's account: to the provider and back, joining and linking, and being signed out from there."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from authlib.common.urls import add_params_to_uri

from chassis.caller import Caller
from chassis.database import Database, open_work
from chassis.errors import Conflict, NotFound
from gateway.access.visitor import Visitor
from gateway.boroughs.models import Borough
from gateway.people.joining import join
from gateway.people.models import Invitation, Person, real_now
from gateway.people.repository import Identity
from gateway.people.sealing import BrokenSeal, Sealer
from gateway.people.sign_in import Session, SignInDesk
from gateway.people.single_sign_on.faults import NotLinked, ProviderAway, SignOnOver, SignOnRefused, Untrusted
from gateway.people.single_sign_on.models import SignOn, subject_hash
from gateway.people.single_sign_on.provider import Client, Metadata, Providers, claimed
from gateway.people.single_sign_on.repository import SignOns
from gateway.people.single_sign_on.under_way import LIFE, UnderWay
from gateway.repository import Work

log = structlog.get_logger(__name__)

CALLBACK = "/sign-on/callback"
BACK_CHANNEL = "/sign-on/back-channel-logout"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where to send the browser, and the cookie that it needs when it comes back."""

    address: str
    cookie: str


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
        session: the one that began; None where an account was linked.
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
    """

    def __init__(
        self, database: Database, identity: Identity, sign_in: SignInDesk, providers: Providers, *, secret: str, public_url: str
    ) -> None:
        self._database = database
        self._identity = identity
        self._sign_in = sign_in
        self.sign_ons = SignOns(database)
        self.providers = providers
        self._secrets = Sealer(secret, "client secret")
        self._cookies = Sealer(secret, "sign-on under way")
        self._redirect_uri = f"{public_url}{CALLBACK}"

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
        sign_on, _ = self._found(self.sign_ons.of_borough(slug))
        metadata = self.providers.metadata(sign_on.issuer)
        begun = UnderWay.begun(sign_on.edition, purpose, **kept)
        address = self.providers.authorization_address(
            metadata, self._client(sign_on), state=begun.state, nonce=begun.nonce, verifier=begun.verifier, acr_values=sign_on.acr_values
        )
        log.info("sign_on.began", borough_id=str(sign_on.borough_id), purpose=purpose)
        return Beginning(address, begun.sealed(self._cookies))

    def begin_joining(self, token: str) -> Beginning:
        """Lead somebody to the provider who wants to accept an invitation with their account there.

        Raises:
            NotFound: the invitation can't be used any more, or the borough has no single sign-on.
            ProviderAway: as `begin`.
        """
        _, borough = self._invitation(token)
        return self.begin(borough.slug, "join", invitation=token)

    def label_for(self, token: str) -> str:
        """Return what the account is called with which an invitation can be accepted; empty where the borough has no such way."""
        _, borough = self._invitation(token)
        found = self.sign_ons.of_borough(borough.slug)
        return found[0].label if found else ""

    def _invitation(self, token: str) -> tuple[Invitation, Borough]:
        found = self._identity.invitation(token)
        if found is None or found[0].state != "open":
            raise NotFound("This invitation was used, taken back, or is too old. Ask your borough administrator for a new one.")
        return found

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
            ProviderAway: the provider does not answer.
            NotFound, Conflict: joining or linking is not possible any more.
        """
        begun = UnderWay.opened(around.cookie, self._cookies)
        if begun is None or not hmac.compare_digest(begun.state.encode(), given.get("state", "").encode()):
            raise SignOnOver
        if not self.sign_ons.spend(begun.spent_as, begun.forget_after):
            raise SignOnOver
        sign_on, borough = self._found(self.sign_ons.of_edition(UUID(begun.edition)))
        claims = self._vouched(sign_on, begun, given)
        account = subject_hash(sign_on.issuer, claims["sub"])
        if begun.purpose == "link":
            self._link(sign_on, begun, account, around.visitor)
            return Finished("link", borough.slug, begun.onward)
        person = self._joined(begun, account, borough, around) if begun.purpose == "join" else self._holder(sign_on, account)
        return Finished(begun.purpose, borough.slug, begun.onward, self._begun(sign_on, person, claims, around))

    def _vouched(self, sign_on: SignOn, begun: UnderWay, given: Mapping[str, str]) -> dict[str, Any]:
        if "error" in given or not given.get("code"):
            log.info("sign_on.refused", borough_id=str(sign_on.borough_id))
            raise SignOnRefused
        metadata = self.providers.metadata(sign_on.issuer)
        if given.get("iss", sign_on.issuer if not metadata.names_itself else "") != sign_on.issuer:
            raise Untrusted
        code = given["code"]
        return self.providers.vouched(metadata, self._client(sign_on), code=code, nonce=begun.nonce, verifier=begun.verifier)

    def _holder(self, sign_on: SignOn, account: bytes) -> Person:
        person = self.sign_ons.holder(sign_on.borough_id, account)
        if person is None:
            log.info("sign_on.not_linked", borough_id=str(sign_on.borough_id))
            raise NotLinked
        return person

    def _joined(self, begun: UnderWay, account: bytes, borough: Borough, around: Circumstances) -> Person:
        """Accept the invitation: its person is a member now, and the account is theirs, in one commit."""
        invitation, _ = self._invitation(begun.invitation)
        person = self._person_who_joins(invitation, around.visitor)
        if person is None:
            person = self._identity.add_person(invitation.email, invitation.name, None)
            if person.password_hash is not None:
                raise _has_account()
        with self._work(borough.borough_id, "gateway.accept_invitation") as work:
            _expect_free(work, account, person.id)
            join(work, begun.invitation, person)
            work.linked_accounts.link(person.id, account, "invitation")
        log.info("account.linked", borough_id=str(borough.borough_id), person_id=str(person.id))
        self.sign_ons.holder(borough.borough_id, account)
        return person

    def _person_who_joins(self, invitation: Invitation, visitor: Visitor | None) -> Person | None:
        """Return the person whom an invitation is for, who must be the one signed in here; None for somebody new.

        An equal mail address proves nothing: whoever has an account here shows that it is theirs.
        """
        person = self._identity.person(invitation.email)
        if person is not None and (visitor is None or visitor.person_id != person.id):
            raise _has_account()
        return person

    def _link(self, sign_on: SignOn, begun: UnderWay, account: bytes, visitor: Visitor | None) -> None:
        """Link an account to the person who asked for it, if they are still the one signed in, and not by such an account."""
        if visitor is None or str(visitor.person_id) != begun.person or visitor.method == "sso":
            raise SignOnOver
        with self._work(sign_on.borough_id, "gateway.link_account") as work:
            if work.members.of_person(visitor.person_id) is None:
                raise NotFound
            _expect_free(work, account, visitor.person_id)
            linked = work.linked_accounts.link(visitor.person_id, account, "account")
            work.saw(subject_id=linked.id, person_id=str(visitor.person_id))
        log.info("account.linked", borough_id=str(sign_on.borough_id), person_id=str(visitor.person_id))

    def _work(self, borough_id: UUID, operation: str) -> Any:
        return open_work(Work, self._database, Caller.service("gateway", borough_id), operation=operation)

    def _begun(self, sign_on: SignOn, person: Person, claims: Mapping[str, Any], around: Circumstances) -> Session:
        """Begin a session that stands on the provider's word."""
        sid, proved = claims.get("sid"), sign_on.second_factor_proved(claims.get("acr"), claims.get("amr"))
        log.info("sign_on.succeeded", person_id=str(person.id), borough_id=str(sign_on.borough_id), factor=proved)
        return self._sign_in.begin(
            person,
            **around.about,
            method="sso",
            provider_id=sign_on.edition,
            provider_sid=sid if isinstance(sid, str) else None,
            second_factor_at=real_now() if proved else None,
        )

    def _client(self, sign_on: SignOn) -> Client:
        """Return what we are to the provider.

        Raises:
            ProviderAway: the client secret can't be read any more: the gateway got another key.
        """
        try:
            secret = self._secrets.opened(sign_on.secret, sign_on.borough_id.bytes) if sign_on.secret else ""
        except BrokenSeal:
            raise ProviderAway("The client secret was sealed with another key. Enter it again.") from None
        return Client(sign_on.client_id, secret, self._redirect_uri)

    def left(self, slug: str, back: str) -> tuple[str, str]:
        """Return what the borough's provider is called, and where somebody signs out of it too; empty where it offers that nowhere.

        Raises:
            NotFound: the borough has no single sign-on.
        """
        sign_on, _ = self._found(self.sign_ons.of_borough(slug))
        try:
            metadata = self.providers.metadata(sign_on.issuer)
        except ProviderAway:
            return sign_on.label, ""
        return sign_on.label, _end_session(metadata, sign_on.client_id, back)

    def logged_out(self, token: str) -> int:
        """End the sessions that a provider says are over; return how many.

        Args:
            token: the logout token. What it says of itself finds the provider; only that provider's keys make it count.

        Raises:
            Untrusted: it is no provider's of ours, does not hold, or came before.
            ProviderAway: the provider's keys can't be had.
        """
        candidates = self.sign_ons.of_client(*claimed(token))
        if not candidates:
            raise Untrusted
        sign_on = candidates[0]
        metadata = self.providers.metadata(sign_on.issuer)
        claims = self.providers.logout_claims(metadata, sign_on.client_id, token)
        if not self.sign_ons.spend(subject_hash(sign_on.issuer, f"logout {claims['jti']}"), real_now() + LIFE):
            raise Untrusted
        sid = claims["sid"] if isinstance(claims.get("sid"), str) else None
        account = subject_hash(sign_on.issuer, claims["sub"]) if isinstance(claims.get("sub"), str) else None
        same = [each for each in candidates if each.client_id == sign_on.client_id]
        ended = sum(self.sign_ons.end_sessions(each, sid=sid, account=account) for each in same)
        log.info("sign_on.logged_out", borough_id=str(sign_on.borough_id), sessions=ended)
        return ended

    @staticmethod
    def _found(found: tuple[SignOn, Borough] | None) -> tuple[SignOn, Borough]:
        if found is None:
            raise NotFound("This borough has no single sign-on. Sign in with your email address and password instead.")
        return found


def _has_account() -> Conflict:
    return Conflict(
        "You have an account here already. Sign in with it first, then open the invitation again in the same window: "
        "that shows that it is yours."
    )


def _expect_free(work: Work, account: bytes, person_id: UUID) -> None:
    if work.linked_accounts.holder(account) not in {None, person_id}:
        raise Conflict("This account is linked to somebody else in this borough. Sign out of it at your organisation, then use your own.")


def _end_session(metadata: Metadata, client_id: str, back: str) -> str:
    if not metadata.end_session_endpoint:
        return ""
    address: str = add_params_to_uri(metadata.end_session_endpoint, [("client_id", client_id), ("post_logout_redirect_uri", back)])
    return address
