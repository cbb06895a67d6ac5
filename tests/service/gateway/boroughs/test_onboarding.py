"""A borough comes onto the platform whole or not at all, once however often it is described, and quickly."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from gateway.boroughs.documents import CURRENT, TITLES, document, editions
from tests.support.boroughs import ACCEPTED, described
from tests.support.gateway import Borough, Gateway

BOROUGHS = "/api/v1/operator/boroughs"
FROZEN = {
    ("terms", "1"): "903ef142b15b74f4ba4a9220156e09f0b33a6a1a4f68591abaa37216dc350aea",
    ("data_processing", "1"): "68b58067b41c630e645c55bf60d2fc23d6a58fd410d9daa3d6cb38ba055acb14",
}
"""What was accepted never changes: whoever edits a text makes its next edition."""


def rows(gateway: Gateway, statement: str, **values: Any) -> list[Any]:
    with gateway.database.platform_session() as session:
        return list(session.execute(text(statement), values))


def onboard(gateway: Gateway, body: dict[str, Any], **sent: Any) -> Any:
    return gateway.operator.post(BOROUGHS, body, **sent)


def test_the_same_description_again_finds_the_same_borough_and_says_so(gateway: Gateway) -> None:
    body = described(venues=[{"name": "1st Place"}])
    first, again = onboard(gateway, body), onboard(gateway, body)
    assert (first.status_code, first.json["already"]) == (201, False)
    assert (again.status_code, again.json["already"]) == (200, True)
    assert again.json["id"] == first.json["id"]
    assert again.json["invitation"]["link"] == first.json["invitation"]["link"]
    assert len(rows(gateway, "SELECT 1 FROM profiles WHERE slug = :slug", slug=body["slug"])) == 1


def test_the_same_description_in_other_words_is_the_same(gateway: Gateway) -> None:
    body = described()
    first = onboard(gateway, body).json
    other = {**dict(reversed(body.items())), "name": "  Southwark ", "venues": []}
    assert onboard(gateway, other).json["id"] == first["id"]


def test_another_description_of_a_taken_name_is_refused_and_names_the_field(gateway: Gateway) -> None:
    body = described()
    onboard(gateway, body)
    refused = onboard(gateway, {**body, "programme_name": "Another"})
    assert (refused.status_code, refused.json["code"], refused.json["field"]) == (409, "conflict", "slug")


def test_a_borough_that_has_changed_since_is_still_found_and_left_as_it_is(gateway: Gateway) -> None:
    body = described()
    borough = Borough(gateway, "", body["slug"], onboard(gateway, body).json)
    boss = borough.administrator()
    now = boss.get(f"{borough.base}/borough").json
    boss.post(f"{borough.base}/borough", {"version": now["version"], "programme_name": "Play Together", "policy": now["policy"]})
    again = onboard(gateway, body).json
    assert (again["already"], again["programme_name"]) == (True, "Play Together")
    assert (again["invitation"]["state"], again["invitation"].get("link")) == ("accepted", None)


def test_one_description_sent_by_many_at_once_makes_one_borough(gateway: Gateway) -> None:
    body = described()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: onboard(gateway, body), range(4)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.json["id"] for answer in answers}) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"administrator": {"name": "Ada", "email": "ada"}},
        {"agencies": [{"name": "CAMHS", "kind": "camhs"}, {"name": "camhs", "kind": "referring"}]},
        {"venues": [{"name": "One"}, {"name": "One"}]},
        {"policy": {"group_capacity": 0}},
        {"accepted": {**ACCEPTED, "terms": "0"}},
        {"accepted": {**ACCEPTED, "accepted_on": "2999-01-01"}},
        {"gss_code": "W06000015"},
    ],
)
def test_where_anything_is_wrong_nothing_of_it_is_there(gateway: Gateway, changed: dict[str, Any]) -> None:
    body = described(**changed)
    refused = onboard(gateway, body)
    assert (refused.status_code, list(refused.json["faults"])) == (422, list(changed))
    assert rows(gateway, "SELECT 1 FROM profiles WHERE slug = :slug", slug=body["slug"]) == []


def test_every_fault_is_told_at_once(gateway: Gateway) -> None:
    body = described(slug="X-Y", gss_code="9", agencies=[], accepted=None, practice=False, policy={"missed_before_outreach": 0})
    assert set(onboard(gateway, body).json["faults"]) == {"slug", "gss_code", "agencies", "accepted", "policy"}


@pytest.mark.parametrize("code", ["E06000001", "E07000008", "E08000001", "E09000033", "E10000003"])
def test_any_english_authority_can_come(gateway: Gateway, code: str) -> None:
    assert onboard(gateway, described(gss_code=code)).status_code == 201


@pytest.mark.parametrize("code", ["S12000033", "E05000001", "E0900002", "E090000280", "e09000028", "E0900002X"])
def test_what_is_none_can_not(gateway: Gateway, code: str) -> None:
    assert list(onboard(gateway, described(gss_code=code)).json["faults"]) == ["gss_code"]


def test_a_real_borough_needs_somebody_who_accepted_the_terms_and_a_practice_one_does_not(gateway: Gateway) -> None:
    assert list(onboard(gateway, described(practice=False, accepted=None)).json["faults"]) == ["accepted"]
    assert onboard(gateway, described(practice=True, accepted=None)).status_code == 201


def test_who_accepted_what_is_kept_with_the_text_as_it_was(gateway: Gateway) -> None:
    made = onboard(gateway, described(practice=False)).json
    accepted = gateway.operator.get(f"{BOROUGHS}/{made['id']}").json["accepted"]
    assert {(one["document"], one["edition"], one["digest"]) for one in accepted} == {(*key, digest) for key, digest in FROZEN.items()}
    assert {(one["name"], one["role"], one["accepted_on"]) for one in accepted} == {("Dawn Hartley", "Head of Early Help", "2026-01-12")}


def test_a_text_that_was_accepted_never_changes() -> None:
    there_are = {(kind, edition) for kind in TITLES for edition in editions(kind)}
    assert {key: document(*key).digest for key in there_are} == FROZEN
    assert all((kind, CURRENT[kind]) in there_are for kind in TITLES)
    with pytest.raises(KeyError):
        document("terms", "../../secrets")


def test_the_venues_travel_with_the_news_of_the_borough_each_with_its_id(gateway: Gateway) -> None:
    made = onboard(gateway, described(venues=[{"name": "1st Place", "postcode": "SE5 0RN"}, {"name": "Burgess Park"}])).json
    with gateway.database.session(UUID(made["id"])) as session:
        told = session.execute(text("SELECT data FROM outbox WHERE type = 'gateway.borough.onboarded'")).scalar_one()
    venues = told["begin_with"]["sessions"]["venues"]
    assert [venue["name"] for venue in venues] == ["1st Place", "Burgess Park"]
    assert len({UUID(venue["id"]) for venue in venues}) == 2


def test_operators_see_one_borough_and_nothing_of_a_family(gateway: Gateway) -> None:
    made = onboard(gateway, described()).json
    found = gateway.operator.get(f"{BOROUGHS}/{made['id']}").json
    assert [one["state"] for one in found["administrators"]] == ["open"]
    assert {agency["kind"] for agency in found["agencies"]} == {"camhs", "adult_mental_health", "childrens_centre", "referring"}
    assert gateway.operator.get(f"{BOROUGHS}/{uuid4()}").status_code == 404


def test_boroughs_are_searched_and_listed_page_by_page(gateway: Gateway) -> None:
    word = f"q{uuid4().hex[:8]}"
    for number in range(3):
        onboard(gateway, described(slug=f"{word}-{number}", name=f"Borough {number} 100% {word}"))
    first = gateway.operator.get(BOROUGHS, q=word.upper(), limit=2).json
    second = gateway.operator.get(BOROUGHS, q=word.upper(), limit=2, after=first["next"]).json
    assert [one["slug"] for one in [*first["items"], *second["items"]]] == [f"{word}-{number}" for number in range(3)]
    assert second["next"] is None
    assert len(gateway.operator.get(BOROUGHS, q=f"100% {word}").json["items"]) == 3
    assert gateway.operator.get(BOROUGHS, q=f"1__% {word}").json["items"] == []
    assert gateway.operator.get(BOROUGHS, state="gone").status_code == 422


def test_onboarding_takes_less_than_two_seconds(gateway: Gateway) -> None:
    body = described(venues=[{"name": f"Venue {number}"} for number in range(20)])
    began = time.monotonic()
    assert onboard(gateway, body).status_code == 201
    assert time.monotonic() - began < 2
