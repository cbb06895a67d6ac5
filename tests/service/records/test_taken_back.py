"""A waiting list that was imported and taken back: no word of its families is left, and nothing else is touched."""

from base64 import b64encode
from typing import Any

import pytest

from stayplay.client import Refused
from stayplay.journey import until
from tests.support import waiting_lists as lists
from tests.support.looking import Looked
from tests.support.planted import Planted


@pytest.fixture(scope="module")
def borough(story: Looked) -> Planted:
    """A borough in which nothing happened yet."""
    made = Planted(story.whole, "zqback")
    made.set_up()
    return made


def planted(mark: str, number: int) -> dict[str, str]:
    """Return a row of a list with an unmistakable word wherever there is room for one."""
    words = {
        "Why now": f"{mark} now", "What worries you": f"{mark} worry", lists.GIVEN: f"{mark}given".capitalize(),
        lists.FAMILY: f"{mark}surname".capitalize(), lists.CHILD: f"{mark}child".capitalize(), "Service or team": f"{mark} service",
    }  # fmt: skip
    return lists.row(number, **words)


def imported(borough: Planted, *rows: dict[str, str]) -> str:
    """Import a list; return its address."""
    camhs, path = borough.borough["camhs"], f"{borough.borough.base}/imports"
    sent = camhs.post(path, {"file_name": "list.csv", "content": b64encode(lists.sheet(*rows)).decode()})
    address = f"{path}/{sent['id']}"
    found = until("the list was checked", lambda: _at(borough, address, "review"))
    camhs.post(f"{address}/commit", {"version": found["version"]})
    until("the list is imported", lambda: _at(borough, address, "imported"))
    return address


def _at(borough: Planted, address: str, state: str) -> dict[str, Any] | None:
    found: dict[str, Any] = borough.borough["camhs"].get(address)
    return found if found["state"] == state else None


def undo(borough: Planted, address: str) -> dict[str, Any]:
    camhs = borough.borough["camhs"]
    undone: dict[str, Any] = camhs.post(f"{address}/undo", {"version": camhs.get(address)["version"]})
    return undone


def family_of(borough: Planted, surname: str) -> dict[str, Any]:
    """Return the referral of a family, once the clocks of its people run."""
    base, records = borough.borough.base, borough.borough["records"]
    (one,) = [each for each in borough.borough["camhs"].get(f"{base}/referrals")["items"] if surname in each["family_name"]]
    path = f"{base}/families/{one['family_id']}/records"
    until("its clocks run", lambda: len(records.get(path)["people"]) >= 2 or None)
    found: dict[str, Any] = one
    return found


def test_no_word_of_a_family_that_was_taken_back_is_left_anywhere(story: Looked, borough: Planted) -> None:
    stays = imported(borough, planted("zqstays", 501))
    goes = imported(borough, planted("zqgoes", 502), planted("zqgoestoo", 503))
    for surname in ("Zqgoessurname", "Zqgoestoosurname", "Zqstayssurname"):
        family_of(borough, surname)
    kept = story.places_of("zqstays")
    before = {place.split(" ")[0] for place in story.places_of("zqgoes")}
    assert before >= {"referrals.audit.changes", "referrals.outbox.data", "referrals.referrals.family", "referrals.retention_clocks.name"}
    assert undo(borough, goes)["state"] == "undone"
    story.until_nothing_is_left("zqgoes")
    assert story.places_of("zqstays") == kept
    assert borough.borough["camhs"].get(stays)["state"] == "imported"


def test_the_trail_is_still_proved_whole_and_says_who_took_it_back(story: Looked, borough: Planted) -> None:
    goes = imported(borough, planted("zqproof", 504))
    undo(borough, goes)
    story.until_nothing_is_left("zqproof")
    for service in story.databases:
        assert story.faults_of_trail(service, borough.borough.id) == []
    entries = borough.borough["administrator"].get(f"{borough.borough.base}/audit", limit=500)["items"]
    assert "referrals.undo_import" in {entry["operation"] for entry in entries}


@pytest.mark.parametrize(("what", "number"), [("hold", 505), ("requests", 507)])
def test_a_list_of_whose_family_somebody_asks_or_whose_record_is_held_is_not_taken_back(
    story: Looked, borough: Planted, what: str, number: int
) -> None:
    given = {
        "hold": {"because": "claim", "reason": "Her solicitor wrote."},
        "requests": {
            "kind": "access", "asked_by": "Sinead", "asked_as": "self", "identity_checked": "known", "received_on": "2026-11-01",
        },
    }  # fmt: skip
    address = imported(borough, planted(f"zq{what}", number), lists.row(number + 1))
    family_id = family_of(borough, f"Zq{what}surname")["family_id"]
    borough.borough["records"].post(f"{borough.borough.base}/families/{family_id}/records/{what}", given[what])
    with pytest.raises(Refused) as refusal:
        undo(borough, address)
    assert refusal.value.status == 409
    assert "referrals.referrals.family (1)" in story.places_of(f"zq{what}surname")
