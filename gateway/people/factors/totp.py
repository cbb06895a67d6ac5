"""Codes of an authenticator app (RFC 6238): six digits from a shared secret and the time, a new one every 30 seconds."""

import hmac
from datetime import datetime
from typing import TYPE_CHECKING, Final

import pyotp

from chassis.later import Later

if TYPE_CHECKING:
    import segno
else:
    segno = Later("segno")

STEP_SECONDS: Final = 30
DIGITS: Final = 6
SECRET_CHARACTERS: Final = 32
"""Base32: 160 bits, as long as the hash (RFC 4226 section 4, R6)."""
SKEW_STEPS: Final = 1
"""A phone's clock may be this many steps off, either way."""
ISSUER: Final = "Stay & Play"


def new_secret() -> str:
    """Return a new random secret as Base32 text."""
    return pyotp.random_base32(SECRET_CHARACTERS)


def step_at(moment: datetime) -> int:
    """Return the time step of a moment: whole periods since 1970."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """Return the code of one time step."""
    return pyotp.HOTP(secret, digits=DIGITS).at(step)


def looks_like_code(written: str) -> bool:
    """Tell whether somebody wrote a code of an app: six digits, perhaps with blanks among them."""
    digits = "".join(written.split())
    return len(digits) == DIGITS and digits.isascii() and digits.isdecimal()


def matching_step(secret: str, written: str, *, now: datetime, after: int) -> int | None:
    """Return the time step whose code was written; None where it is wrong, too early, too late or used.

    Args:
        secret: Base32.
        written: what the person typed.
        now: the real moment.
        after: the last step that was used; neither its code nor an earlier one is taken again.
    """
    given, here = "".join(written.split()), step_at(now)
    steps = [step for step in range(here - SKEW_STEPS, here + SKEW_STEPS + 1) if step > after]
    right = [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), given.encode())]
    return right[0] if right else None


def address_of(secret: str, email: str) -> str:
    """Return the ``otpauth:`` address that an app reads from a QR code. It holds the secret: it is shown, never sent or logged."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_code(address: str) -> str:
    """Return the QR code of an address as SVG to put into a page: nothing is loaded for it, and nothing in it runs."""
    drawn: str = segno.make(address, error="m", micro=False).svg_inline(
        scale=4,
        border=4,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        title="QR code for your authenticator app",
    )
    return drawn


def spaced(secret: str) -> str:
    """Return the secret in groups of four, for whoever types it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
