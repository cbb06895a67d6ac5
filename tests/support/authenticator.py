"""A device that makes passkeys, in Python: it does as WebAuthn Level 3 says, and whatever else a test tells it to."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class SoftwareKey:
    """One passkey on one device.

    Attributes:
        origin: the page that the browser says it is on.
        flags: what the device says of its owner and of copies; `PRESENT` and `VERIFIED` unless changed.
        count: its counter; None for a device that does not count.
    """

    origin: str = "http://localhost:8000"
    rp_id: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int | None = 0
    handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to `navigator.credentials.create`."""
        self.handle = unwritten(options["user"]["id"])
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self._public_key()
        data = self._data(self.flags | ATTESTED) + attested
        said = {
            "clientDataJSON": self._client("webauthn.create", options),
            "attestationObject": cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}),
        }
        return self._credential({**{name: written(value) for name, value in said.items()}, "transports": ["internal", "hybrid"]})

    def sign(self, options: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """Return the answer to `navigator.credentials.get`; ``changed`` parts of it take the place of the right ones."""
        if self.count is not None:
            self.count += 1
        data, client = self._data(self.flags), self._client("webauthn.get", options)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": self.handle}
        return self._credential({name: written(value) for name, value in {**said, **changed}.items() if value is not None})

    def copy(self) -> "SoftwareKey":
        """Return another device that has the same key, as it is now."""
        return SoftwareKey(self.origin, self.rp_id, self.flags, self.count, self.handle, self.credential_id, self.key)

    def _data(self, flags: int) -> bytes:
        return sha256(self.rp_id.encode()).digest() + bytes([flags]) + (self.count or 0).to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}).encode()

    def _public_key(self) -> bytes:
        """Return the key as COSE (RFC 9053): ES256 on P-256."""
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        return {"id": written(self.credential_id), "rawId": written(self.credential_id), "type": "public-key", "response": response}


def written(raw: bytes) -> str:
    """Return bytes as browsers write them into JSON."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unwritten(text: str) -> bytes:
    """Return the bytes that a browser wrote."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
