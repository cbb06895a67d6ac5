"""What other agencies have to do with a borough, each thing done once: waiting lists, webhooks, consents."""

from base64 import b64encode
from datetime import date
from typing import Any

from stayplay.client import Client
from stayplay.demo.partners import HOOK
from stayplay.journey.waiting import until
from tests.support import waiting_lists as lists


def waiting_lists(camhs: Client, base: str) -> None:
    """One that is looked through, imported and taken back; one that is imported; one that is thrown away, and one that waits."""
    path = f"{base}/imports"
    camhs.get(f"{path}/columns")
    sent = _sent(camhs, path, lists.row(90_001), lists.row(90_002, **{lists.GIVEN: ""}))
    one = f"{path}/{sent['id']}"
    for what in ("rows", "faults"):
        camhs.get(f"{one}/{what}")
    camhs.post(f"{one}/rows", {"version": sent["version"], "decision": "leave_out_faulty"})
    camhs.post(f"{one}/commit", {"version": camhs.get(one)["version"]})
    done = until("the list is imported", lambda: _at(camhs, one, "imported"))
    camhs.post(f"{one}/undo", {"version": done["version"]})
    stays = _sent(camhs, path, lists.row(90_005))
    camhs.post(f"{path}/{stays['id']}/commit", {"version": stays["version"]})
    until("the other list is imported", lambda: _at(camhs, f"{path}/{stays['id']}", "imported"))
    other = _sent(camhs, path, lists.row(90_003))
    camhs.post(f"{path}/{other['id']}/cancel", {"version": other["version"]})
    _sent(camhs, path, lists.row(90_004))
    camhs.get(path)


def _sent(camhs: Client, path: str, *rows: dict[str, str]) -> dict[str, Any]:
    content = b64encode(lists.sheet(*rows)).decode()
    sent = camhs.post(path, {"file_name": "list.csv", "content": content})
    return until("the list was checked", lambda: _at(camhs, f"{path}/{sent['id']}", "review"))


def _at(camhs: Client, path: str, state: str) -> dict[str, Any] | None:
    found = camhs.get(path)
    return found if found["state"] == state else None


def webhooks(administrator: Client, base: str, referral: dict[str, Any], camhs: Client) -> None:
    """A system that refers is told, by an address that nobody answers at; what waits is sent again by hand."""
    scopes = {"name": "Told record", "scopes": ["referrals.refer", "referrals.read_own"], "days": 30}
    system = administrator.post(f"{base}/systems", scopes)
    path = f"{base}/systems/{system['id']}/webhook"
    administrator.get(path)
    administrator.post(path, {"url": HOOK})
    administrator.post(f"{path}/rotate", {"version": administrator.get(path)["version"]})
    record = administrator.with_token(system["token"])
    sent = record.post(f"{base}/referrals", referral)
    record.get(f"{base}/referrals/mine/{sent['id']}")
    record.close()
    waiting = until("the system is told", lambda: administrator.get(f"{path}/deliveries")["items"])
    administrator.post(f"{path}/deliveries/{waiting[0]['id']}/retry")
    administrator.post(f"{path}/switch", {"version": administrator.get(path)["version"], "on": False})
    camhs.post(f"{base}/referrals/{sent['id']}/withdraw", {"version": sent["version"], "reason": "They moved away."})


def consents(camhs: Client, base: str, family_id: str) -> None:
    """A family agrees and takes it back; something is shared."""
    path, today = f"{base}/families/{family_id}", date.today().isoformat()
    given = {"purpose": "work_together", "partner": "Grove nursery", "what": ["coming"], "given_by": "The mother"}
    consent = camhs.post(f"{path}/consents", {**given, "given_how": "phone", "given_on": today})
    decision = {"decision": "shared", "partner": "Grove nursery", "what": ["coming"], "basis": "consent", "family_told": "yes"}
    camhs.post(f"{path}/sharing", {**decision, "reason": "They asked.", "decided_on": today, "consent_id": consent["id"]})
    back = {"version": consent["version"], "withdrawn_on": today, "withdrawn_how": "phone"}
    camhs.post(f"{path}/consents/{consent['id']}/withdraw", back)
    camhs.get(f"{path}/sharing")
