"""What opens something to people without an account opens it in its own borough, and in no other: secrets of drafts, links to questions.

Tried with the very secrets of the other borough, through the API, by the pages and over the broker.
"""

import json
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest

from chassis.ids import new_id
from gateway.access import guard
from gateway.access.roles import ALLOWED_TO_ANYBODY
from gateway.drafting import SECRET_HEADER
from gateway.pages.join import cookie as of_parents
from gateway.pages.refer import cookie as of_professionals
from gateway.people.models import real_now
from gateway.people.seals import Seals
from gateway.triaging import LINK_HEADER
from stayplay.access.needs import ways
from tests.support import drafts
from tests.support.installation import SECRETS
from tests.support.isolation.answers import Answer
from tests.support.isolation.calls import CONTRACTS, Calling, calling, schemas
from tests.support.isolation.neighbours import Neighbour
from tests.support.isolation.requests import Made, Request
from tests.support.isolation.rows import Holdings
from tests.support.isolation.side_by_side import SideBySide
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)
Door = tuple[str, str]
"""The id of a draft and the secret that opens it."""

OWN = {way.address for way in ways() if way.need == guard.PUBLIC and "draft_id" in way.address and way.method == "GET"}
"""Addresses at which somebody without an account reads what they began."""


@pytest.fixture(scope="module")
def stranger(boroughs: SideBySide) -> Iterator[Calling]:
    """Somebody without an account at our borough's pages, as the gateway says them to services."""
    broker = boroughs.whole.containers["referrals"].config["AMQP_URI"]
    with calling(broker, drafts.stranger(UUID(boroughs.here.borough.id))) as client:
        yield client


def nowhere() -> Door:
    return str(new_id()), drafts.new_secret()


def links(holdings: Holdings) -> list[str]:
    """Return the secrets of the links that were mailed to referrers of a borough."""
    told = [json.loads(row) for row in holdings.rows["referrals.public.outbox"]]
    return [row["data"]["token"] for row in told if row["data"].get("kind") == "question" and row["data"].get("token")]


def looked(boroughs: SideBySide, address: str, door: Door) -> Answer:
    """Open an address of ours with what a browser would hold that had begun the draft."""
    draft, secret = door
    seal = Seals(SECRETS["GATEWAY_SIGNING_KEY"]).new(real_now())
    cookies = {of_professionals.NAME: secret, of_parents.NAME: f"{draft}~{secret}~{seal}"}
    path = address.replace("<borough>", boroughs.here.borough.slug).replace("<uuid:draft_id>", draft).replace("<step>", "you")
    answer = httpx.get(f"{boroughs.whole.url}{path}", cookies=cookies, headers={SECRET_HEADER: secret}, timeout=60)
    return Answer(answer.status_code, tuple((name.lower(), value) for name, value in answer.headers.multi_items()), answer.text)


def like(boroughs: SideBySide, answer: Answer, *sent: str) -> Answer:
    """Return what could tell an answer from another."""
    for one in sent:
        answer = Answer(
            answer.status, tuple((name, value.replace(one, "SENT")) for name, value in answer.headers), answer.body.replace(one, "SENT")
        )
    return answer.like(boroughs.known)


def doors(lived: Neighbour) -> list[Door]:
    return list(lived.doors.items())


@pytest.mark.parametrize("address", sorted(OWN | {"/<borough>/join"}))
def test_what_opens_a_draft_of_another_borough_opens_nothing_here(boroughs: SideBySide, address: str) -> None:
    unknown = nowhere()
    expected = like(boroughs, looked(boroughs, address, unknown), *unknown)
    for theirs in doors(boroughs.there):
        boroughs.tried.add(theirs[0])
        answer = looked(boroughs, address, theirs)
        assert like(boroughs, answer, *theirs) == expected
        assert boroughs.leaks(answer, theirs[0]) == set()


def test_it_opens_its_own(boroughs: SideBySide) -> None:
    """Else the test above would try what opens nothing anywhere."""
    for ours in doors(boroughs.here):
        opened = {address for address in OWN if looked(boroughs, address, ours).status != looked(boroughs, address, nowhere()).status}
        assert "/api/v1/<borough>/drafts/<uuid:draft_id>" in opened
    (parent, *_) = doors(boroughs.here)
    assert "Doyle" in looked(boroughs, "/api/v1/<borough>/drafts/<uuid:draft_id>", parent).body


def test_a_link_to_a_question_of_another_borough_opens_nothing_here(boroughs: SideBySide) -> None:
    assert links(boroughs.ours)
    assert links(boroughs.theirs)
    base, made_up = f"/api/v1/{boroughs.here.borough.slug}/questions", drafts.new_secret()
    with httpx.Client(base_url=boroughs.whole.url, timeout=60) as http:

        def asked(token: str) -> list[Answer]:
            body, keyed = {"token": token, "answer": "Her mother does."}, {"Idempotency-Key": str(new_id())}
            answers = [
                http.get(f"{base}/by-link", headers={LINK_HEADER: token}),
                http.post(f"{base}/answer", json=body, headers=keyed),
                http.get(f"/{boroughs.here.borough.slug}/answer/{token}"),
            ]
            return [like(boroughs, Answer(one.status_code, (), one.text), token) for one in answers]

        expected = asked(made_up)
        for token in links(boroughs.theirs):
            assert asked(token) == expected
        assert asked(links(boroughs.ours)[-1])[0] != expected[0]


def test_over_the_broker_somebody_without_an_account_may_do_nothing_but_write_their_own(boroughs: SideBySide, stranger: Calling) -> None:
    components, asked = schemas()
    made = Made(components, boroughs.ours, boroughs.databases, boroughs.here.borough.slug)
    refused = 0
    for operation in CONTRACTS:
        request = Request(body=made.value("", asked[operation.full_name], operation.name))
        if operation.permission in ALLOWED_TO_ANYBODY:
            continue
        refused += 1
        assert stranger.ask(operation, request.body).status == 403, operation.full_name
    tell(f"{refused} operations refused to whoever has no account")
    assert refused > 100


def test_over_the_broker_no_secret_of_another_borough_opens_anything(boroughs: SideBySide, stranger: Calling) -> None:
    components, asked = schemas()
    made = Made(components, boroughs.ours, boroughs.databases, boroughs.here.borough.slug)
    tried = 0
    for operation in CONTRACTS:
        body = made.value("", asked[operation.full_name], operation.name)
        if operation.permission not in ALLOWED_TO_ANYBODY or "draft_id" not in body:
            continue
        for theirs in doors(boroughs.there):
            boroughs.tried.add(theirs[0])
            unknown = nowhere()
            answers = [stranger.ask(operation, {**body, "draft_id": draft, "secret": secret}) for draft, secret in (unknown, theirs)]
            told = [like(boroughs, answer, *door) for answer, door in zip(answers, (unknown, theirs), strict=True)]
            assert told[0] == told[1], operation.full_name
            tried += 1
    tell(f"{tried} attempts over the broker with secrets of the other borough")
    assert tried >= 6
