"""What is left before a borough can take its first referral, and opening it when nothing is."""

from collections.abc import Mapping
from typing import Any, Final

from chassis.contract import Operation
from chassis.schemas import Contract, Nothing, moment, whole, yes_no

STEPS: Final[Mapping[str, str]] = {
    "policy": "Review the policy",
    "public_page": "Check the public page",
    "camhs": "A practitioner from CAMHS",
    "adult_mental_health": "A practitioner from the adult mental health team",
    "venue": "A venue",
    "group": "A group",
}
"""What must be there before the first referral, in the order in which it is best done."""


class SetUp(Contract):
    """People and decisions; venues and groups are the sessions service's own.

    ``camhs`` and ``adult_mental_health`` count present practitioners of each side, ``*_invited`` open invitations.
    ``opened_at`` tells since when referrals are taken.
    """

    camhs = whole("Practitioners of CAMHS", ge=0, le=1_000_000)
    camhs_invited = whole("Invited", ge=0, le=1_000_000)
    adult_mental_health = whole("Practitioners of the adult mental health team", ge=0, le=1_000_000)
    adult_mental_health_invited = whole("Invited", ge=0, le=1_000_000)
    policy_reviewed_at = moment("Policy reviewed", required=False)
    public_page_checked_at = moment("Public page checked", required=False)
    opened_at = moment("Open for referrals", required=False)


class OpenBoroughRequest(Contract):
    """What the sessions service has of a borough that is to take referrals."""

    has_venue = yes_no("Is there a venue?")
    has_group = yes_no("Is there a group?")


def done(own: Mapping[str, Any], *, has_venue: bool, has_group: bool) -> dict[str, bool]:
    """Return which of `STEPS` are done, from what a `SetUp` says and what the sessions service has."""
    return {
        "policy": own["policy_reviewed_at"] is not None,
        "public_page": own["public_page_checked_at"] is not None,
        "camhs": own["camhs"] > 0,
        "adult_mental_health": own["adult_mental_health"] > 0,
        "venue": has_venue,
        "group": has_group,
    }


GET_SET_UP = Operation("gateway", "get_set_up", "boroughs.manage", Nothing, SetUp)
OPEN_BOROUGH = Operation("gateway", "open_borough", "boroughs.manage", OpenBoroughRequest, SetUp, changes=True)

OPERATIONS: tuple[Operation, ...] = (GET_SET_UP, OPEN_BOROUGH)
