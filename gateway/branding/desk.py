"""What the gateway answers about branding: load, act, publish, return."""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any, Final

from chassis.threads import in_thread
from gateway.boroughs.desk import BoroughsDesk
from gateway.branding.logo import cleaned, refuse
from gateway.branding.models import Branding
from gateway.repository import Work

_OWN: Final = ("accent", "address", "email", "phone", "privacy_notice", "logo_hash", "logo_type", "checked_at", "version")


class BrandingDesk:
    """How a borough shows itself; its methods are named as the operations are."""

    def __init__(self, boroughs: BoroughsDesk) -> None:
        self._boroughs = boroughs

    def get_branding(self, work: Work) -> dict[str, Any]:
        """Return how the borough shows itself."""
        return _told(work, work.brandings.this())

    def change_branding(self, work: Work, version: int, programme_name: str, **face: Any) -> dict[str, Any]:
        """Change name, colour, contacts and privacy notice; the public page has to be looked at again. Raises Stale."""
        branding = work.brandings.this(for_update=True)
        branding.change(version, work.boroughs.this().programme_name, programme_name=programme_name, **face)
        self._boroughs.rename(work, programme_name)
        return _told(work, branding)

    def change_logo(self, work: Work, version: int, logo: str) -> dict[str, Any]:
        """Take another logo, cleaned.

        Raises:
            Stale: somebody else saved first.
            Invalid: it is no picture that can be a logo; the message says why.
        """
        branding = work.brandings.this(for_update=True)
        branding.expect(version)
        try:
            raw = b64decode(logo, validate=True)
        except (NotBase64, ValueError):
            refuse("send it in Base64.")
        branding.take_logo(in_thread(cleaned, raw))
        return _told(work, branding)

    def remove_logo(self, work: Work, version: int) -> dict[str, Any]:
        """Show no logo any more. Raises Stale."""
        branding = work.brandings.this(for_update=True)
        branding.expect(version)
        branding.take_logo(None)
        return _told(work, branding)

    def check_public_page(self, work: Work, version: int) -> dict[str, Any]:
        """Note that the caller found the public page right, as it is in this version. Raises Stale."""
        branding = work.brandings.this(for_update=True)
        branding.check(version, work.caller.person_id, work.now)
        return _told(work, branding)


def _told(work: Work, branding: Branding) -> dict[str, Any]:
    work.session.flush()
    return {"programme_name": work.boroughs.this().programme_name, **{name: getattr(branding, name) for name in _OWN}}
