"""Somebody without an account refers a family through the API, and can do nothing else."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway.people.seals import Seals
from tests.service.gateway.conftest import described
from tests.support.desk import until
from tests.support.drafts import answers, new_secret
from tests.support.installation import SECRETS, Templates
from tests.support.whole import Person, Town, Whole, whole_platform


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="module")
def whole(postgres_url: str, mails: Path) -> Iterator[Whole]:
    """Every service; nothing here depends on the broker."""
    with whole_platform(Templates(postgres_url), f"inprocess://{uuid4().hex}", MAIL_URL=mails.as_uri()) as running:
        yield running


@pytest.fixture
def anybody(whole: Whole) -> Iterator[httpx.Client]:
    with whole.client() as client:
        yield client


def post(client: httpx.Client, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
    return client.post(f"/api/v1/{path}", json=body, headers={"Idempotency-Key": uuid4().hex, **headers})


def letters(mails: Path, email: str) -> list[str]:
    files = sorted(mails.glob("*.eml"), key=lambda mail: mail.stat().st_mtime)
    every = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return [f"{one['Subject']}\n{one.get_content()}" for one in every if one["To"] == email]


def begun(client: httpx.Client, town: Town, email: str) -> tuple[str, dict[str, Any], str]:
    """Begin, and ask for a code; return the path of the draft, the draft and its secret."""
    secret = new_secret()
    draft = post(client, f"{town.slug}/drafts", {"kind": "professional", "secret": secret})
    assert draft.status_code == 201, draft.text
    path = f"{town.slug}/drafts/{draft.json()['id']}"
    assert post(client, f"{path}/code", {"email": email, "secret": secret}).status_code == 200
    return path, draft.json(), secret


def test_a_referral_is_written_sent_and_answered_by_mail(
    anybody: httpx.Client, peckham: Town, clinician: Person, referral: dict[str, Any], mails: Path
) -> None:
    del referral  # every service has heard of the borough
    email = f"{uuid4().hex[:8]}@health.example"
    path, draft, secret = begun(anybody, peckham, email)
    (letter,) = until(lambda: letters(mails, email))
    code = re.search(r"your code is (\d{6})", letter)
    assert code is not None
    assert f"/{peckham.slug}/refer/resume/{draft['id']}" in letter
    assert secret not in letter
    proof = post(anybody, f"{path}/proof", {"code": code[1], "secret": secret}).json()
    assert proof["proven"]
    version = proof["version"]
    for step, given in answers().items():
        saved = post(anybody, f"{path}/save", {"version": version, "step": step, "answers": given, "secret": secret})
        version = saved.json()["version"]
    sent = post(anybody, f"{path}/send", {"secret": secret}).json()
    copy = until(lambda: [letter for letter in letters(mails, email) if f"Your referral {sent['reference']} arrived" in letter])
    assert len(copy) == 1
    read = clinician.get(f"/referrals/{sent['referral_id']}").json()
    assert (read["referrer"]["email"], read["referred_by_name"]) == (email, "Somebody without an account")


def test_whoever_has_an_account_is_written_to_at_its_address_whatever_they_type(
    peckham: Town, health_visitor: Person, clinician: Person, referral: dict[str, Any], mails: Path
) -> None:
    del referral  # every service has heard of the borough
    draft = health_visitor.post("/drafts", {"kind": "professional"}).json()
    path, version, typed = f"/drafts/{draft['id']}", draft["version"], f"{uuid4().hex[:8]}@else.example"
    for step, given in answers(referrer={"name": "Helen", "service": "Team", "source": "A2", "email": typed}).items():
        version = health_visitor.post(f"{path}/save", {"version": version, "step": step, "answers": given}).json()["version"]
    assert health_visitor.post(f"{path}/send", {"own_email": typed}).status_code == 422, "nobody says it themselves"
    sent = health_visitor.post(f"{path}/send").json()
    own = clinician.get(f"/referrals/{sent['referral_id']}").json()["referrer"]["email"]
    assert until(lambda: [letter for letter in letters(mails, own) if f"Your referral {sent['reference']} arrived" in letter])
    assert letters(mails, typed) == []


def test_a_referral_in_one_piece_is_answered_to_the_account_too_but_for_what_the_team_was_told(
    peckham: Town, health_visitor: Person, clinician: Person, referral: dict[str, Any]
) -> None:
    del referral  # every service has heard of the borough
    body = {**described(), "referrer": {**described()["referrer"], "email": "typed@else.example"}}
    written_to = {}
    for name, who in {"referrer": health_visitor, "team": clinician}.items():
        sent = who.post("/referrals", body).json()
        written_to[name] = clinician.get(f"/referrals/{sent['id']}").json()["referrer"]["email"]
    assert written_to["team"] == "typed@else.example"
    assert written_to["referrer"].endswith(f"@{peckham.slug}.example"), "the address of their account"


def test_the_secret_of_a_draft_goes_in_a_header_and_never_in_an_address(anybody: httpx.Client, peckham: Town) -> None:
    path, draft, secret = begun(anybody, peckham, f"{uuid4().hex[:8]}@health.example")
    read = anybody.get(f"/api/v1/{path}", headers={"Stay-Play-Draft": secret})
    assert read.json()["id"] == draft["id"]
    assert anybody.get(f"/api/v1/{path}").status_code == 404
    assert anybody.get(f"/api/v1/{path}", headers={"Stay-Play-Draft": new_secret()}).status_code == 404
    assert anybody.get(f"/api/v1/{path}", params={"secret": secret}).status_code == 422


def test_five_codes_go_to_one_address_from_wherever_and_in_whatever_borough(
    anybody: httpx.Client, peckham: Town, brixton: Town, referral: dict[str, Any], other_clinician: Person, mails: Path
) -> None:
    until(lambda: other_clinician.get("/referrals/summary").status_code == 200)
    email = f"flooded-{uuid4().hex[:8]}@health.example"
    answered = []
    for town in (peckham, brixton, peckham, brixton, peckham, brixton):
        secret = new_secret()
        draft = _opened(anybody, town, secret)
        typed = email.upper() if town is brixton else email
        answered.append(post(anybody, f"{town.slug}/drafts/{draft['id']}/code", {"email": typed, "secret": secret}))
    assert [answer.status_code for answer in answered] == [200] * 5 + [429]
    assert 3000 < int(answered[-1].headers["Retry-After"]) <= 3600
    assert until(lambda: len([one for one in mails.glob("*.eml") if email in one.read_text().lower()]) == 5)


def _opened(client: httpx.Client, town: Town, secret: str) -> dict[str, Any]:
    """Begin a draft, as soon as the service has heard of the borough."""

    def answered() -> dict[str, Any]:
        answer = post(client, f"{town.slug}/drafts", {"kind": "professional", "secret": secret})
        found: dict[str, Any] = answer.json() if answer.status_code == 201 else {}
        return found

    return until(answered)


def test_codes_are_not_tried_without_end(anybody: httpx.Client, peckham: Town, referral: dict[str, Any]) -> None:
    path, _, secret = begun(anybody, peckham, f"{uuid4().hex[:8]}@health.example")
    tries = [post(anybody, f"{path}/proof", {"code": f"{number:06}", "secret": secret}) for number in range(40)]
    assert {answer.json()["proven"] for answer in tries if answer.status_code == 200} == {False}
    assert [answer.json()["tries_left"] for answer in tries[:6]] == [4, 3, 2, 1, 0, 0]
    assert 429 in {answer.status_code for answer in tries}


def test_strangers_write_referrals_and_read_nothing_else(anybody: httpx.Client, peckham: Town, referral: dict[str, Any]) -> None:
    for path in ("referrals", f"referrals/{referral['id']}", "families", "me", "drafts", "borough", "people", "openapi.json"):
        assert anybody.get(f"/api/v1/{peckham.slug}/{path}").status_code == 401, path
    assert post(anybody, f"{peckham.slug}/drafts", {"kind": "staff", "secret": new_secret()}).status_code == 403


def test_a_member_of_another_borough_is_somebody_without_an_account_here_and_a_wrong_token_is_nobody(
    anybody: httpx.Client, peckham: Town, other_clinician: Person, referral: dict[str, Any]
) -> None:
    begin = {"kind": "professional", "secret": new_secret()}
    assert post(other_clinician.http, f"{peckham.slug}/drafts", begin).status_code == 404, "a token was sent, and it opens nothing here"
    assert post(anybody, f"{peckham.slug}/drafts", begin, Authorization="Bearer nothing").status_code == 401


def test_a_borough_that_is_not_open_or_suspended_or_unknown_takes_nothing(anybody: httpx.Client, whole: Whole) -> None:
    begin = {"kind": "professional", "secret": new_secret()}
    closed = whole.borough("Lewisham", opened=False)
    assert post(anybody, f"{closed.slug}/drafts", begin).json()["code"] == "borough_not_open"
    assert post(anybody, "atlantis/drafts", begin).status_code == 404
    page = anybody.get(f"/{closed.slug}/refer")
    assert page.status_code == 409
    assert "does not take referrals yet" in page.text


def test_the_page_of_a_suspended_borough_says_no_more_than_that(anybody: httpx.Client, whole: Whole) -> None:
    town = whole.borough("Camden")
    with whole.client(SECRETS["OPERATOR_TOKEN"]) as operator:
        answer = post(operator, f"operator/boroughs/{town.id}/suspend", {"reason": "An inquiry by the regulator"})
    assert answer.status_code == 200, answer.text
    page = anybody.get(f"/{town.slug}/refer")
    assert page.status_code == 403
    assert "takes no referrals for now" in page.text
    assert "regulator" not in page.text


@pytest.mark.parametrize("page", ["", "/later", "/check", "/code", "/you", "/children"])
def test_a_parents_own_answers_are_no_professionals_referral(anybody: httpx.Client, peckham: Town, page: str) -> None:
    secret = new_secret()
    draft = post(anybody, f"{peckham.slug}/drafts", {"kind": "self", "secret": secret}).json()
    anybody.cookies.set("stayplay-refer", secret)
    assert anybody.get(f"/{peckham.slug}/refer/{draft['id']}{page}").status_code in {200, 303, 404}


@pytest.mark.parametrize("page", ["", "/you", "/children", "/check"])
def test_nothing_is_asked_of_a_family_before_the_code_came_back(anybody: httpx.Client, peckham: Town, page: str) -> None:
    path, draft, secret = begun(anybody, peckham, f"{uuid4().hex[:8]}@health.example")
    anybody.cookies.set("stayplay-refer", secret)
    asked = anybody.get(f"/{peckham.slug}/refer/{draft['id']}{page}")
    assert (asked.status_code, asked.headers["Location"]) == (303, f"/{peckham.slug}/refer/{draft['id']}/code"), path


def test_another_code_is_asked_for_where_none_came(anybody: httpx.Client, peckham: Town) -> None:
    _, draft, secret = begun(anybody, peckham, f"{uuid4().hex[:8]}@health.example")
    anybody.cookies.set("stayplay-refer", secret)
    assert f"/{peckham.slug}/refer/resume/{draft['id']}" in anybody.get(f"/{peckham.slug}/refer/{draft['id']}/code").text
    asked = anybody.get(f"/{peckham.slug}/refer/resume/{draft['id']}")
    assert (asked.status_code, "Send me a code" in asked.text) == (200, True)


def test_a_professionals_referral_is_no_parents_own_wish(anybody: httpx.Client, peckham: Town) -> None:
    secret = new_secret()
    draft = post(anybody, f"{peckham.slug}/drafts", {"kind": "professional", "secret": secret}).json()
    anybody.cookies.set("stayplay-join", f"{draft['id']}~{secret}~{Seals(SECRETS['GATEWAY_SIGNING_KEY']).new()}")
    page = anybody.get(f"/{peckham.slug}/join")
    assert (page.status_code, draft["id"] in page.text) == (200, False)
    assert "Come and play" in page.text
