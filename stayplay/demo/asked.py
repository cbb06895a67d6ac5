"""Parents who asked to join by themselves, without an account: one who answered everything, one who said no more than is needed."""

import secrets
from datetime import date, timedelta
from typing import Any

from stayplay.client import Client
from stayplay.journey import Borough

Answers = dict[str, dict[str, Any]]


def asked(borough: Borough, today: date) -> None:
    """Ask to join, as parents do on the public page.

    Args:
        borough: the practice borough, open for referrals.
        today: the day on which they ask.
    """
    for answers in (_in_full(today), _the_least(today)):
        _ask(Client(borough.operator.url, verify=borough.operator.verify, patience=10), borough, answers)


def _ask(parent: Client, borough: Borough, answers: Answers) -> None:
    drafts, secret = f"{borough.base}/drafts", {"secret": secrets.token_urlsafe(32)}
    draft = parent.post(drafts, {"kind": "self", **secret})
    for step, given in answers.items():
        saved = {"version": draft["version"], "step": step, "answers": given, **secret}
        draft = parent.post(f"{drafts}/{draft['id']}/save", saved)
    parent.post(f"{drafts}/{draft['id']}/send", secret)


def _in_full(today: date) -> Answers:
    born, due = today - timedelta(days=640), today + timedelta(days=110)
    return {
        "you": {"given_name": "Marta", "family_name": "Nowak", "relationship": "MTH"},
        "contact": {
            "channels": ["text", "email"],
            "phone": "07700 900318",
            "email": "marta@example.org",
            "times": "When he sleeps, 12 to 2",
            "avoid": "Please do not leave a message.",
            "must_not_know": "My mother in law",
        },
        "children": {"children": [{"given_name": "Antek", "born_or_due": born.isoformat()}, {"born_or_due": due.isoformat()}]},
        "home": {"line": "Flat 3, 12 Choumert Road", "postcode": "SE15 4SE"},
        "help": {"language": "Polish", "interpreter": False, "access_needs": "Somewhere to park a pushchair."},
        "words": {"hopes": "We do not know anyone here yet. I would like him to play with other children, and to talk to someone."},
    }


def _the_least(today: date) -> Answers:
    born = today - timedelta(days=410)
    return {
        "you": {"given_name": "Dele", "family_name": "Adebayo", "relationship": "FTH"},
        "contact": {"channels": ["someone"], "someone": "Pastor Grace, 07700 900662"},
        "children": {"children": [{"given_name": "Tobi", "born_or_due": born.isoformat()}]},
        "home": {},
        "help": {},
        "words": {},
    }
