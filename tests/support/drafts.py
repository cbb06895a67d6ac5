"""Referrals that are written step by step: answers to each step, and those who have no account."""

from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from chassis.caller import Caller
from gateway.access.roles import ALLOWED_TO_ANYBODY
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk

EMAIL = "grace.mensah@healthvisiting.example"


def stranger(borough_id: UUID, address: str = "203.0.113.7") -> Caller:
    """Return somebody without an account, as the gateway says them."""
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    return Caller.public(borough_id, ALLOWED_TO_ANYBODY, address=address, expires_at=soon)


def new_secret() -> str:
    """Return what a browser keeps of a draft."""
    return token_urlsafe(32)


def answers(kind: str = "professional", **changed: Any) -> dict[str, dict[str, Any]]:
    """Return an answer to everything that a professional is asked, by step, as JSON; ``changed`` are answers by field."""
    family = factories.family_details()
    whole = {
        **{name: family[name] for name in ("parents", "children", "safe_contact", "address", "language", "interpreter")},
        "referrer": {"name": "Grace Mensah", "service": "Bermondsey health visiting team", "role": "Health visitor", "source": "A2"},
        "family_knows": True,
        "agrees": "yes",
        "relations": [],
        "borough_link": "lives",
        "not_allowed": [],
        "access_needs": "A ground floor room.",
        "why_now": "She has stopped going out since the summer.",
        "concern": factories.CLINICAL,
        "parental_need": "yes",
        "secondary_care": "no",
        "care_team": None,
        "other_services": "The health visitor comes every second week.",
        "risks_to_visitors": "A large dog, friendly once it knows you.",
        "urgency": "routine",
        "share_with": [{"with_whom": "1st Place nursery", "what": "That they come to the group"}],
        "may_be_told": "outcome",
        "came_by": "phone",
        "taken_by": "Amina Khan",
        "received_on": datetime.now(UTC).date() - timedelta(days=3),
        **changed,
    }
    about = contract.DRAFT_KINDS[kind]
    dumped = about.whole().dump({name: whole[name] for fields in about.steps.values() for name in fields})
    return {step: {name: dumped[name] for name in fields if dumped[name] is not None} for step, fields in about.steps.items()}


def code_mailed(desk: Desk, borough_id: UUID) -> str:
    """Return the code that was mailed last."""
    told = [event for event in desk.told("referrals", borough_id) if event["data"].get("kind") == "refer_code"]
    return str(told[-1]["data"]["words"]["code"])


def proven(desk: Desk, by: Caller, secret: str, email: str = EMAIL) -> dict[str, Any]:
    """Begin a draft without an account, and prove the mail address."""
    draft = desk.ask(contract.START_DRAFT, by, kind="professional", secret=secret)
    desk.ask(contract.ASK_CODE, by, draft_id=draft["id"], secret=secret, email=email)
    code = code_mailed(desk, by.borough_id)
    return desk.ask(contract.PROVE_MAIL, by, draft_id=draft["id"], secret=secret, code=code)


def written(desk: Desk, by: Caller, draft: dict[str, Any], secret: str | None = None, **changed: Any) -> dict[str, Any]:
    """Answer every step of a draft; return where it stands."""
    for step, given in answers(draft["kind"], **changed).items():
        draft = desk.ask(contract.SAVE_DRAFT, by, draft_id=draft["id"], secret=secret, version=draft["version"], step=step, answers=given)
    return draft
