"""Signing out where a provider vouched for somebody: told by the provider, or by the person here."""

import structlog
from authlib.common.urls import add_params_to_uri

from chassis.database import Database
from gateway.access.audit import security
from gateway.people.models import real_now
from gateway.people.single_sign_on.faults import ProviderAway, Untrusted
from gateway.people.single_sign_on.models import subject_hash
from gateway.people.single_sign_on.provider import Providers, claimed
from gateway.people.single_sign_on.repository import SignOns
from gateway.people.single_sign_on.under_way import LIFE

log = structlog.get_logger(__name__)


class SigningOut:
    """Ends sessions that stand on a provider's word."""

    def __init__(self, database: Database, providers: Providers) -> None:
        self._sign_ons = SignOns(database)
        self._providers = providers

    def logged_out(self, token: str) -> int:
        """End the sessions that a provider says are over; return how many.

        Args:
            token: the logout token. What it says of itself finds the provider; only that provider's keys make it count.

        Raises:
            Untrusted: it is no provider's of ours, does not hold, or came before.
            ProviderAway: the provider's keys can't be had.
        """
        candidates = self._sign_ons.of_client(*claimed(token))
        if not candidates:
            raise Untrusted
        sign_on = candidates[0]
        metadata = self._providers.metadata(sign_on.issuer)
        claims = self._providers.logout_claims(metadata, sign_on.client_id, token)
        if not self._sign_ons.spend(subject_hash(sign_on.issuer, f"logout {claims['jti']}"), real_now() + LIFE):
            raise Untrusted
        sid = claims["sid"] if isinstance(claims.get("sid"), str) else None
        account = subject_hash(sign_on.issuer, claims["sub"]) if isinstance(claims.get("sub"), str) else None
        same = [each for each in candidates if each.client_id == sign_on.client_id]
        ended = [whose for each in same for whose in self._sign_ons.end_sessions(each, sid=sid, account=account)]
        for person_id in set(ended):
            security.note(person_id, "sign_out", by="provider", sessions=ended.count(person_id))
        log.info("sign_on.logged_out", borough_id=str(sign_on.borough_id), sessions=len(ended))
        return len(ended)

    def onward(self, slug: str) -> tuple[str, str] | None:
        """Return what the account is called that opens a borough, and where one signs out of it too; None where that is nowhere."""
        found = self._sign_ons.of_borough(slug)
        if found is None:
            return None
        sign_on, _ = found
        try:
            metadata = self._providers.metadata(sign_on.issuer)
        except ProviderAway:
            return None
        if not metadata.end_session_endpoint:
            return None
        return sign_on.label, str(add_params_to_uri(metadata.end_session_endpoint, [("client_id", sign_on.client_id)]))
