"""Referrals and the board, as the service tells them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from services.referrals.contract import CRITERIA
from tests.support.pages import ME, NOW

FAMILY: dict[str, Any] = {
    "id": uuid4(),
    "name": "Sinead Doyle and Finn",
    "parents": [{"id": uuid4(), "given_name": "Sinead", "family_name": "Doyle", "relationship": "MTH", "phone": None, "email": None}],
    "children": [{"id": uuid4(), "given_name": "Finn", "family_name": "Doyle", "birth_date": None}],
    "language": "English",
    "interpreter": False,
    "safe_contact": {"channels": ["text"], "times": None, "avoid": None},
    "address": None,
    "not_allowed": [],
}


def criterion(name: str, answer: str | None = "met", **changes: Any) -> dict[str, Any]:
    """Return the answer to one criterion."""
    return {"criterion": name, "answer": answer, "fact": "The referrer says so.", "flagged": False, "by_name": None, "at": None, **changes}


def question(**changes: Any) -> dict[str, Any]:
    """Return a question that was mailed and not answered yet."""
    base = {
        "id": uuid4(), "words": "Who else lives there?", "asked_by": "Ruth Osei", "asked_at": NOW, "expires_at": NOW + timedelta(days=14),
        "mailed": True, "answer": None, "answered_at": None, "came_after": None, "seen_by": None,
    }  # fmt: skip
    return {**base, **changes}


def step(status: str = "received", **changes: Any) -> dict[str, Any]:
    """Return one move of a referral."""
    base: dict[str, Any] = {"agency_name": None, "reason": None, "to": None, "told": [], "because": None, "kind": None}
    return {"status": status, "at": NOW, "by_name": "Helen Vance", **base, **changes}


def referral(**changes: Any) -> dict[str, Any]:
    """Return a referral that waits for triage."""
    referrer = {"name": "Helen Vance", "service": "Health visiting", "role": None, "phone": None, "email": None, "source": "A2"}
    base = {
        "id": uuid4(), "version": 1, "status": "received", "family_id": uuid4(), "family_name": FAMILY["name"], "reference": "R7K4-9QDM",
        "child_birth_dates": [], "source": "A2", "referrer_service": "Health visiting", "urgency": "urgent", "referred_on": NOW.date(),
        "received_at": NOW, "family": FAMILY, "referrer": {**referrer, "may_be_told": "outcome"}, "referred_by_name": "Helen Vance",
        "why_now": "<b>Since the summer</b>", "concern": "Low.", "secondary_care": "no", "parental_need": "yes", "borough_link": "lives",
        "risks_to_visitors": "A dog.", "clinical_hidden": False, "duplicate_of": None, "may_move_to": ["accepted", "declined", "duplicate"],
        "may_reopen": False, "assigned_to_id": None, "assigned_to_name": None, "criteria": [criterion(name) for name in CRITERIA],
        "questions": [], "steps": [step()], "agreement": {}, "intake": {}, "care_team": None, "other_services": None,
    }  # fmt: skip
    return {**base, **changes}


def member(kind: str = "camhs", **changes: Any) -> dict[str, Any]:
    """Return a practitioner who can be named."""
    agency = {"agency_id": uuid4(), "agency_name": {"camhs": "CAMHS"}.get(kind, "Adult team"), "agency_kind": kind}
    return {"id": uuid4(), "person_id": ME if kind == "camhs" else uuid4(), "name": f"Somebody of {kind}", **agency, **changes}


def item(**changes: Any) -> dict[str, Any]:
    """Return a referral on the board."""
    names = ("id", "version", "status", "family_id", "family_name", "reference", "child_birth_dates", "source", "referrer_service")
    dates = ("urgency", "referred_on", "received_at")
    base = {name: value for name, value in referral().items() if name in {*names, *dates}}
    more = {"waited_days": 6, "late": True, "assigned_to_name": None, "mine": False, "fit": "fits", "warns_visitors": False}
    return {**base, **more, **changes}


def board(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the board with these referrals on it."""
    none = {"number": 0, "urgent": 0, "late": 0, "mine": 0, "nobodys": 0, "oldest_received_at": None}
    counts = {"received": {**none, "number": len(items), "late": 2, "mine": 1}, "needs_information": none, "late_answers": 0}
    return {"items": list(items), "next": None, "total": len(items), "counts": counts, "policy_days": 5, **changes}
