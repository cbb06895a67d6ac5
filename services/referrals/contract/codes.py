"""The code sets of a referral: codes are stored, words are shown.

``data/codes.json`` holds the official sets with their sources; the words beside them are this product's.
"""

import json
from pathlib import Path
from typing import Any, Final

_SETS: Final[dict[str, Any]] = json.loads((Path(__file__).parent.parent / "data" / "codes.json").read_text(encoding="utf-8"))

SOURCES: Final[dict[str, str]] = _SETS["source_of_referral"]["words"]
"""Who referred: NHS source of referral for mental health services."""
SELF_REFERRED: Final = "B1"
"""Self referral: self. The parent asked to join."""

RELATIONSHIPS: Final[dict[str, str]] = _SETS["relationship"]["words"]
"""What an adult is to the child: HL7 v3 RoleCode."""

POSTCODE: Final[str] = f"{_SETS['postcode']['strict_regex']}|^{_SETS['postcode']['pseudo_prefix_allow']} [0-9][A-Z]{{2}}$"
"""A UK postcode in capitals with one blank, or a pseudo one, such as ZZ99 3VZ for no fixed abode; use ``fullmatch``."""

NHS_NUMBER: Final[dict[str, Any]] = _SETS["nhs_number"]
"""The rule of NHS numbers: weights, and the ranges that are given out."""

_DECLINED: Final = ("Z", "99")

ETHNICITIES: Final[dict[str, str]] = {
    code: words
    for kind in ("ethnic_category_2001", "ethnic_2021_extra")
    for code, words in _SETS[kind]["words"].items()
    if code not in _DECLINED
} | {code: _SETS["ethnic_category_2001"]["words"][code] for code in _DECLINED}
"""Ethnic category: NHS Data Dictionary (2001 census), with the groups that the 2021 census added, which are kept here only.

Z: they would rather not say."""

ETHNICITY_SENT_AS: Final[dict[str, str]] = {"T": "C", "U": "C", "V": "S"}
"""What a locally kept ethnic category is in the official set."""

BIRTH_PARENTS: Final[frozenset[str]] = frozenset({"MTH", "FTH", "NMTH", "NFTH"})
"""The relationships in which somebody is at least ten years older than the child."""

RESPONSIBILITY: Final[dict[str, str]] = {"yes": "Yes", "no": "No", "not_known": "Not known"}
"""Whether an adult has parental responsibility for a child (Children Act 1989, section 3)."""

MAY_NOT: Final[dict[str, str]] = {"collect": "Collect the child", "be_told": "Be told anything about the family"}
"""What somebody is not allowed."""

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
"""From each status, the ones it may move to. Beside these, what was decided against may be opened again: `REOPENED_FROM`."""

REOPENED_FROM: Final[frozenset[str]] = frozenset({"redirected", "declined", "duplicate", "withdrawn", "closed"})
"""The statuses from which a referral goes back to triage, with a reason, as long as it never was accepted: docs/decisions."""

STEP_KINDS: Final[dict[str, str]] = {
    "answered": "The referrer answered",
    "reopened": "Opened again",
}
"""How a referral came back to triage, where that was another way than an answer that somebody of the team wrote down."""

DECLINED_BECAUSE: Final[dict[str, str]] = {
    "child_age": "The child is too old or too young for the groups",
    "outside_borough": "They neither live in the borough nor use services in it",
    "needs_more": "They need more than a group can give",
    "no_need": "A parent's mental health is not what they need help with",
    "not_agreed": "The parent does not agree",
    "not_reached": "They could not be reached",
    "other": "Another reason",
}
"""Why a referral is declined; the words beside it say more."""

TOLD_OF: Final[dict[str, str]] = {
    "family": "The family",
    "referrer": "The referrer",
    "service": "The other service",
}
"""Who was told where a family was pointed to."""

TOLD: Final[dict[str, str]] = {
    "received": "Received",
    "needs_information": "We need more information from you",
    "accepted": "In assessment",
    "offered": "Offered a place",
    "redirected": "The family was pointed to another service",
    "declined": "The family was not accepted",
    "withdrawn": "The family decided not to go on",
    "closed": "Closed",
}
"""Where a referral stands, as its referrer reads it."""

OUTCOMES: Final[frozenset[str]] = frozenset({"accepted", "offered", "redirected", "declined", "withdrawn", "closed"})
"""The statuses that tell how a referral ended, not just how far it has come."""

MAY_BE_TOLD: Final[dict[str, str]] = {
    "status": "Each step and the outcome",
    "outcome": "The outcome only",
    "nothing": "Only that the referral arrived",
}
"""What the family agreed that the referrer may be told."""

AGREES: Final[dict[str, str]] = {
    "yes": "Yes, they agreed",
    "not_asked": "Nobody has asked them yet",
    "no": "No",
}
"""Whether the family agrees to be referred. Nobody is referred who said no."""

CAME_BY: Final[dict[str, str]] = {
    "phone": "By phone",
    "letter": "By letter",
    "email": "By email",
    "in_person": "In person",
}
"""How a referral came that somebody of the team wrote down."""

URGENCIES: Final[dict[str, str]] = {"routine": "Routine", "urgent": "Urgent: the family needs to be seen soon"}

SECONDARY_CARE: Final[dict[str, str]] = {"no": "No", "yes": "Yes", "not_known": "Not known"}
"""Whether the parent is under a Community Mental Health Team (CMHT)."""

BOROUGH_LINKS: Final[dict[str, str]] = {
    "lives": "They live in the borough",
    "uses": "They live elsewhere, and use services in the borough",
    "neither": "Neither",
    "not_known": "Not known",
}
"""What ties a family to the borough, as its referrer says."""

PARENTAL_NEEDS: Final[dict[str, str]] = {
    "yes": "Yes",
    "no": "No",
    "not_known": "Not known",
}
"""Whether a parent struggles with their mental health, as the referrer says."""

CHANNELS: Final[dict[str, str]] = {
    "phone": "Phone call",
    "text": "Text message",
    "email": "Email",
    "letter": "Letter",
    "visit": "A visit to the home",
    "someone": "Through somebody they trust",
}
"""The ways to reach a family."""
