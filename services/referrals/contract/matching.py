"""Families that may be on record twice: what speaks for it, and what somebody thinks."""

from typing import Final

from marshmallow import fields

from chassis.contract import Operation
from chassis.schemas import Contract, PageRequest, choice, identifier, many, moment, page_of, text, whole, yes_no
from services.referrals.contract.codes import STATUSES
from services.referrals.contract.family import FamilyRequest

LEVELS: Final[dict[str, str]] = {
    "likely": "Probably the same family",
    "possible": "Possibly the same family",
    "unlikely": "Unlikely to be the same family",
}
"""How much speaks for it."""
VERDICTS: Final[dict[str, str]] = {"same": "The same family", "different": "Different families", "not_sure": "Not sure"}
"""What somebody may think of two families."""
MATCH_STATES: Final[dict[str, str]] = {"open": "Not decided yet", **VERDICTS, "gone": "Settled"}

_NAMES: Final = {
    "same": "is the same",
    "alike": "sounds the same",
    "close": "is nearly the same",
    "part": "is partly the same",
    "different": "differs",
}
_DAYS: Final = {
    "same": "is the same",
    "swapped": "is the same with day and month swapped",
    "slip": "differs in one digit",
    "new_year": "is 1 January in both (often a guess)",
    "due": "fits when the baby was expected",
    "different": "differs",
}
REASONS: Final[dict[str, str]] = {
    **{f"{side}.given.{near}": f"First name {words}" for side in ("parent", "child") for near, words in _NAMES.items() if near != "part"},
    **{f"{side}.family.{near}": f"Last name {words}" for side in ("parent", "child") for near, words in _NAMES.items()},
    **{f"{side}.born.{near}": f"Date of birth {words}" for side in ("parent", "child") for near, words in _DAYS.items()},
    **{f"{side}.names_swapped": "First and last name are the other way round" for side in ("parent", "child")},
    "nhs.same": "NHS number is the same",
    "nhs.different": "NHS numbers differ: one person has one",
    "nhs_names_apart": "Same NHS number, but the names are far apart: one of the two may be mistyped. Check before you decide",
    "twins": "Same birthday and last name, other first name: twins, perhaps. Two children of one family",
    "generations": "One name, but a generation apart: two people",
    "phone": "A phone number is the same",
    "email": "An email address is the same",
    "address.home": "They live at the same address",
    "address.building": "They live in the same building",
    "address.postcode": "They live in the same postcode",
    "address.institution": "They live where many families live: it says little",
}
"""What speaks for or against two families being one, in words."""


class MatchReason(Contract):
    """One thing that speaks for it (``points`` above 0), against it, or that is good to know (0)."""

    code = choice("Reason", REASONS)
    points = fields.Integer(required=True, metadata={"label": "Weight, in tenths of a bit"})
    about = text("About", required=False, max_length=500, sensitivity="personal")


class MatchedPerson(Contract):
    """Somebody of a family, to be told from others."""

    id = identifier("Person")
    side = text("Parent or child", max_length=10)
    name = text("Name", max_length=1000, sensitivity="personal")
    birth_date = fields.Date(required=True, allow_none=True, metadata={"label": "Date of birth", "sensitivity": "personal"})
    expected_date = fields.Date(required=True, allow_none=True, metadata={"label": "Expected", "sensitivity": "personal"})


class MatchedReferral(Contract):
    """A referral of a family."""

    id = identifier("Referral")
    status = choice("Status", STATUSES)
    version = whole("Version", ge=0, le=2**31 - 1)
    received_at = moment("Received")


class MatchedFamily(Contract):
    """A family that may be one with another: of the registry or, where it is not ``registered``, referred only."""

    id = identifier("Family")
    name = text("Family", max_length=2000, sensitivity="personal")
    registered = yes_no("In the registry")
    version = whole("Version", ge=0, le=2**31 - 1)
    people = many(MatchedPerson, "People")
    address = text("Address", required=False, max_length=400, sensitivity="personal")
    referrals = many(MatchedReferral, "Referrals", at_most=1000)


class FoundMatch(Contract):
    """A family that may be the one that was asked about."""

    family = fields.Nested(MatchedFamily, required=True)
    level = choice("How likely", LEVELS)
    score = fields.Integer(required=True, metadata={"label": "Weight of all, in tenths of a bit"})
    caution = yes_no("Something contradicts the rest")
    reasons = many(MatchReason, "Why", at_most=1000)
    state = choice("What somebody thinks", MATCH_STATES)
    decided_by = text("Who thinks so", required=False, max_length=200)
    decided_at = moment("Since", required=False)
    note = text("Their words", required=False, max_length=1000, sensitivity="personal")


class FoundMatches(Contract):
    """Everybody who may be the family that was asked about: likeliest first, and at the end whom somebody found to be different."""

    family = fields.Nested(MatchedFamily, required=True)
    matches = many(FoundMatch, "Matches")


class DecideMatchRequest(FamilyRequest):
    """Say what you think of two families."""

    other_id = identifier("The other family")
    verdict = choice("Are they the same family?", VERDICTS)
    note = text(
        "Why do you think so?",
        required=False,
        max_length=1000,
        multiline=True,
        sensitivity="personal",
        hint="For whoever looks at it next.",
    )


class Verdict(Contract):
    """What somebody thinks of two families."""

    family_id = identifier("Family")
    other_id = identifier("The other family")
    state = choice("What somebody thinks", MATCH_STATES)
    decided_by = text("Who thinks so", required=False, max_length=200)
    decided_at = moment("Since", required=False)


class ListMatchesRequest(PageRequest):
    """Pairs that wait for somebody to say what they think, likeliest first."""

    state = choice("Which", {"open": "Not decided yet", "not_sure": "Not sure"}, required=False)


class MatchSummary(Contract):
    """Two families that may be one."""

    id = identifier("Pair")
    one = fields.Nested(MatchedFamily, required=True)
    other = fields.Nested(MatchedFamily, required=True)
    level = choice("How likely", LEVELS)
    score = fields.Integer(required=True, metadata={"label": "Weight of all, in tenths of a bit"})
    caution = yes_no("Something contradicts the rest")
    reasons = many(MatchReason, "Why", at_most=1000)
    state = choice("What somebody thinks", MATCH_STATES)
    found_at = moment("Found")


PageOfMatches = page_of(MatchSummary)

FIND_MATCHES = Operation("referrals", "find_matches", "families.merge", FamilyRequest, FoundMatches)
LIST_MATCHES = Operation("referrals", "list_matches", "families.merge", ListMatchesRequest, PageOfMatches)
DECIDE_MATCH = Operation("referrals", "decide_match", "families.merge", DecideMatchRequest, Verdict, changes=True)

OPERATIONS: tuple[Operation, ...] = (FIND_MATCHES, LIST_MATCHES, DECIDE_MATCH)
