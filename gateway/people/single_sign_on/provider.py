"""Providers of OpenID Connect: what they say of themselves, their keys, and the tokens they sign.

Sources: OpenID Connect Core 1.0, Discovery 1.0, Back-Channel Logout 1.0; RFC 7636 (PKCE), RFC 9207 (issuer in the answer).
"""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import structlog
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key
from joserfc.jws import extract_compact

from gateway.people.single_sign_on.describing import Metadata, described
from gateway.people.single_sign_on.faults import ProviderAway, Untrusted
from gateway.people.single_sign_on.reach import Reach
from gateway.people.single_sign_on.under_way import UnderWay

log = structlog.get_logger(__name__)

LEEWAY_SECONDS: Final = 60
DESCRIBED_FOR_SECONDS: Final = 600.0
KEYS_FOR_SECONDS: Final = 3600.0
KEYS_REST_SECONDS: Final = 30.0
"""Tokens that name unknown keys make us ask for the keys again, but not more often than this."""
AWAY_FOR_SECONDS: Final = 10.0
"""A provider that did not answer is not asked again sooner: nobody can make us wait for it again and again."""
MOST_KNOWN: Final = 1000
LOGOUT_AGE_SECONDS: Final = 300
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_AUTH_METHODS: Final = ("client_secret_post", "client_secret_basic")


@dataclass(frozen=True, slots=True)
class Client:
    """What we are to a provider."""

    client_id: str
    secret: str
    redirect_uri: str


@dataclass(slots=True)
class _Known:
    """What is remembered of a provider, with the moments of asking."""

    metadata: Metadata
    described_at: float
    keys: dict[str, Key]
    keys_at: float = float("-inf")
    hurried_at: float = float("-inf")


