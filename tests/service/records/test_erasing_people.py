"""One person is erased and the family stays: also where nobody took the family on, and where it was on record twice."""

from typing import Any
from uuid import uuid4

import pytest

from stayplay.client import Refused
from tests.support.looking import Looked
from tests.support.planted import Planted, planted_referral
from tests.support.planted_again import by_system, merge

RELATION, BORN = "STPMTH", "1991-02-03"
"""What stands of the parent beside their words."""


@pytest.fixture(scope="module")
def family(story: Looked) -> Planted:
    return story.family("zqperson")


def people_of(family: Planted) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = family.borough["records"].get(family._path(f"families/{family.seen['family_id']}/records"))["people"]
    return found


def erase(family: Planted, name: str) -> str:
    """Erase whoever is called so; return their id."""
    person = next(one for one in people_of(family) if one["name"].lower().startswith(family.word(name)))
    family.until_erased(family.erase(person_id=person["person_id"])["id"])
    return str(person["person_id"])


def test_one_parent_goes_and_the_childs_record_stays(story: Looked, family: Planted) -> None:
    erase(family, "given")
    for words in ("given", "middle", "preferred", "mail"):
        story.until_nothing_is_left(family.word(words))
    left = story.places_of(family.word("child"))
    assert {place.split(".")[0] for place in left} >= {"referrals", "assessments", "sessions"}
    record = family.borough["camhs"].get(family._path(f"families/{family.seen['family_id']}"))
    assert family.word("other") in [one["given_name"] for one in record["parents"]]


def test_the_trail_stays_whole_where_one_person_was_erased(story: Looked, family: Planted) -> None:
    for service in story.databases:
        assert story.faults_of_trail(service, family.borough.id) == []


def test_what_waits_to_be_sent_to_an_erased_person_ends_quietly(story: Looked, family: Planted) -> None:
    there = Planted(story.whole, "zqwaits", beside=family)
    there.take_on()
    family_id, mail = there.seen["family_id"], f"{there.word('mail')}@example.org"
    words = {"first_contact": "2026-11-25", "first_visit": "2026-12-09"}
    message = {"kind": "join_received", "to": mail, "reference": "R7K4-9QDM", "family_id": family_id, "words": words}
    phone = {"kind": "email", "value": mail, "safe": True}
    record = there.borough["camhs"].get(there._path(f"families/{family_id}"))
    changed = {name: record[name] for name in ("name", "language", "interpreter", "safe_contact")}
    told = {"family_id": family_id, **changed, "parents": [{**record["parents"][0], "contact_points": [phone]}], "children": []}
    waiting = {
        "referrals.message.wanted": story.put_out("referrals", there.borough.id, "referrals.message.wanted", str(uuid4()), message),
        "referrals.family.changed": story.put_out("referrals", there.borough.id, "referrals.family.changed", family_id, told),
    }
    erase(there, "given")
    story.send_out("referrals", waiting["referrals.message.wanted"], "gateway")
    story.send_out("referrals", waiting["referrals.family.changed"], "outreach")
    story.until_nothing_is_left(there.word("mail"))


@pytest.fixture(scope="module")
def referred(story: Looked, family: Planted) -> Planted:
    """A family that was referred, with one parent, and that nobody has decided on."""
    referred = Planted(story.whole, "zqreferred", beside=family)
    body = planted_referral(referred, referred._day(-12))
    parent = {**body["parents"][0], "relationship": RELATION, "birth_date": BORN, "title": referred.word("title")}
    received = referred.borough["referrer"].post(referred._path("referrals"), {**body, "parents": [parent]})
    referred.seen |= {"referral": received, "family_id": received["family_id"]}
    referred.until_clocks_run()
    return referred


def test_a_person_of_a_family_that_was_only_referred_leaves_nothing(story: Looked, referred: Planted) -> None:
    assert any(place.startswith("referrals.referrals.family") for place in story.places_of(BORN)), "else this proves nothing"
    erase(referred, "given")
    for words in (*(referred.word(one) for one in ("given", "middle", "preferred", "mail", "title")), RELATION, BORN):
        story.until_nothing_is_left(words)
    assert story.places_of(referred.word("child"))


def test_the_referral_of_an_erased_parent_goes_on(referred: Planted) -> None:
    camhs, path = referred.borough["camhs"], referred._path(f"referrals/{referred.seen['referral']['id']}")
    referral = camhs.get(path)
    assert [one["given_name"] for one in referral["family"]["parents"]] == ["Parent"]
    accepted = camhs.post(f"{path}/accept", {"version": referral["version"], "reason": "They are welcome."})
    record = camhs.get(referred._path(f"families/{accepted['family_id']}"))
    assert [one["birth_date"] for one in record["parents"]] == [None]
    assert [one["given_name"] for one in record["children"]] == [referred.word("child")]


def test_the_only_child_cannot_be_erased_alone_of_a_family_that_was_only_referred(referred: Planted) -> None:
    child = next(one for one in people_of(referred) if one["side"] == "child")
    with pytest.raises(Refused) as refusal:
        referred.erase(person_id=child["person_id"])
    assert refusal.value.status == 422


def test_a_person_who_was_on_record_twice_leaves_both(story: Looked, family: Planted) -> None:
    there = Planted(story.whole, "zqtwin", beside=family)
    there.take_on()
    twin = by_system(there)
    merge(there, str(twin["family_id"]))
    erase(there, "given")
    for words in ("given", "systemgiven", "mail"):
        story.until_nothing_is_left(there.word(words))
    assert story.places_of(there.word("child"))


def test_whom_an_undone_merge_took_them_for_keeps_their_record(story: Looked, family: Planted) -> None:
    there = Planted(story.whole, "zqundone", beside=family)
    there.take_on()
    twin = by_system(there)
    merge(there, str(twin["family_id"]), for_good=False)
    erase(there, "given")
    kept = there.borough["camhs"].get(there._path(f"referrals/{twin['id']}"))
    assert there.word("systemgiven") in [one["given_name"] for one in kept["family"]["parents"]]
