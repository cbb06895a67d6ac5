"""What a records lead does in a borough: somebody asks what is held, a record is held or not to be used, a family is erased."""

from datetime import UTC, datetime, timedelta
from typing import Any

from stayplay.client import Client
from stayplay.journey import Borough, until

_ASKED: dict[str, Any] = {"asked_by": "Their mother", "asked_as": "self", "identity_checked": "known", "words": "I would like to see it."}


def keep_records(borough: Borough, family_id: str, limited_id: str, erased_id: str) -> None:
    """Do it, as the borough's records lead, for a family that stays, one whose record may not be used, and one that is erased."""
    borough.dated(None)
    lead, base = borough["records"], borough.base
    path, today = f"{base}/families/{family_id}/records", datetime.now(UTC).date()
    _give_out(lead, base, lead.post(f"{path}/requests", {**_ASKED, "kind": "access", "received_on": today.isoformat()})["id"])
    for kind in ("access", "rectification"):
        request = lead.post(f"{path}/requests", {**_ASKED, "kind": kind, "received_on": today.isoformat()})
        if kind == "access":
            lead.post(f"{base}/records/requests/{request['id']}/pack")
    for about, what, because in ((family_id, "hold", "claim"), (limited_id, "limit", "contested")):
        lead.post(f"{base}/families/{about}/records/{what}", {"because": because, "reason": "Their solicitor wrote."})
    kept_until = (today + timedelta(days=900)).isoformat()
    person_id = lead.get(path)["people"][0]["person_id"]
    lead.post(f"{base}/records/people/{person_id}/keep", {"until": kept_until, "reason": "A claim may come."})
    erasure = lead.post(f"{base}/families/{erased_id}/records/erase", {"because": "asked", "confirm": "ERASE"})
    until("the family is erased", lambda: lead.get(f"{base}/records/erasures/{erasure['id']}")["state"] == "done" or None)


def _give_out(lead: Client, base: str, request_id: str) -> None:
    """Look through a pack and give it out: a file can be made of it."""
    path = f"{base}/records/requests/{request_id}/pack"
    pack = lead.post(path)
    decisions = [{"number": item["number"], "decision": "give", "hidden": item["hidden"]} for item in pack["items"]]
    pack = lead.post(f"{path}/review", {"version": pack["version"], "decisions": decisions})
    lead.post(f"{path}/give", {"version": pack["version"], "given_as": "hand"})
