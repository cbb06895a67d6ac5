"""What holds for every address, whoever adds one: its headers, and what it does with what no browser sends."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.gateway import application

ID = "01890000-0000-7000-8000-000000000000"


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield method and path of every address, filled with things that nobody has."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<uuid:\w+>", ID, rule.rule)
        path = re.sub(r"<int:\w+>", "7", path)
        path = re.sub(r"<(\w+:)?\w+>", "southwark", path)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, path


EVERY = sorted(set(addresses(application())))


@pytest.fixture(scope="module")
def plain() -> FlaskClient:
    return application().test_client()


@pytest.fixture(scope="module")
def https() -> FlaskClient:
    return application(PUBLIC_URL="https://stayplay.example").test_client()


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())


def test_there_are_addresses_of_every_kind() -> None:
    assert len(EVERY) > 150


@pytest.mark.parametrize(("method", "path"), EVERY, ids=lambda word: word)
def test_every_answer_says_what_browsers_may_do_with_it(plain: FlaskClient, https: FlaskClient, method: str, path: str) -> None:
    for http, base in ((plain, "http://localhost"), (https, "https://stayplay.example")):
        headers = http.open(path, method=method, base_url=base).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert ("max-age=" in headers.get("Strict-Transport-Security", "")) is base.startswith("https")
        assert "Access-Control-Allow-Origin" not in headers
        assert "Server" not in headers
        assert "X-Powered-By" not in headers


@pytest.mark.parametrize(("method", "path"), EVERY, ids=lambda word: word)
def test_every_policy_lets_nothing_foreign_and_nothing_inline_run(plain: FlaskClient, method: str, path: str) -> None:
    policy = directives(plain.open(path, method=method).headers["Content-Security-Policy"])
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)
    for source in ("script-src", "style-src", "connect-src", "form-action"):
        allowed = policy.get(source, "").split()
        assert {word for word in allowed if word != "'self'" and not word.startswith("'nonce-")} == set(), source
    assert path.startswith("/api/") or policy["base-uri"] == "'none'"


@pytest.mark.parametrize(("method", "path"), EVERY, ids=lambda word: word)
@pytest.mark.parametrize("query", ["next=%0d%0aSet-Cookie:%20stayplay=forged", "x=%0aLocation:%20https://evil.example"])
def test_no_line_break_in_an_address_becomes_a_header(plain: FlaskClient, method: str, path: str, query: str) -> None:
    answer = plain.open(f"{path}?{query}", method=method)
    assert "forged" not in str(answer.headers.get_all("Set-Cookie"))
    for _, value in answer.headers:
        assert "\r" not in value
        assert "\n" not in value


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Correlation-Id", "abc\u010d\u010aSet-Cookie: stayplay=forged"), ("Stay-Play-At", "2026-01-01\u2028Set-Cookie: x"),
        ("Idempotency-Key", "key\x00key"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-For", "8.8.8.8, evil"),
        ("Authorization", "Bearer a\x0bb"), ("Cookie", "stayplay=a; stayplay=b; __Host-stayplay=c"), ("Accept-Language", "x" * 10_000),
    ],
)  # fmt: skip
def test_no_header_that_somebody_made_up_comes_back_or_breaks_anything(plain: FlaskClient, header: str, value: str) -> None:
    for path in ("/api/v1/southwark/me", "/sign-in", "/nothing", "/api/openapi.json"):
        answer = plain.get(path, headers={header: value.encode().decode("latin-1")})
        assert answer.status_code < 500 or answer.status_code == 503
        assert "evil.example" not in f"{answer.headers}{answer.text}"
        assert "forged" not in str(answer.headers)
