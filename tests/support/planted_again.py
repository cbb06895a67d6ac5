"""The ways in which a planted family is on record once more: by a file, by a draft, by another system; and how it becomes one again."""

from base64 import b64encode
from datetime import date
from typing import TYPE_CHECKING, Any

from stayplay.client import Client
from stayplay.demo.partners import HOOK
from stayplay.journey import until
from tests import factories
from tests.support import waiting_lists as lists
from tests.support.drafts import answers

if TYPE_CHECKING:
    from tests.support.planted import Planted


def once_more(family: "Planted") -> None:
    """Refer the family in every other way there is, and make one record of all; one of these is taken back, and done again."""
    for referral in (by_file(family), by_draft(family), by_system(family)):
        merge(family, str(referral["family_id"]))
        family.seen["references"].append(referral["reference"])
    under_review(family)


def by_file(family: "Planted") -> dict[str, Any]:
    """Import a waiting list of one row; return the referral that it became."""
    camhs = family.borough["camhs"]
    sent = _sent(family, _row(family, "file"))
    camhs.post(f"{_imports(family)}/{sent['id']}/commit", {"version": sent["version"]})
    until("the list is imported", lambda: _at(family, sent["id"], "imported"))
    waiting = camhs.get(f"{family.borough.base}/referrals", status="received")["items"]
    return camhs.get(f"{family.borough.base}/referrals/{next(one['id'] for one in waiting if _is_of(family, one))}")


def under_review(family: "Planted") -> None:
    """Send a waiting list with the family in it, whom the check knows again; nobody decides on it."""
    same = {lists.GIVEN: family.word("given"), lists.FAMILY: family.surname, lists.CHILD: family.word("child")}
    child = family.borough["camhs"].get(f"{family.borough.base}/families/{family.seen['family_id']}")["children"][0]
    born = date.fromisoformat(child["birth_date"])
    sent = _sent(family, {**_row(family, "review"), **same, "Child 1: Last name": family.surname, lists.BORN: f"{born:%d/%m/%Y}"})
    rows = family.borough["camhs"].get(f"{_imports(family)}/{sent['id']}/rows")["items"]
    assert rows[0]["matches"], "the check knows the family again"


def by_draft(family: "Planted") -> dict[str, Any]:
    """Write a referral step by step, and send it; return it accepted, so that it has a record of its own."""
    referrer, path = family.borough["referrer"], f"{family.borough.base}/drafts"
    draft = referrer.post(path, {"kind": "professional"})
    people = _people(family, "draft")
    said = {name: family.word(f"draft{name}") for name in ("why_now", "concern", "risks_to_visitors", "access_needs")}
    for step, given in answers("professional", **people, **said).items():
        draft = referrer.post(f"{path}/{draft['id']}/save", {"version": draft["version"], "step": step, "answers": given})
    sent = referrer.post(f"{path}/{draft['id']}/send")
    whole = _referral(family, sent["reference"])
    accepted = {"version": whole["version"], "reason": family.word("fits")}
    return family.borough["camhs"].post(f"{family.borough.base}/referrals/{whole['id']}/accept", accepted)


def by_system(family: "Planted") -> dict[str, Any]:
    """Let another system refer, be told of it, and the referrer be asked by mail; return the referral once all that waits to be sent."""
    administrator, camhs, base = family.borough["administrator"], family.borough["camhs"], family.borough.base
    scopes = {"name": "Told record", "scopes": ["referrals.refer", "referrals.read_own"], "days": 30}
    system = administrator.post(f"{base}/systems", scopes)
    hook = f"{base}/systems/{system['id']}/webhook"
    administrator.post(hook, {"url": HOOK})
    record = administrator.with_token(system["token"])
    sent = record.post(f"{base}/referrals", family.referral_of_system())
    record.close()
    asked = camhs.post(f"{base}/referrals/{sent['id']}/ask", {"version": sent["version"], "reason": family.word("question")})
    until("the system is to be told", lambda: administrator.get(f"{hook}/deliveries")["items"])
    return camhs.get(f"{base}/referrals/{asked['id']}")


def merge(family: "Planted", other: str, *, for_good: bool = True) -> None:
    """Say that two records are one family's, make one of them, and take that back; ``for_good``, make one of them again."""
    camhs, path = family.borough["camhs"], f"{family.borough.base}/families"
    into = f"{path}/{family.seen['family_id']}"
    camhs.post(f"{into}/matches/{other}", {"verdict": "same", "note": family.word("verdict")})
    undone = _merged(family, camhs, into, other)
    undo = {"version": undone["version"], "reason": family.word("undone")}
    camhs.post(f"{path}/merges/{undone['id']}/undo", undo)
    if for_good:
        _merged(family, camhs, into, other)


def _merged(family: "Planted", camhs: Client, into: str, other: str) -> dict[str, Any]:
    found = camhs.get(f"{into}/compare/{other}")
    people = [{"merged": one["id"], "into": one["into"]} for one in found["people"]]
    versions = {"into_version": found["into"]["version"], "merged_version": found["merged"]["version"]}
    return camhs.post(f"{into}/merge", {"merged_id": other, "people": people, "reason": family.word("onemother"), **versions})


def _people(family: "Planted", way: str) -> dict[str, Any]:
    parent = factories.parent_details(given_name=family.word(f"{way}given"), family_name=family.word(f"{way}family"), relationship="MTH")
    child = factories.child_details(given_name=family.word(f"{way}child"), family_name=family.surname)
    return {"parents": [{**parent, "relations": []}], "children": [child]}


def _row(family: "Planted", way: str) -> dict[str, str]:
    given, last, child = (family.word(f"{way}{name}").capitalize() for name in ("given", "family", "childname"))
    words = {"Why now": family.word(f"{way}why"), "What worries you": family.word(f"{way}worry")}
    return lists.row(91_000 + len(way), **{lists.GIVEN: given, lists.FAMILY: last, lists.CHILD: child, **words})


def _sent(family: "Planted", *rows: dict[str, str]) -> dict[str, Any]:
    content = b64encode(lists.sheet(*rows)).decode()
    sent = family.borough["camhs"].post(_imports(family), {"file_name": "list.csv", "content": content})
    return until("the list was checked", lambda: _at(family, sent["id"], "review"))


def _at(family: "Planted", import_id: str, state: str) -> dict[str, Any] | None:
    found = family.borough["camhs"].get(f"{_imports(family)}/{import_id}")
    return found if found["state"] == state else None


def _imports(family: "Planted") -> str:
    return f"{family.borough.base}/imports"


def _is_of(family: "Planted", referral: dict[str, Any]) -> bool:
    return family.mark in str(referral).lower()


def _referral(family: "Planted", reference: str) -> dict[str, Any]:
    camhs, base = family.borough["camhs"], family.borough.base
    for one in camhs.get(f"{base}/referrals", status="received", limit=100)["items"]:
        whole = camhs.get(f"{base}/referrals/{one['id']}")
        if whole["reference"] == reference:
            return whole
    raise AssertionError("the draft became a referral")
