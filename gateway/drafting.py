"""What the gateway adds when somebody writes a referral: nobody without an account asks without end, on pages and through the API alike."""

from typing import Any, Final

from flask import request

from chassis.errors import TooManyAttempts
from chassis.schemas import Contract, identifier
from gateway.access import current
from gateway.people.mail.sparing import seconds_to_spare
from gateway.people.throttle import check_pace
from gateway.runtime import runtime

SECRET_HEADER: Final = "Stay-Play-Draft"  # noqa: S105 - the name of a header
STARTS: Final = 60
"""Referrals that are begun from one network address before the first delay: an office has one address for everybody in it."""
CODES: Final = 30
"""Codes that are asked for from one network address before the first delay."""
PROOFS: Final = 30
"""Codes that are tried from one network address before the first delay."""
CODES_TO_ONE: Final = 5
"""Codes to one mail address, in whatever borough and from wherever, after which an hour must pass without one."""

Values = dict[str, Any]


class ReadDraft(Contract):
    """Which draft; what opens it comes in a header, for an address is kept in logs."""

    draft_id = identifier("Draft")


def with_secret(values: Values) -> Values:
    """Return the values with the secret that came in the header."""
    return {**values, "secret": request.headers.get(SECRET_HEADER) or None}


def starting(values: Values) -> Values:
    """Let a referral be begun; raises TooManyAttempts where somebody without an account begins them without end."""
    _pace("draft", STARTS)
    return values


def mailing(values: Values) -> Values:
    """Let a code be mailed; raises TooManyAttempts where too many are asked for, from one place or for one mail address."""
    _pace("code", CODES)
    spare_mailbox(values["email"])
    return values


def proving(values: Values) -> Values:
    """Let a code be tried; raises TooManyAttempts where somebody tries without end. Each draft has a limit of its own besides."""
    _pace("proof", PROOFS)
    return values


def sending(values: Values) -> Values:
    """Return the values with the mail address of whoever sends it, where they have an account: it is theirs, whatever they typed."""
    return {**values, "own_email": None if current.without_account() or current.system() else current.visitor().email}


def referring(values: Values) -> Values:
    """Return a referral in one piece; a referrer is written to at the address of their account, whatever they sent.

    The team answers for an address that it was given, and whoever runs a system for the ones that it sends.
    """
    if current.system() or current.may("families.read"):
        return values
    return {**values, "referrer": {**values["referrer"], "email": current.visitor().email}}


def spare_mailbox(email: str) -> None:
    """Count a code to a mail address; after five an hour must pass, so that nobody's mailbox is filled.

    Raises:
        TooManyAttempts: with the seconds to wait in ``facts["retry_after"]``.
    """
    left = seconds_to_spare(runtime().identity, "refer code to", email, CODES_TO_ONE)
    if left:
        raise TooManyAttempts("We sent several codes to this address. Check your inbox and your junk folder.", retry_after=left)


def _pace(purpose: str, free: int) -> None:
    if current.without_account():
        check_pace(runtime().identity, f"public {purpose}", current.address(), free)
