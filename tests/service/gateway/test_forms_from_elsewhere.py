"""Every form of every page, whoever adds one: sent from another site, or without its session's token, it is refused."""

import re

import pytest
from flask.testing import FlaskClient

from gateway.access import csrf
from tests.support.gateway import Borough, Gateway, Someone, application

ID = "01890000-0000-7000-8000-000000000000"
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def forms() -> list[tuple[str, str]]:
    """Return method and path of every address outside the API at which something changes, but those that no browser sends a form to."""
    found = set()
    for rule in application().url_map.iter_rules():
        path = re.sub(r"<int:\w+>", "7", re.sub(r"<uuid:\w+>", ID, rule.rule))
        path = path.replace("<borough>", "{borough}")
        path = re.sub(r"<(\w+:)?\w+>", "done", path)
        if not path.startswith("/api/") and rule.endpoint not in csrf.NO_FORMS:
            found |= {(method, path) for method in CHANGING & (rule.methods or set())}
    return sorted(found)


FORMS = forms()
ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "Same-Origin"}, {"Origin": "https://evil.example"},
    {"Origin": "null"}, {"Origin": "http://localhost.evil.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
)  # fmt: skip
REFUSED = ("Open the page again", "Please open the page again", "foreign_form")
"""What the team, a family, and a system read then."""


@pytest.fixture(scope="module")
def browser(gateway: Gateway, administrator: Someone) -> FlaskClient:
    """A browser that holds the administrator's session, as a browser that opened a foreign page does."""
    http = gateway.app.test_client()
    http.set_cookie("stayplay", administrator.token)
    http.set_cookie("stayplay-operator", administrator.token)
    return http


def is_refused(answer: object) -> bool:
    status, text = answer.status_code, answer.text  # type: ignore[attr-defined]  # werkzeug's answer for tests has no better name
    return status == 403 and any(words in text for words in REFUSED)


def test_there_are_many() -> None:
    assert len(FORMS) > 40


def test_only_a_provider_sends_what_is_no_form_and_it_signs_that() -> None:
    """A back-channel logout carries a token that the provider signed: `single_sign_on/test_logging_out.py`."""
    assert {"pages.sign_on.back_channel"} == csrf.NO_FORMS


@pytest.mark.parametrize(("method", "path"), FORMS, ids=lambda word: word)
def test_from_another_site_it_is_refused_even_with_the_right_token(
    browser: FlaskClient, southwark: Borough, administrator: Someone, method: str, path: str
) -> None:
    token = {csrf.FIELD: csrf.token_for(administrator.token)}
    for headers in ELSEWHERE:
        assert is_refused(browser.open(path.format(borough=southwark.slug), method=method, headers=headers, data=token)), headers


@pytest.mark.parametrize(("method", "path"), FORMS, ids=lambda word: word)
def test_without_the_token_of_this_very_session_it_is_refused(
    browser: FlaskClient, southwark: Borough, neighbour: Someone, method: str, path: str
) -> None:
    for token in ({}, {csrf.FIELD: ""}, {csrf.FIELD: "forged"}, {csrf.FIELD: csrf.token_for(neighbour.token)}):
        answer = browser.open(path.format(borough=southwark.slug), method=method, headers={"Sec-Fetch-Site": "same-origin"}, data=token)
        assert is_refused(answer), token


def test_the_administrator_is_signed_in_still_and_nothing_of_theirs_has_changed(southwark: Borough, administrator: Someone) -> None:
    """Runs after the others: signing out is a form too, and was refused like every other."""
    assert administrator.get(f"{southwark.base}/me").json["version"] == 1