class Providers:
    """Every provider that was asked, remembered for a while in this process.

    Args:
        reach: how they are asked.
        clock: seconds that only go forward.
    """

    def __init__(self, reach: Reach, clock: Callable[[], float] = time.monotonic) -> None:
        self._reach = reach
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._away: dict[str, tuple[float, str]] = {}
        self._turns: defaultdict[str, Lock] = defaultdict(Lock)

    def metadata(self, issuer: str, *, anew: bool = False) -> Metadata:
        """Return what the provider says of itself.

        Args:
            issuer: its identifier.
            anew: ask now, whatever is remembered; its keys too.

        Raises:
            ProviderAway: it does not answer, or not as it must.
        """
        known = self._lately(issuer)
        if known is None or anew:
            with self._turns[issuer]:
                known = None if anew else self._lately(issuer)
                known = known or self._described(issuer, anew=anew)
        return known.metadata

    def _lately(self, issuer: str) -> _Known | None:
        known = self._known.get(issuer)
        return known if known and self._clock() - known.described_at <= DESCRIBED_FOR_SECONDS else None

    def _described(self, issuer: str, *, anew: bool) -> _Known:
        self._reach.check(issuer)
        found = self._asked(f"{issuer.rstrip('/')}/.well-known/openid-configuration", anew=anew)
        metadata, known = described(issuer, found, self._reach), self._known.get(issuer)
        fresh = _Known(metadata, self._clock(), {})
        if known is not None and not anew and known.metadata.jwks_uri == metadata.jwks_uri:
            fresh.keys, fresh.keys_at, fresh.hurried_at = known.keys, known.keys_at, known.hurried_at
        _make_room(self._known)
        self._known[issuer] = fresh
        return fresh

    def _asked(self, url: str, *, anew: bool = False) -> dict[str, Any]:
        """Return what is at an address; for a while after it did not answer, say so without asking."""
        at, found = self._away.get(url, (float("-inf"), ""))
        if not anew and self._clock() - at < AWAY_FOR_SECONDS:
            raise ProviderAway(found)
        try:
            return self._reach.read(url)
        except ProviderAway as away:
            _make_room(self._away)
            self._away[url] = (self._clock(), away.found)
            raise

    def check(self, issuer: str) -> Metadata:
        """Ask the provider now for all that sign-in needs of it, and return what it says.

        Raises:
            ProviderAway: something is missing; the message for administrators says what.
        """
        metadata = self.metadata(issuer, anew=True)
        self._refresh(self._known[issuer], anew=True)
        return metadata

    def authorization_address(self, metadata: Metadata, client: Client, begun: UnderWay, *, acr_values: str) -> str:
        """Return where to send the browser. Nothing is asked for but who it is: no name, no mail address."""
        again = {"prompt": "login", "max_age": "0"} if begun.purpose == "confirm" else {}
        address: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            client.client_id,
            "code",
            redirect_uri=client.redirect_uri,
            scope="openid",
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
            acr_values=acr_values or None,
            **again,
        )
        return address

    def vouched(self, metadata: Metadata, client: Client, begun: UnderWay, code: str) -> dict[str, Any]:
        """Exchange the code that the browser brought; return the claims of the ID token, all checked.

        Raises:
            ProviderAway: the provider does not answer.
            Untrusted: it refused the code, or the token does not hold.
        """
        answer = self._exchanged(metadata, client, code, begun.verifier)
        token = self._verified(metadata, str(answer.get("id_token", "")), kinds=("jwt", ""))
        expected = {
            "iss": {"essential": True, "value": metadata.issuer},
            "aud": {"essential": True, "value": client.client_id},
        }
        given = {"nonce": begun.nonce, "client_id": client.client_id, "access_token": answer.get("access_token")}
        claims = CodeIDToken(token.claims, token.header, expected, given)
        try:
            claims.validate(now=int(time.time()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError) as fault:
            raise _untrusted("claims", fault) from None
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise _untrusted("sub", None)
        return dict(claims)

    def _exchanged(self, metadata: Metadata, client: Client, code: str, verifier: str) -> dict[str, Any]:
        method = next((known for known in _AUTH_METHODS if known in metadata.auth_methods), _AUTH_METHODS[0]) if client.secret else "none"
        body = prepare_token_request("authorization_code", "", client.redirect_uri, code=code, code_verifier=verifier)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        auth = ClientAuth(client.client_id, client.secret, method)
        url, headers, body = auth.prepare("POST", metadata.token_endpoint, headers, body)
        status, answer = self._reach.send(url, headers, body.encode())
        if status >= 500:
            raise ProviderAway(f"{metadata.token_endpoint} answered with the status {status}.")
        if status != 200:
            raise _untrusted(f"token endpoint {status} {str(answer.get('error'))[:40]}", None)
        return answer

    def logout_claims(self, metadata: Metadata, client_id: str, token: str) -> dict[str, Any]:
        """Return the claims of a logout token, all checked but whether it came before.

        Raises:
            ProviderAway: the provider's keys can't be had.
            Untrusted: it does not hold.
        """
        found = self._verified(metadata, token, kinds=("logout+jwt", "jwt", ""))
        claims, now = found.claims, time.time()
        audience, events = claims.get("aud"), claims.get("events")
        issued, expires = claims.get("iat"), claims.get("exp", now)
        holds = (
            claims.get("iss") == metadata.issuer
            and (audience == client_id or (isinstance(audience, list) and client_id in audience))
            and isinstance(issued, int | float)
            and abs(now - issued) <= LOGOUT_AGE_SECONDS
            and isinstance(expires, int | float)
            and expires + LEEWAY_SECONDS >= now
            and isinstance(claims.get("jti"), str)
            and isinstance(events, Mapping)
            and isinstance(events.get(LOGOUT_EVENT), Mapping)
            and "nonce" not in claims
            and (isinstance(claims.get("sub"), str) or isinstance(claims.get("sid"), str))
        )
        if not holds:
            raise _untrusted("logout token", None)
        return claims

    def _verified(self, metadata: Metadata, token: str, *, kinds: tuple[str, ...]) -> jwt.Token:
        """Return a token that the provider signed in one of its own ways."""
        try:
            header = extract_compact(token.encode()).headers()
            if str(header.get("typ", "")).lower() not in kinds or header.get("alg") not in metadata.algorithms:
                raise _untrusted("header", None)
            return jwt.decode(token, self._key(metadata, header.get("kid")), algorithms=list(metadata.algorithms))
        except (JoseError, ValueError, TypeError, AttributeError) as fault:
            raise _untrusted("signature", fault) from None

    def _key(self, metadata: Metadata, kid: object) -> Key | KeySet:
        known = self._known[metadata.issuer]
        with self._turns[metadata.issuer]:
            now = self._clock()
            if now - known.keys_at > KEYS_FOR_SECONDS:
                self._refresh(known)
            elif kid not in known.keys and kid is not None and now - known.hurried_at > KEYS_REST_SECONDS:
                known.hurried_at = now
                self._refresh(known)
        if kid is None and len(known.keys) == 1:
            return next(iter(known.keys.values()))
        if not isinstance(kid, str) or kid not in known.keys:
            raise _untrusted("unknown key", None)
        return known.keys[kid]

    def _refresh(self, known: _Known, *, anew: bool = False) -> None:
        found = self._asked(known.metadata.jwks_uri, anew=anew).get("keys")
        keys = [_imported(each) for each in found] if isinstance(found, list) else []
        known.keys = {str(key.kid): key for key in keys if key is not None}
        if not known.keys:
            raise ProviderAway(f"{known.metadata.jwks_uri} holds no key to check signatures with.")
        known.keys_at = self._clock()


def claimed(token: str) -> tuple[str, list[str]]:
    """Return the issuer and the audience that a token claims, not verified: good for nothing but to find who could.

    Raises:
        Untrusted: it is no signed token.
    """
    try:
        claims = json.loads(extract_compact(token.encode()).payload)
        issuer, audience = claims["iss"], claims["aud"]
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise _untrusted("logout token", fault) from None
    every = audience if isinstance(audience, list) else [audience]
    return str(issuer), [str(each) for each in every][:10]


def _make_room(remembered: dict[str, Any]) -> None:
    """Forget the oldest of too many: administrators may write any number of issuers."""
    while len(remembered) >= MOST_KNOWN:
        del remembered[next(iter(remembered))]


def _imported(jwk: object) -> Key | None:
    """Return a key that signatures can be checked with; None for any other, such as one of a kind not known yet."""
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig" or jwk.get("kty") not in {"RSA", "EC", "OKP"}:
        return None
    try:
        return import_key(jwk)
    except (JoseError, ValueError, TypeError):
        return None


def _untrusted(what: str, fault: Exception | None) -> Untrusted:
    """Return the error that a person sees, having logged what did not hold: never a token or a claim."""
    log.warning("sign_on.untrusted", what=what, fault=type(fault).__name__ if fault else "")
    return Untrusted()
