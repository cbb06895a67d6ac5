"""What every answer says to browsers."""

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from gateway.access import guard
from gateway.app import CORRELATION_HEADER
from tests.support.gateway import application


@pytest.fixture(scope="module")
def https() -> FlaskClient:
    return application(PUBLIC_URL="https://stayplay.example").test_client()


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/nothing", "/nothing-at-all"])
def test_nothing_is_kept_framed_or_guessed_at(http: FlaskClient, path: str) -> None:
    headers = http.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_api_lets_nothing_run_at_all(http: FlaskClient) -> None:
    assert http.get("/api/openapi.json").headers["Content-Security-Policy"].startswith("default-src 'none';")


def test_no_policy_lets_foreign_or_inline_scripts_run(http: FlaskClient) -> None:
    for path in ("/api/nothing", "/nothing-at-all"):
        policy = http.get(path).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "*" not in policy


def with_a_script() -> Flask:
    app = application()
    page = guard.open_to_all(lambda: render_template_string('<script nonce="{{ csp_nonce() }}"></script>{{ csp_nonce() }}'))
    app.add_url_rule("/script", "script", page)
    return app


def test_a_script_of_the_page_itself_runs_by_a_number_used_once() -> None:
    http = with_a_script().test_client()
    first, second = http.get("/script"), http.get("/script")
    numbers = [re.findall(r'nonce="([^"]+)"', answer.text)[0] for answer in (first, second)]
    assert numbers[0] != numbers[1]
    assert f"'nonce-{numbers[0]}'" in first.headers["Content-Security-Policy"]


def test_browsers_are_told_to_stay_with_https_where_there_is_https(http: FlaskClient, https: FlaskClient) -> None:
    assert "max-age=" in https.get("/api/nothing").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in http.get("/api/nothing").headers


@pytest.fixture
def assets(tmp_path: Path) -> FlaskClient:
    """An application with assets that the test made."""
    app = application()
    app.static_folder = str(tmp_path)
    for name in ("main.E42WVCFG.css", "manifest.json"):
        (tmp_path / name).write_text("{}")
    return app.test_client()


def test_built_assets_are_kept_for_a_year_because_their_name_changes_with_them(assets: FlaskClient) -> None:
    with assets.get("/static/main.E42WVCFG.css") as found:
        assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["manifest.json", "missing.E42WVCFG.css"])
def test_other_files_are_not_kept(assets: FlaskClient, name: str) -> None:
    with assets.get(f"/static/{name}") as found:
        assert found.headers["Cache-Control"] == "no-store"


def test_a_callers_correlation_id_comes_back(http: FlaskClient) -> None:
    assert http.get("/api/nothing", headers={CORRELATION_HEADER: "0a0b0c0d-e123"}).headers[CORRELATION_HEADER] == "0a0b0c0d-e123"


@pytest.mark.parametrize("forged", ["short", "a b c d e f g h", "a" * 65, "drop table", "Wojciechowska"])
def test_a_correlation_id_that_is_none_is_replaced(http: FlaskClient, forged: str) -> None:
    assert http.get("/api/nothing", headers={CORRELATION_HEADER: forged}).headers[CORRELATION_HEADER] != forged
