"""Whatever is sent wrong gets a clear answer, changes nothing, and leaves no name in the log."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from chassis import clock
from tests.service.gateway.conftest import described
from tests.support.whole import Person, Town, Whole

SURNAME = "Quixotesurname"
MEBIBYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def nothing_half_written(clinician: Person, health_visitor: Person, peckham: Town) -> Any:
    """Whatever the test sends, no referral of its family is there afterwards, and no log line names it."""
    with capture_logs() as lines:
        yield
    assert SURNAME not in str(lines)
    listed = clinician.get("/referrals", limit=100).text
    assert SURNAME not in listed


def referral(**changed: Any) -> dict[str, Any]:
    body = described()
    body["parents"][0]["family_name"] = SURNAME
    return {**body, **changed}


def raw(person: Person, body: bytes, content_type: str = "application/json") -> httpx.Response:
    headers = {"Content-Type": content_type, "Idempotency-Key": uuid4().hex}
    return person.http.post(f"{person.base}/referrals", content=body, headers=headers)


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert (found["code"], found["status"]) == (code, status)
    assert found["title"]
    assert found["detail"]
    assert SURNAME not in answer.text
    return found


def test_an_unknown_field_is_named(health_visitor: Person) -> None:
    found = problem(health_visitor.post("/referrals", referral(favourite_colour="blue")), 422, "invalid")
    assert found["faults"] == {"favourite_colour": ["Unknown field."]}


def test_an_unknown_field_within_another_is_named_where_it_is(health_visitor: Person) -> None:
    body = referral()
    body["children"][0]["shoe_size"] = 4
    found = problem(health_visitor.post("/referrals", body), 422, "invalid")
    assert found["faults"] == {"children": {"0": {"shoe_size": ["Unknown field."]}}}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("why_now", 5), ("why_now", None), ("why_now", ""), ("why_now", "x" * 4001), ("why_now", "a\x00b"), ("parents", "Sinead"),
        ("parents", []), ("parents", [1]), ("children", {}), ("interpreter", "perhaps"), ("urgency", "whenever"), ("safe_contact", []),
        ("family_agrees", False), ("referred_on", "tomorrow"), ("referred_on", 20260302), ("referrer", None),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_named(health_visitor: Person, field: str, value: Any) -> None:
    found = problem(health_visitor.post("/referrals", referral(**{field: value})), 422, "invalid")
    assert list(found["faults"]) == [field]


def test_what_is_missing_is_named(health_visitor: Person) -> None:
    body = referral()
    del body["concern"], body["language"]
    found = problem(health_visitor.post("/referrals", body), 422, "invalid")
    assert set(found["faults"]) == {"concern", "language"}


@pytest.mark.parametrize(
    "body",
    [b"{", b"[", b'{"a": }', b"not json", b'{"a": NaN}', b'{"a": Infinity}', b"\x00", b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}"],
    ids=["open", "list", "no value", "words", "nan", "infinity", "nul", "deep", "huge number"],
)
def test_broken_json_is_said_to_be(health_visitor: Person, body: bytes) -> None:
    problem(raw(health_visitor, body), 400, "unreadable")


@pytest.mark.parametrize("body", [b"[]", b'"words"', b"5", b"null", b"true"])
def test_json_that_is_no_object_is_refused(health_visitor: Person, body: bytes) -> None:
    problem(raw(health_visitor, body), 400, "unreadable")


@pytest.mark.parametrize("broken", [b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\xf0\x28\x8c\x28"])
def test_bytes_that_are_no_utf_8_are_refused(health_visitor: Person, broken: bytes) -> None:
    problem(raw(health_visitor, b'{"why_now": "' + broken + b'"}'), 400, "unreadable")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_a_body_that_is_not_called_json_is_refused(health_visitor: Person, content_type: str) -> None:
    problem(raw(health_visitor, json.dumps(referral()).encode(), content_type), 400, "unreadable")


def test_a_lone_half_of_a_character_is_refused(health_visitor: Person) -> None:
    found = problem(raw(health_visitor, json.dumps(referral(why_now="\ud800")).encode()), 422, "invalid")
    assert list(found["faults"]) == ["why_now"]


def test_a_body_over_the_limit_is_refused(health_visitor: Person) -> None:
    problem(raw(health_visitor, b'{"why_now": "' + b"x" * MEBIBYTE + b'"}'), 413, "too_large")


def test_a_body_over_the_limit_in_chunks_is_refused(health_visitor: Person) -> None:
    def chunks() -> Any:
        yield b'{"why_now": "'
        for _ in range(20):
            yield b"x" * 65536

    headers = {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
    problem(health_visitor.http.post(f"{health_visitor.base}/referrals", content=chunks(), headers=headers), 413, "too_large")


def test_a_body_just_below_the_limit_is_read(health_visitor: Person) -> None:
    problem(raw(health_visitor, b'{"why_now": "' + b"x" * (MEBIBYTE - 100) + b'"}'), 422, "invalid")


def test_a_day_in_the_future_is_refused(health_visitor: Person) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    found = problem(health_visitor.post("/referrals", referral(referred_on=tomorrow)), 422, "invalid")
    assert "today or in the past" in found["faults"]["referred_on"][0]


@pytest.mark.parametrize("born", ["1899-12-31", "0001-01-01", "2026-02-30", "26-02-01"])
def test_a_birthday_that_can_not_be_is_refused(health_visitor: Person, born: str) -> None:
    body = referral()
    body["children"][0]["birth_date"] = born
    found = problem(health_visitor.post("/referrals", body), 422, "invalid")
    assert list(found["faults"]["children"]["0"]) == ["birth_date"]


def test_a_child_older_than_the_borough_takes_is_refused(health_visitor: Person) -> None:
    body = referral()
    body["children"][0]["birth_date"] = (clock.today() - timedelta(days=365 * 6)).isoformat()
    found = problem(health_visitor.post("/referrals", body), 422, "invalid")
    assert list(found["faults"]) == ["children"]


def test_an_unknown_borough_is_not_found(health_visitor: Person) -> None:
    problem(health_visitor.http.get("/api/v1/atlantis/referrals"), 404, "not_found")


@pytest.mark.parametrize("path", ["/referrals/5", "/referrals/not-an-id", "/referrals/%00", "/referrals/%ff%fe", "/nothing", "/referrals/"])
def test_an_address_that_is_none_is_not_found(clinician: Person, path: str) -> None:
    problem(clinician.get(path), 404, "not_found")


def test_a_method_that_an_address_does_not_take_is_said_to_be(clinician: Person) -> None:
    problem(clinician.http.put(f"{clinician.base}/referrals", json={}), 405, "wrong_method")
    problem(clinician.http.delete(f"{clinician.base}/referrals"), 405, "wrong_method")


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ({"limit": "0"}, "limit"), ({"limit": "101"}, "limit"), ({"limit": "many"}, "limit"), ({"limit": "1e3"}, "limit"),
        ({"limit": "-1"}, "limit"), ({"limit": ""}, "limit"), ({"after": "nonsense"}, "after"), ({"after": "x" * 501}, "after"),
        ({"status": "lost"}, "status"), ({"colour": "blue"}, "colour"), ({"sort": "sideways"}, "sort"),
        ({"after": "WyIyMDI2Il0"}, "after"), ({"after": "bnVsbA"}, "after"),
    ],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_named(clinician: Person, query: dict[str, str], fault: str) -> None:
    found = problem(clinician.get("/referrals", **query), 422, "invalid")
    assert list(found["faults"]) == [fault]


def test_what_is_in_the_address_may_not_be_in_the_body_too(clinician: Person) -> None:
    answer = clinician.post(f"/referrals/{uuid4()}/accept", {"version": 1, "referral_id": str(uuid4())})
    assert problem(answer, 422, "invalid")["faults"] == {"referral_id": ["This is in the address already."]}


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 4000, "eyJhbGciOiJub25lIn0.e30."])
def test_a_token_that_is_none_is_no_session(whole: Whole, peckham: Town, token: str) -> None:
    with whole.client(token) as somebody:
        answer = somebody.get(f"/api/v1/{peckham.slug}/referrals")
    problem(answer, 401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_session_that_ended_is_said_to_have(peckham: Town) -> None:
    somebody = peckham.member("Was Here", "practitioner", "camhs")
    assert somebody.http.delete("/api/v1/session").status_code == 204
    problem(somebody.get("/referrals"), 401, "not_signed_in")
    problem(somebody.post("/referrals", referral()), 401, "not_signed_in")


def test_a_query_that_is_no_utf_8_is_refused(clinician: Person) -> None:
    problem(clinician.http.get(f"{clinician.base}/families?name=%ff"), 400, "unreadable")
