"""What the gateway answers about a borough's single sign-on: load, act, return."""

from typing import Any
from uuid import UUID

from chassis.errors import NotFound, Stale
from gateway.people.sealing import Sealer
from gateway.people.single_sign_on.entering import BACK_CHANNEL, CALLBACK
from gateway.people.single_sign_on.models import SignOn
from gateway.repository import Work


class SignOnSettings:
    """Sets up single sign-on of one borough at a time; its methods are named as the operations are.

    Args:
        secret: the gateway's private key: client secrets are sealed with one that is derived from it.
        public_url: where people reach the platform.
    """

    def __init__(self, secret: str, public_url: str) -> None:
        self._sealer = Sealer(secret, "client secret")
        self._public_url = public_url

    def get_sign_on(self, work: Work) -> dict[str, Any]:
        """Return how it is set up."""
        return self._told(work, work.sign_ons.this())

    def set_sign_on(self, work: Work, version: int, client_secret: str, factor_values: str, **described: Any) -> dict[str, Any]:
        """Keep what the administrator wrote. Another issuer or client switches it off, until it was checked again.

        Raises:
            Stale: somebody else saved first.
        """
        sign_on = work.sign_ons.this(for_update=True)
        _expect(sign_on, version)
        if sign_on is None:
            sign_on = work.sign_ons.add(SignOn.new(work.borough_id))
        if sign_on.describe(factor_values=(factor_values or "").split(), acr_values=described.pop("acr_values") or "", **described):
            work.linked_accounts.forget_uses()
        if client_secret:
            sign_on.secret = self._sealer.seal(client_secret, work.borough_id.bytes)
        work.saw(subject_id=sign_on.id, issuer=sign_on.issuer, secret_changed=bool(client_secret))
        work.session.flush()
        return self._told(work, sign_on)

    def switch_sign_on(self, work: Work, version: int, use: str) -> dict[str, Any]:
        """Switch it off, on, or let it be the only way in.

        Raises:
            NotFound: it was never set up.
            Stale: somebody else saved first.
            Conflict: it was not checked, or would lock every administrator out.
        """
        sign_on = self._existing(work)
        _expect(sign_on, version)
        sign_on.switch(enabled=use != "off", only=use == "only", administrators_linked=work.linked_accounts.administrators_in())
        work.saw(subject_id=sign_on.id, use=use)
        work.session.flush()
        return self._told(work, sign_on)

    def relax_sign_on(self, work: Work, borough_id: UUID, reason: str) -> dict[str, Any]:
        """Let the other ways into the borough of the work in again, because its provider is gone.

        Raises:
            NotFound: it was never set up.
            InvalidTransition: the other ways are open already.
        """
        sign_on = self._existing(work)
        sign_on.relax()
        work.saw(subject_id=borough_id, reason=reason)
        work.session.flush()
        return self._told(work, sign_on)

    def note_sign_on_check(self, work: Work, issuer: str, fault: str) -> dict[str, Any]:
        """Keep what a check found.

        Raises:
            NotFound: it was never set up.
        """
        sign_on = self._existing(work)
        sign_on.note_check(issuer, fault or "")
        work.saw(subject_id=sign_on.id, answered=not fault)
        work.session.flush()
        return self._told(work, sign_on)

    @staticmethod
    def _existing(work: Work) -> SignOn:
        sign_on = work.sign_ons.this(for_update=True)
        if sign_on is None:
            raise NotFound("Single sign-on is not set up in this borough yet.")
        return sign_on

    def _told(self, work: Work, sign_on: SignOn | None) -> dict[str, Any]:
        known = sign_on or SignOn.new(work.borough_id)
        told = ("label", "issuer", "client_id", "acr_values", "trusts_factor", "checked_at", "fault")
        return {
            **{name: getattr(known, name) for name in told},
            "version": sign_on.version if sign_on else 0,
            "has_secret": known.secret is not None,
            "factor_values": " ".join(known.factor_values),
            "use": ("only" if known.only else "beside") if known.enabled else "off",
            "redirect_uri": f"{self._public_url}{CALLBACK}",
            "back_channel_uri": f"{self._public_url}{BACK_CHANNEL}",
            "linked": work.linked_accounts.present(),
            "administrators_in": work.linked_accounts.administrators_in(),
        }


def _expect(sign_on: SignOn | None, version: int) -> None:
    """Raise Stale where somebody else saved first, or set it up first."""
    if sign_on is not None:
        sign_on.expect(version)
    elif version:
        raise Stale(yours={"version": version}, theirs={"version": 0})
