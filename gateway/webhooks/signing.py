"""How what we send is signed, so that a system knows that it comes from us, unaltered and just now.

As Standard Webhooks has it (https://www.standardwebhooks.com, specification 1.0): the headers ``webhook-id``,
``webhook-timestamp`` and ``webhook-signature``; the signature is HMAC-SHA256 over ``id.timestamp.body``.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from uuid import UUID

PREFIX: Final = "whsec_"


class WebhookSecrets:
    """Makes the secret of a webhook from its id, its edition and this installation's key (ADR 0015): it is kept nowhere.

    Args:
        key: the gateway's private key.
    """

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def secret(self, webhook_id: UUID, edition: int) -> str:
        """Return the secret as the system is given it."""
        return PREFIX + b64encode(self._raw(webhook_id, edition)).decode()

    def headers(self, webhook_id: UUID, editions: Iterable[int], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
        """Return the headers of a message: one signature an edition that holds, with blanks between."""
        signed = f"{message_id}.{timestamp}.".encode() + body
        signatures = [hmac.new(self._raw(webhook_id, edition), signed, sha256).digest() for edition in editions]
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(f"v1,{b64encode(one).decode()}" for one in signatures),
        }

    def _raw(self, webhook_id: UUID, edition: int) -> bytes:
        return hmac.new(self._key, b"stayplay webhook " + webhook_id.bytes + b" %d" % edition, sha256).digest()
