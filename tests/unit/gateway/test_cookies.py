"""The cookie that a browser keeps its sign-in token in."""

import pytest
from flask import Flask, Response, request

from gateway.access import cookies

APP = Flask("cookies")


def cookie(*, secure: bool) -> str:
    response = Response()
    cookies.put(response, "the-token", secure=secure)
    return response.headers["Set-Cookie"]


@pytest.mark.parametrize("secure", [True, False])
def test_scripts_can_not_read_it_and_other_sites_can_not_send_it(*, secure: bool) -> None:
    told = cookie(secure=secure)
    assert "HttpOnly" in told
    assert "SameSite=Lax" in told
    assert "Path=/" in told
    assert "Domain" not in told


def test_over_https_nothing_else_can_set_it() -> None:
    assert cookie(secure=True).startswith("__Host-stayplay=the-token;")
    assert "; Secure" in cookie(secure=True)


def test_without_https_it_has_no_name_that_a_browser_would_refuse() -> None:
    assert cookie(secure=False).startswith("stayplay=the-token;")
    assert "Secure" not in cookie(secure=False)


def test_it_goes_when_the_browser_is_closed() -> None:
    assert "Expires" not in cookie(secure=True)
    assert "Max-Age" not in cookie(secure=True)


def test_signing_out_takes_it_away() -> None:
    response = Response()
    cookies.take_away(response, secure=True)
    assert response.headers["Set-Cookie"].startswith("__Host-stayplay=;")
    assert "Max-Age=0" in response.headers["Set-Cookie"]


def test_the_token_is_read_from_the_cookie_of_the_right_name_only() -> None:
    with APP.test_request_context("/", headers={"Cookie": "stayplay=planted; __Host-stayplay=ours"}):
        assert cookies.token_in(request, secure=True) == "ours"
        assert cookies.token_in(request, secure=False) == "planted"
    with APP.test_request_context("/"):
        assert cookies.token_in(request, secure=True) == ""


def device_cookie(*, secure: bool) -> str:
    response = Response()
    cookies.remember_device(response, "the-device", secure=secure)
    return response.headers["Set-Cookie"]


def test_the_sign_of_earlier_sign_ins_stays_for_a_year_and_is_no_less_closed() -> None:
    told = device_cookie(secure=True)
    assert told.startswith("__Host-stayplay-device=the-device;")
    for said in ("HttpOnly", "SameSite=Lax", "Path=/", "; Secure", f"Max-Age={365 * 24 * 3600}"):
        assert said in told
    assert "Domain" not in told


def test_what_a_browser_shows_of_earlier_sign_ins_is_read_from_its_own_cookie() -> None:
    with APP.test_request_context(headers={"Cookie": "__Host-stayplay-device=ours; stayplay-device=planted"}):
        assert cookies.device_in(request, secure=True) == "ours"
        assert cookies.device_in(request, secure=False) == "planted"
    with APP.test_request_context():
        assert cookies.device_in(request, secure=True) == ""
