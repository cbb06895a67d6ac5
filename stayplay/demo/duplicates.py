"""Families on record twice: one that waits to be compared, one whose two records became one, and two that were taken for one in error."""

from datetime import date
from typing import Any

from stayplay.demo.people import Household, referral
from stayplay.journey import Borough, until

Known = tuple[Household, str]


def duplicates(borough: Borough, again: Known, twice: Known, today: date) -> None:
    """Refer two families a second time, spelt otherwise; make one record of the second one's two.

    Args:
        borough: the practice borough.
        again, twice: a family of each kind, with the id of its record.
        today: the day of the second referrals.
    """
    _refer(borough, _respelt(again[0], today), "Health visitor", "1st Place Children's Centre")
    second = _refer(borough, _respelt(twice[0], today), "Nursery manager", "Grove Nursery School")
    _merge(borough, twice[1], second)


def parted(borough: Borough, known: Known, today: date) -> None:
    """Refer a family's cousins, make the two records one, and find that they are two families after all."""
    cousins = _refer(borough, _respelt(known[0], today), "Midwife", "St Mary's maternity")
    made = _merge(borough, known[1], cousins)
    why = {"reason": "They are cousins with one surname, who stayed at the same address."}
    borough["camhs"].post(f"{borough.base}/families/merges/{made['id']}/undo", {"version": made["version"], **why})


def _respelt(family: Household, today: date) -> dict[str, Any]:
    """Return a referral of a family as somebody else writes it: another spelling of the name, another phone, nothing else that is known."""
    sent = referral(family, today, urgent=False)
    parent, child = sent["parents"][0], sent["children"][0]
    respelt = {**parent, "family_name": f"{parent['family_name']}e", "phone": "07700 900456", "email": None}
    return {**sent, "parents": [respelt], "children": [child]}


def _refer(borough: Borough, body: dict[str, Any], role: str, service: str) -> str:
    referrer = {**body["referrer"], "role": role, "service": service}
    received = borough["referrer"].post(f"{borough.base}/referrals", {**body, "referrer": referrer})
    return str(received["family_id"])


def _merge(borough: Borough, into: str, other: str) -> dict[str, Any]:
    """Make the record that was only referred part of the one in the registry, as the page does it; return the merge."""
    camhs, base = borough["camhs"], f"{borough.base}/families"
    found = until("both records can be compared", lambda: camhs.get(f"{base}/{into}/compare/{other}"))
    people = [{"merged": one["id"], "into": one["into"]} for one in found["people"]]
    versions = {"into_version": found["into"]["version"], "merged_version": found["merged"]["version"]}
    why = {"reason": "Their parent was surprised to be asked twice: it is the same family.", "both": ["family.safe_contact"]}
    return camhs.post(f"{base}/{into}/merge", {"merged_id": other, "people": people, **versions, **why})
