"""Boroughs as an operator describes them."""

from typing import Any
from uuid import uuid4

from gateway.boroughs.documents import CURRENT

ACCEPTED = {"name": "Dawn Hartley", "role": "Head of Early Help", "accepted_on": "2026-01-12", **CURRENT}
AGENCIES = [
    {"name": "CAMHS", "kind": "camhs"},
    {"name": "Adult team", "kind": "adult_mental_health"},
    {"name": "Children's centre", "kind": "childrens_centre"},
    {"name": "Health visiting", "kind": "referring"},
]


def described(**changed: Any) -> dict[str, Any]:
    """Return the description of a new practice borough; None takes something away from it."""
    slug = changed.get("slug") or f"b-{uuid4().hex[:10]}"
    whole = {
        "slug": slug,
        "name": "Southwark",
        "gss_code": "E09000028",
        "programme_name": "Southwark Stay & Play",
        "practice": True,
        "agencies": AGENCIES,
        "administrator": {"name": "Ada Minister", "email": f"ada@{slug}.example"},
        "accepted": ACCEPTED,
        **changed,
    }
    return {name: value for name, value in whole.items() if value is not None}
