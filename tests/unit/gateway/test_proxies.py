"""The address that a request comes from: what trusted proxies say, and what anybody says."""

from collections.abc import Callable

import pytest
from flask import Flask, request

from gateway.access import current, guard
from tests.support.gateway import application


@pytest.fixture
def where_from() -> Callable[[int, str], str]:
    """Ask an application behind so many proxies where a request comes from."""

    def asked(proxies: int, forwarded: str) -> str:
        app: Flask = application(PROXIES=str(proxies))
        app.add_url_rule("/from", "from", guard.open_to_all(lambda: f"{current.address()} {request.scheme}"))
        headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
        return app.test_client().get("/from", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.9"}).text

    return asked


def test_behind_one_proxy_the_client_is_whom_the_proxy_saw(where_from: Callable[[int, str], str]) -> None:
    assert where_from(1, "203.0.113.7") == "203.0.113.7 https"


def test_what_the_client_itself_said_before_is_not_believed(where_from: Callable[[int, str], str]) -> None:
    assert where_from(1, "198.51.100.1, 203.0.113.7") == "203.0.113.7 https"


def test_without_a_proxy_nobody_may_say_where_they_come_from(where_from: Callable[[int, str], str]) -> None:
    assert where_from(0, "203.0.113.7") == "10.0.0.9 http"
