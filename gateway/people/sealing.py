"""Secrets that must be read again (of providers, of authenticator apps): sealed before they are kept.

A password is hashed; these can't be, since they are used as they are. They are encrypted with a key that is
derived from the gateway's private key, one for each purpose, so a copy of the database alone tells nothing.
"""

import os
from base64 import b64decode
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_EDITION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32


class BrokenSeal(ValueError):
    """It was sealed with another key, for another purpose or another row, or was altered."""


class Sealer:
    """Seals texts for one purpose.

    Args:
        secret: the gateway's private key, base64 as in its settings.
        purpose: what the texts are, for example ``client secret``; texts of one purpose can't be opened for another.
    """

    def __init__(self, secret: str, purpose: str) -> None:
        derive = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=f"stayplay {purpose}".encode())
        self._cipher = AESGCM(derive.derive(b64decode(secret)))

    def seal(self, text: str, about: bytes) -> bytes:
        """Return the text sealed.

        Args:
            text: the secret.
            about: which row it is for, such as the bytes of its id: sealed content moved to another row does not open.
        """
        nonce = os.urandom(_NONCE_BYTES)
        return _EDITION + nonce + self._cipher.encrypt(nonce, text.encode(), about)

    def opened(self, sealed: bytes, about: bytes) -> str:
        """Return the text.

        Raises:
            BrokenSeal: it is not what `seal` made of it for ``about``.
        """
        edition, nonce, content = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if edition != _EDITION:
            raise BrokenSeal("sealed in a way that is not known here")
        try:
            return self._cipher.decrypt(nonce, content, about).decode()
        except (InvalidTag, ValueError):
            raise BrokenSeal("sealed with another key, for something else, or altered") from None
