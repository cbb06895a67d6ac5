"""The code sets of a referral: codes are stored, words are shown.

``data/codes.json`` holds the official sets with their sources; the words beside them are this product's.
"""

import json
from pathlib import Path
from typing import Any, Final

_SETS: Final[dict[str, Any]] = json.loads((Path(__file__).parent.parent / "data" / "codes.json").read_text(encoding="utf-8"))

SOURCES: Final[dict[str, str]] = _SETS["source_of_referral"]["words"]
"""Who referred: NHS source of referral for mental health services."""

RELATIONSHIPS: Final[dict[str, str]] = _SETS["relationship"]["words"]
"""What an adult is to the child: HL7 v3 RoleCode."""

POSTCODE: Final[str] = f"{_SETS['postcode']['strict_regex']}|^{_SETS['postcode']['pseudo_prefix_allow']} [0-9][A-Z]{{2}}$"
"""A UK postcode in capitals with one blank, or a pseudo one, such as ZZ99 3VZ for no fixed abode; use ``fullmatch``."""

STATUSES: Final[dict[str, str]] = {
    "received": "To triage",
    "needs_information": "Waiting for information",
    "accepted": "Accepted for joint assessment",
    "redirected": "Pointed to another service",
    "declined": "Declined",
    "duplicate": "Already referred",
    "withdrawn": "Withdrawn by the family",
    "closed": "Closed",
}
"""Where a referral stands, as the team reads it."""

MOVES: Final[dict[str, tuple[str, ...]]] = {
    "received": ("needs_information", "accepted", "redirected", "declined", "duplicate", "withdrawn"),
    "needs_information": ("received", "redirected", "declined", "duplicate", "withdrawn"),
    "accepted": ("closed",),
    "redirected": ("closed",),
    "declined": ("closed",),
    "duplicate": ("closed",),
    "withdrawn": ("closed",),
    "closed": (),
}
"""From each status, the ones it may move to."""

TOLD: Final[dict[str, str]] = {
    "received": "It arrived",
    "needs_information": "We need more information from you",
    "accepted": "The family was accepted",
    "redirected": "The family was pointed to another service",
    "declined": "The family was not accepted",
    "withdrawn": "The family decided not to go on",
    "closed": "Finished with",
}
"""Where a referral stands, as its referrer reads it."""

OUTCOMES: Final[frozenset[str]] = frozenset({"accepted", "redirected", "declined", "withdrawn", "closed"})
"""The statuses that tell how a referral ended, not just how far it has come."""

MAY_BE_TOLD: Final[dict[str, str]] = {
    "status": "Each step and the outcome",
    "outcome": "The outcome only",
    "nothing": "Only that the referral arrived",
}
"""What the family agreed that the referrer may be told."""

URGENCIES: Final[dict[str, str]] = {"routine": "Routine", "urgent": "Urgent: the family needs to be seen soon"}

SECONDARY_CARE: Final[dict[str, str]] = {"no": "No", "yes": "Yes", "not_known": "Not known"}
"""Whether the parent is under a Community Mental Health Team (CMHT)."""

CHANNELS: Final[dict[str, str]] = {
    "phone": "Phone call",
    "text": "Text message",
    "email": "Email",
    "letter": "Letter",
    "visit": "A visit to the home",
}
"""The ways to reach a family."""
