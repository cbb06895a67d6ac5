"""A family of which the registry knows a lot: names, numbers that are not safe, a history of addresses, who may not collect."""

from datetime import date, timedelta
from typing import Any

from stayplay.journey import Borough

BARRED = {"name": "Dean Marsh", "relation": "Rory's father", "may_not": ["collect", "be_told"], "why": "A non-molestation order"}
POINTS = [
    {"kind": "phone", "value": "07700 900123", "safe": True, "note": "Texts only"},
    {"kind": "phone", "value": "020 7946 0001", "safe": False, "note": "He answers it"},
]
HOMES = [
    {"line": "14 Rye Lane", "postcode": "SE15 5BY", "from_on": "2025-02-01", "safe_for_letters": False},
    {"line": "3 Harper Road", "postcode": "SE1 6AD", "from_on": "2021-05-01", "until_on": "2025-02-01"},
]


def record_in_full(borough: Borough, family_id: str) -> dict[str, str]:
    """Write down everything that may be known of a family; return the ids of its first adult and its first child."""
    path, camhs = f"{borough.base}/families/{family_id}", borough["camhs"]
    family: dict[str, Any] = camhs.get(path)
    version = {"version": family["version"]}
    parent, child = family["parents"][0], family["children"][0]
    names = {name: parent[name] for name in ("given_name", "family_name")}
    relation = {"child_id": child["id"], "relation": "MTH", "parental_responsibility": "yes"}
    known = {"person_id": parent["id"], "title": "Ms", "preferred_name": "Mo", "nhs_number": "999 000 0018", "ethnicity": "Z"}
    camhs.post(f"{path}/parents", {**version, **names, **known, "relations": [relation], "gp": "Lister Primary Care Centre"})
    camhs.post(f"{path}/parents", {**version, "given_name": "Rosa", "family_name": names["family_name"], "relationship": "GRMTH"})
    due = (date.today() + timedelta(days=60)).isoformat()
    newest = camhs.post(f"{path}/contact", {**version, "safe_contact": {"channels": ["text", "visit"]}, "people": [_reached(parent)]})
    camhs.post(f"{path}/children", {"version": newest["version"], "expected_date": due})
    camhs.post(f"{path}/addresses", {**version, "addresses": HOMES})
    needs = [{"person_id": parent["id"], "access_needs": "Step-free access: she comes with a double buggy"}]
    camhs.post(f"{path}/needs", {**version, "language": "Irish", "interpreter": False, "people": needs})
    camhs.post(f"{path}/safety", {**version, "not_allowed": [BARRED], "risks_to_visitors": "A large dog. Ring first."})
    return {"known": family_id, "known_parent": str(parent["id"]), "known_child": str(child["id"])}


def _reached(parent: dict[str, Any]) -> dict[str, Any]:
    return {"person_id": parent["id"], "contact_points": POINTS}
