"""Rights of people in the demonstration: requests, one of them overdue, a hold, a record whose time is over, and one that was erased."""

from datetime import UTC, datetime, timedelta
from typing import Any

from stayplay.journey import Borough, until
from stayplay.journey.family import referral

_ASKED: dict[str, Any] = {"asked_as": "self", "identity_checked": "known", "words": "I would like to see everything you keep about me."}
_LONG_AGO = timedelta(days=21 * 365)


def records(borough: Borough, families: list[str]) -> None:
    """Let somebody look after records, and have something to look after.

    Args:
        borough: at the end of its year.
        families: that come: one for a request to see, one for a request to correct, one for a hold. Where there are fewer,
            what is left of these is left out.
    """
    borough.invite("records", "Rosa Delgado", "records_lead", "camhs")
    for step, family_id in zip((_ask_to_see, _ask_to_correct, _hold), families, strict=False):
        step(borough, family_id)
    _long_gone(borough)
    erased(borough)


def erased(borough: Borough) -> None:
    """A family who thought better of it in the week of their referral, and asked to be forgotten: the certificate is what is left."""
    then = datetime.now(UTC) - timedelta(days=26)
    borough.dated(then)
    referred = borough["referrer"].post(f"{borough.base}/referrals", referral("Lindqvist", then.date()))
    reason = {"version": referred["version"], "reason": "The mother rang: they have changed their minds, and want nothing kept."}
    withdrawn = borough["camhs"].post(f"{borough.base}/referrals/{referred['id']}/withdraw", reason)
    borough.dated(None)
    records = borough["records"]
    erasure = records.post(f"{_of(borough, withdrawn['family_id'])}/erase", {"because": "asked", "confirm": "ERASE"})
    path = f"{borough.base}/records/erasures/{erasure['id']}"
    until("the record is erased", lambda: records.get(path)["state"] == "done" or None)


def _ask_to_see(borough: Borough, family_id: str) -> None:
    people = borough["records"].get(_of(borough, family_id))["people"]
    parent = next((one for one in people if one["side"] == "parent"), {"person_id": None, "name": "The mother"})
    asked = {**_ASKED, "kind": "access", "asked_by": parent["name"], "person_id": parent["person_id"], "received_on": _ago(12)}
    request = borough["records"].post(f"{_of(borough, family_id)}/requests", asked)
    borough["records"].post(f"{borough.base}/records/requests/{request['id']}/pack")


def _ask_to_correct(borough: Borough, family_id: str) -> None:
    words = "The letter called my son by the wrong name again."
    asked = {**_ASKED, "kind": "rectification", "asked_by": "His mother", "received_on": _ago(38), "words": words}
    borough["records"].post(f"{_of(borough, family_id)}/requests", asked)


def _hold(borough: Borough, family_id: str) -> None:
    reason = "The council's solicitor asked on behalf of the family court."
    borough["records"].post(f"{_of(borough, family_id)}/hold", {"because": "police", "reason": reason})


def _long_gone(borough: Borough) -> None:
    """A referral of long ago that was declined: the parent's time is over, the child's is not."""
    then = datetime.now(UTC) - _LONG_AGO
    borough.dated(then)
    referred = borough["referrer"].post(f"{borough.base}/referrals", referral("Okafor", then.date()))
    borough["camhs"].post(
        f"{borough.base}/referrals/{referred['id']}/decline",
        {"version": referred["version"], "because": "outside_borough", "reason": "The family moved out of the borough."},
    )
    borough.dated(None)


def _of(borough: Borough, family_id: str) -> str:
    return f"{borough.base}/families/{family_id}/records"


def _ago(days: int) -> str:
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()
