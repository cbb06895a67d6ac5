"""Certificates of erasure: what they say, and the signature that proves who said it."""

import json
from collections.abc import Mapping
from typing import Any, Final

from chassis.signing import Signer, Verifier

FORMAT: Final = 1
PURPOSE: Final = b"stayplay certificate of erasure\n"
"""Signed with every certificate, so that no signature made for anything else can stand under one."""

SAYS: Final = (
    "Every row of this borough was deleted from every database of this installation, its audit trail included. Accounts of people who "
    "belong to no other borough were deleted with their sessions and sign-in factors. What remains is this certificate, and in each "
    "database one mark with the borough's identifier and no name, so that nothing that arrives late can bring a row back. Backups made "
    "before the erasure still hold the rows until they expire by the operator's schedule."
)


def signed_bytes(certificate: Mapping[str, Any]) -> bytes:
    """Return what is signed: the certificate in the one way of writing it."""
    return PURPOSE + json.dumps(certificate, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sign(certificate: Mapping[str, Any], private_key: str) -> str:
    """Return the signature of a certificate, with the gateway's key."""
    return Signer(private_key).sign(signed_bytes(certificate))


def is_genuine(certificate: Mapping[str, Any], signature: str, public_key: str) -> bool:
    """Tell whether the gateway with this key signed this very certificate."""
    return Verifier(public_key).verify(signed_bytes(certificate), signature)
