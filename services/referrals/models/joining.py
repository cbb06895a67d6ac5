"""From what a parent told us to what a referral is made from: source B1, nothing about health, and nothing that they did not say."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from chassis import clock
from chassis.schemas import instance_of
from chassis.working_days import working_days_after
from services.referrals import contract

SERVICE: Final = "The parent"
NOT_SAID: Final = "not_known"
_LANGUAGE: Final = "English"
_DAYS: Final = {"first_contact": ("first_contact_days", 5), "first_visit": ("assessment_days", 20)}
"""What a parent is told a date of: the policy's value, and what counts where it has none."""


def request_of_parent(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `Referral.from_request` takes, from a loaded `contract.JoinRequest`."""
    family: dict[str, Any] = instance_of(contract.FamilyDetails).load(_family(answers))
    name = f"{answers['given_name']} {answers['family_name']}"
    agreed = {"family_knows": True, "agrees": "yes", "share_with": [], "may_be_told": "status"}
    return {
        **family,
        "referrer": {"name": name[:200], "service": SERVICE, "source": contract.SELF_REFERRED, "may_be_told": "status"},
        "why_now": answers["hopes"] or "",
        "concern": "",
        "secondary_care": NOT_SAID,
        "parental_need": NOT_SAID,
        "borough_link": NOT_SAID,
        "risks_to_visitors": None,
        "urgency": "routine",
        "referred_on": None,
        "agreement": agreed,
    }


def due_days(policy: Mapping[str, Any], asked_on: date) -> dict[str, date]:
    """Return by when a parent hears from us and by when two people come to meet them: working days of the borough's policy."""
    return {name: working_days_after(asked_on, int(policy.get(key, usual))) for name, (key, usual) in _DAYS.items()}


def _family(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the family as a referral describes one."""
    safe = {name: answers[name] for name in ("channels", "times", "avoid")}
    hidden = answers["must_not_know"]
    return {
        "parents": [_parent(answers)],
        "children": [_child(child, answers["family_name"]) for child in answers["children"]],
        "language": answers["language"] or _LANGUAGE,
        "interpreter": bool(answers["interpreter"]),
        "safe_contact": {**safe, "through": answers["someone"]},
        "address": {"line": answers["line"], "postcode": answers["postcode"]},
        "not_allowed": [{"name": hidden, "may_not": ["be_told"], "why": "The parent said so when they asked to join."}] if hidden else [],
    }


def _parent(answers: Mapping[str, Any]) -> dict[str, Any]:
    asked = ("given_name", "family_name", "relationship", "access_needs")
    return {**{name: answers[name] for name in asked}, "contact_points": _points(answers)}


def _points(answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the number and the mail address that were given; one that no chosen way uses is kept as not safe."""
    chosen = set(answers["channels"])
    kinds = {"phone": chosen & {"phone", "text"}, "email": chosen & {"email"}}
    return [{"kind": kind, "value": answers[kind], "safe": bool(used)} for kind, used in kinds.items() if answers[kind]]


def _child(child: Mapping[str, Any], family_name: str) -> dict[str, Any]:
    born = child["born_or_due"] <= clock.today()
    when = {"birth_date": child["born_or_due"]} if born else {"expected_date": child["born_or_due"]}
    return {"given_name": child["given_name"], "family_name": family_name, **when}
