"""Referrals that were written step by step: one recorded by phone, one with every question answered, one that is put aside."""

from datetime import date, timedelta
from typing import Any, Final

from stayplay.client import Client
from stayplay.journey import Borough

Answers = dict[str, dict[str, Any]]


def written(borough: Borough, today: date) -> None:
    """Write them: as the facilitator, to whom a GP spoke, and as the referrer.

    Args:
        borough: the practice borough.
        today: the day on which they are written.
    """
    _write(borough["facilitator"], borough, "staff", _by_phone(today))
    everything = _in_full(today)
    _write(borough["referrer"], borough, "professional", everything)
    begun = {step: answer for step, answer in everything.items() if step in {"you", "agreement", "children"}}
    _write(borough["referrer"], borough, "professional", {**begun, "children": _child("Ebele", "Nwosu", today, 410)}, send=False)


def _write(who: Client, borough: Borough, kind: str, answers: Answers, *, send: bool = True) -> None:
    drafts = f"{borough.base}/drafts"
    draft = who.post(drafts, {"kind": kind})
    for step, given in answers.items():
        draft = who.post(f"{drafts}/{draft['id']}/save", {"version": draft["version"], "step": step, "answers": given})
    if send:
        who.post(f"{drafts}/{draft['id']}/send")


def _child(given_name: str, family_name: str, today: date, days_old: int) -> dict[str, Any]:
    born = (today - timedelta(days=days_old)).isoformat()
    return {"children": [{"given_name": given_name, "family_name": family_name, "birth_date": born}]}


_USUAL: Final[Answers] = {
    "agreement": {"family_knows": True, "agrees": "yes"},
    "language": {"language": "English", "interpreter": False},
    "access": {},
    "care": {"secondary_care": "no"},
    "services": {},
    "risks": {},
    "urgency": {"urgency": "routine"},
    "not_told": {},
    "sharing": {},
    "told": {"may_be_told": "outcome"},
}


def _by_phone(today: date) -> Answers:
    """Return what a GP said on the phone, who had not asked the family yet."""
    mother = {"given_name": "Rosa", "family_name": "Ferreira", "relationship": "MTH", "phone": "07700 900871"}
    return {
        **_USUAL,
        "intake": {"came_by": "phone", "taken_by": "Jo Marsh", "received_on": (today - timedelta(days=1)).isoformat()},
        "you": {"referrer": {"name": "Dr Sunil Mehta", "service": "Aylesham Medical Practice", "role": "GP", "source": "A1"}},
        "agreement": {"family_knows": True, "agrees": "not_asked"},
        "children": _child("Tomás", "Ferreira", today, 560),
        "parents": {"parents": [mother]},
        "home": {"address": {"postcode": "SE15 4JR"}, "borough_link": "lives"},
        "contact": {"safe_contact": {"channels": ["phone"], "times": "Mornings"}},
        "why_now": {"why_now": "She came to the surgery three times this month, each time about sleep."},
        "concern": {"concern": "Very anxious about being alone with Tomás since her partner works nights.", "parental_need": "yes"},
        "told": {"may_be_told": "status"},
    }


def _in_full(today: date) -> Answers:
    """Return a referral in which every question has an answer: two carers, a toddler and a baby who is expected."""
    children = _child("Idris", "Warsame", today, 700)["children"]
    baby = {"expected_date": (today + timedelta(days=75)).isoformat()}
    mother = {"given_name": "Hodan", "family_name": "Warsame", "relationship": "MTH", "phone": "07700 900233", "birth_date": "1994-02-11"}
    granny = {"given_name": "Amina", "family_name": "Warsame", "relationship": "GRMTH", "phone": "07700 900234"}
    pairs = [(0, 0, "MTH", "yes"), (0, 1, "MTH", "yes"), (1, 0, "GRMTH", "no"), (1, 1, "GRMTH", "no")]
    names = ("parent", "child", "relation", "parental_responsibility")
    must_not_know = {"name": "Her former partner", "relation": "Idris's father", "may_not": ["collect", "be_told"], "why": "A court order."}
    return {
        **_USUAL,
        "you": {
            "referrer": {"name": "Helen Vance", "service": "Bermondsey health visiting team", "role": "Health visitor", "source": "A2"}
        },
        "children": {"children": [*children, baby]},
        "parents": {"parents": [mother, granny]},
        "relations": {"relations": [dict(zip(names, pair, strict=True)) for pair in pairs]},
        "home": {"address": {"line": "Flat 9, 40 Meeting House Lane", "postcode": "SE15 2UB"}, "borough_link": "lives"},
        "contact": {
            "safe_contact": {"channels": ["text"], "times": "Weekdays before 15:00", "avoid": "No letters. Never ring: he may answer."}
        },
        "not_told": {"not_allowed": [must_not_know]},
        "language": {"language": "Somali", "interpreter": True},
        "access": {"access_needs": "A ground floor room: she is pregnant and her back hurts."},
        "why_now": {"why_now": "The baby is due in ten weeks and she says she can't do it all again."},
        "concern": {"concern": "Low since the summer. Idris clings to her and she turns away.", "parental_need": "yes"},
        "care": {"secondary_care": "no", "care_team": "Was with the perinatal team until May."},
        "services": {"other_services": "Health visitor, midwife, Grove Nursery School."},
        "risks": {"risks_to_visitors": "Her former partner sometimes waits outside in the evening. Visit in the morning, two together."},
        "sharing": {"share_with": [{"with_whom": "Grove Nursery School", "what": "That they come, and on which day"}]},
        "told": {"may_be_told": "status"},
    }
