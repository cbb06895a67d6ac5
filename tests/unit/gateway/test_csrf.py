"""Forms come from our own pages, or are refused."""

import pytest
from flask import Flask, request

from gateway.access import csrf

TOKEN = "a sign-in token"
APP = Flask("forms")


def sent(*, method: str = "POST", form: dict[str, str] | None = None, token: str = TOKEN, **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with APP.test_request_context("/x", method=method, data=form, headers=named, base_url="https://stayplay.example"):
        csrf.check(request, token)


def with_token(token: str = TOKEN) -> dict[str, str]:
    return {csrf.FIELD: csrf.token_for(token)}


def test_a_form_of_our_own_page_passes() -> None:
    sent(form=with_token(), Sec_Fetch_Site="same-origin")


def test_a_form_without_its_token_is_refused() -> None:
    with pytest.raises(csrf.ForeignForm):
        sent(form={}, Sec_Fetch_Site="same-origin")


def test_a_form_of_another_sign_in_is_refused() -> None:
    with pytest.raises(csrf.ForeignForm):
        sent(form=with_token("somebody else's token"), Sec_Fetch_Site="same-origin")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_refused_even_with_the_token(site: str) -> None:
    with pytest.raises(csrf.ForeignForm):
        sent(form=with_token(), Sec_Fetch_Site=site)


def test_an_old_browser_says_its_origin_instead() -> None:
    sent(form=with_token(), Origin="https://stayplay.example")
    with pytest.raises(csrf.ForeignForm):
        sent(form=with_token(), Origin="https://evil.example")


def test_an_origin_that_is_hidden_is_another_one() -> None:
    with pytest.raises(csrf.ForeignForm):
        sent(form=with_token(), Origin="null")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_needs_no_token(method: str) -> None:
    sent(method=method, Sec_Fetch_Site="cross-site")


def test_before_sign_in_only_the_origin_counts() -> None:
    sent(form={}, token="", Sec_Fetch_Site="same-origin")
    with pytest.raises(csrf.ForeignForm):
        sent(form={}, token="", Sec_Fetch_Site="cross-site")


def test_a_forms_token_does_not_tell_the_sign_in_token() -> None:
    assert TOKEN not in csrf.token_for(TOKEN)
    assert csrf.token_for(TOKEN) == csrf.token_for(TOKEN) != csrf.token_for(TOKEN + "x")
