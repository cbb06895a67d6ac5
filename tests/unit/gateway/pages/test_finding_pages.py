"""What was found, and where each of it leads whoever looked for it."""

from typing import Any
from uuid import UUID

import pytest

from gateway.pages.family import finding
from gateway.pages.forms import Form
from services.referrals.contract import FindRestrictedRequest
from tests.support.pages import Looking, seen

FAMILY, REFERRAL = UUID(int=7), UUID(int=8)


def listing(**found: Any) -> finding.Listing:
    """Return the page of one family that was found."""
    family = {
        "family_id": FAMILY, "name": "Wren Ashdown and Kit", "referral_id": None, "status": None, "parents": [], "children": [],
        "restricted": False, "why": [], **found,
    }  # fmt: skip
    matches = {"items": [family], "next": None, "total": 1, "terms": [], "matched": 0, "complete": True}
    return finding.Listing("ashdown", Form(FindRestrictedRequest, "name", "reference", "known_as").blank(), matches)


@pytest.mark.parametrize(
    ("role", "found", "leads_to"),
    [
        ("practitioner", {}, f"/southwark/families/{FAMILY}"),
        ("practitioner", {"referral_id": REFERRAL, "status": "received"}, f"/southwark/referrals/{REFERRAL}"),
        ("records_lead", {}, f"/southwark/families/{FAMILY}"),
        ("records_lead", {"referral_id": REFERRAL, "status": "declined"}, f"/southwark/families/{FAMILY}/records"),
    ],
)
def test_each_leads_to_what_the_reader_may_open(looking: Looking, role: str, found: dict[str, Any], leads_to: str) -> None:
    with looking(role, path="/southwark/families"):
        page = seen(finding.shown(listing(**found)))
    assert page.one(".rows a.row__name")["href"] == leads_to
