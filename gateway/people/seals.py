"""Seals of forms that anybody can open: when the form was opened, in a way that only this gateway can write.

A seal names nobody and is kept nowhere: it is a moment and a keyed hash of it.
"""

import hmac
from datetime import UTC, datetime
from hashlib import sha256

from gateway.people.models import real_now


class Seals:
    """Makes and reads seals.

    Args:
        secret: the gateway's private key.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def new(self, opened_at: datetime | None = None) -> str:
        """Return the seal of a form that is opened now, or was at a moment."""
        seconds = str(int((opened_at or real_now()).timestamp()))
        return f"{seconds}.{self._tag(seconds)}"

    def opened_at(self, seal: str) -> datetime | None:
        """Return when the form was opened; None where this is no seal of ours."""
        seconds, _, tag = seal.partition(".")
        known = seconds.isascii() and seconds.isdecimal() and hmac.compare_digest(tag.encode(), self._tag(seconds).encode())
        if not known:
            return None
        return datetime.fromtimestamp(int(seconds), UTC)

    def _tag(self, seconds: str) -> str:
        return hmac.new(self._secret, f"stayplay form opened {seconds}".encode(), sha256).hexdigest()[:32]
