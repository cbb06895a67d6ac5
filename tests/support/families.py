"""Families as events carry them."""

from typing import Any

from chassis.ids import new_id
from services.referrals.contract import family_name
from tests import factories


def family_facts(**changed: Any) -> dict[str, Any]:
    """Return the data of an event about a family, typed: ``changed`` replaces parts of it."""
    details = factories.family_details()
    people = {side: [{**person, "id": new_id()} for person in details[side]] for side in ("parents", "children")}
    facts = {**details, **people, "family_id": new_id(), **changed}
    return {**facts, "name": family_name(facts["parents"], facts["children"])}
