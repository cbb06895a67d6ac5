"""Ed25519 keys: made, kept as base64 text in settings, used to sign and to verify bytes.

Caller tokens (`chassis.caller`) and event envelopes are signed with these. A process
holds its own private key and the public keys of the others, and nothing else.
"""

from base64 import b64decode, b64encode
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_BYTES = 32


class KeyPair(NamedTuple):
    """A private key and its public key, each the base64 of 32 raw bytes."""

    private: str
    public: str


class BadKey(ValueError):
    """The text is not the base64 of 32 bytes. The message never holds the text."""


def new_pair() -> KeyPair:
    """Make a fresh pair of keys, as `stayplay keys` prints them."""
    key = Ed25519PrivateKey.generate()
    return KeyPair(_text(key.private_bytes_raw()), _text(key.public_key().public_bytes_raw()))


def public_of(private: str) -> str:
    """Return the public key that belongs to ``private``.

    Raises:
        BadKey: it is not a key.
    """
    return _text(private_key(private).public_key().public_bytes_raw())


def private_key(text: str) -> Ed25519PrivateKey:
    """Read a private key from its base64 text.

    Raises:
        BadKey: it is not a key.
    """
    return Ed25519PrivateKey.from_private_bytes(_raw(text))


def public_key(text: str) -> Ed25519PublicKey:
    """Read a public key from its base64 text.

    Raises:
        BadKey: it is not a key.
    """
    return Ed25519PublicKey.from_public_bytes(_raw(text))


class Signer:
    """Signs bytes with one private key."""

    def __init__(self, private: str) -> None:
        self._key = private_key(private)

    def sign(self, message: bytes) -> str:
        """Return the signature of ``message`` as base64 text."""
        return _text(self._key.sign(message))


class Verifier:
    """Tells whether one holder of a private key signed some bytes."""

    def __init__(self, public: str) -> None:
        self._key = public_key(public)

    def verify(self, message: bytes, signature: str) -> bool:
        """Tell whether ``signature`` is this key's over exactly ``message``; False for anything malformed."""
        try:
            self._key.verify(b64decode(signature, validate=True), message)
        except (InvalidSignature, ValueError):
            return False
        return True


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _raw(text: str) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise BadKey("not an Ed25519 key: it must be the base64 of 32 bytes (see `stayplay keys`)")
    return raw
