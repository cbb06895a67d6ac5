"""Families as events carry them."""

from datetime import date, timedelta
from typing import Any

from chassis import clock
from chassis.ids import new_id
from services.referrals.contract import PERSON_FIELDS, family_name
from tests import factories


def family_facts(**changed: Any) -> dict[str, Any]:
    """Return the data of an event about a family, typed: ``changed`` replaces parts of it."""
    details = factories.family_details()
    people = {side: [{**person, "id": new_id()} for person in details[side]] for side in ("parents", "children")}
    facts = {**details, **people, "family_id": new_id(), **changed}
    return {**facts, "name": family_name(facts["parents"], facts["children"])}


def a_family(**changed: Any) -> dict[str, Any]:
    """Return a family as the registry tells it to who may change it: the Doyles, of whom little is known beside their names."""
    finn = {**_somebody("Finn"), "birth_date": date(2024, 7, 16), "expected_date": None, "school_or_nursery": None}
    to_finn = {"child_id": finn["id"], "relation": "MTH", "parental_responsibility": "yes"}
    phone = {"kind": "phone", "value": "07700 900123", "safe": True, "note": None}
    sinead = {
        **_somebody("Sinead"), "birth_date": date(1995, 7, 16), "title": None, "relationship": "MTH", "relations": [to_finn],
        "phone": "07700 900123", "email": None, "contact_points": [phone],
    }  # fmt: skip
    home = {"line": "14 Rye Lane", "postcode": "SE15 5BY"}
    dated = {**home, "from_on": None, "until_on": None, "safe_for_letters": True, "safe_for_visits": True}
    told = {
        "id": new_id(), "name": "Sinead Doyle and Finn", "version": 4, "registered_at": clock.now() - timedelta(days=60),
        "changed_at": clock.now(), "restricted": False, "parents": [sinead], "children": [finn], "former": [], "language": "English",
        "interpreter": False, "address": home, "addresses": [dated], "not_allowed": [], "risks_to_visitors": None,
        "safe_contact": {"channels": ["text"], "times": "Weekdays 9:30 to 14:30", "avoid": "Never leave a voicemail"},
    }  # fmt: skip
    return {**told, **changed}


def _somebody(name: str) -> dict[str, Any]:
    return {**dict.fromkeys(PERSON_FIELDS), "id": new_id(), "given_name": name, "family_name": "Doyle"}
