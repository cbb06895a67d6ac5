"""Tokens of invitations: made from the invitation's id and this installation's key, so they are kept nowhere."""

import hmac
from hashlib import sha256
from uuid import UUID


class InvitationTokens:
    """Makes the token of an invitation, and the address to send.

    Args:
        secret: the gateway's private key; nobody without it can make or guess a token.
        public_url: where people reach the platform.
    """

    def __init__(self, secret: str, public_url: str) -> None:
        self._secret = secret.encode()
        self._public_url = public_url

    def token(self, invitation_id: UUID, edition: int = 1) -> str:
        """Return the token of an invitation's link, another each time it is sent: 64 letters and digits."""
        again = b"" if edition == 1 else b" %d" % edition
        return hmac.new(self._secret, b"stayplay invitation " + invitation_id.bytes + again, sha256).hexdigest()

    def link(self, token: str) -> str:
        """Return the address at which the person accepts."""
        return f"{self._public_url}/invitation/{token}"
