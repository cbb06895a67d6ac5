"""A family that is on record twice, found, decided on, made one, two and one again: once all that can be done with it."""

from datetime import date
from typing import Any

from stayplay.client import Client
from stayplay.journey import Borough, until
from stayplay.journey.family import referral


def merge_twice(borough: Borough, surname: str = "Twyford") -> dict[str, Any]:
    """Do it; return the merge that stands at the end."""
    base, camhs = borough.base, borough["camhs"]
    into, other = (_registered(borough, surname) for _ in range(2))
    until("the pair is on the list", lambda: camhs.get(f"{base}/families/duplicates")["items"])
    camhs.get(f"{base}/families/{into}/matches")
    camhs.post(f"{base}/families/{into}/matches/{other}", {"verdict": "same", "note": "Their mother said so."})
    undone = _merged(camhs, base, into, other)
    camhs.post(f"{base}/families/merges/{undone['id']}/undo", {"version": undone["version"], "reason": "To look once more."})
    standing = _merged(camhs, base, into, other)
    camhs.get(f"{base}/families/{into}/merges")
    facilitator = borough["facilitator"]
    until("outreach knows of it", lambda: len(facilitator.get(f"{base}/outreach/cases", family_id=into)["items"]) == 1)
    return standing


def _registered(borough: Borough, surname: str) -> str:
    camhs, base = borough["camhs"], borough.base
    received = borough["referrer"].post(f"{base}/referrals", referral(surname, date.today()))
    camhs.post(f"{base}/referrals/{received['id']}/accept", {"version": received["version"], "reason": "Fits."})
    family_id = str(received["family_id"])
    until("outreach is open", lambda: borough["facilitator"].get(f"{base}/outreach/cases", family_id=family_id)["items"])
    until("the assessment is open", lambda: camhs.get(f"{base}/assessments", family_id=family_id)["items"])
    return family_id


def _merged(camhs: Client, base: str, into: str, other: str) -> dict[str, Any]:
    found = camhs.get(f"{base}/families/{into}/compare/{other}")
    people = [{"merged": one["id"], "into": one["into"]} for one in found["people"]]
    versions = {"into_version": found["into"]["version"], "merged_version": found["merged"]["version"]}
    return camhs.post(f"{base}/families/{into}/merge", {"merged_id": other, "people": people, "reason": "One mother.", **versions})
