"""A service that hosts a web application and calls another, on both brokers: as the gateway does."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import eventlet
import pytest
from eventlet.green.urllib.error import HTTPError
from eventlet.green.urllib.request import urlopen
from flask import Flask

from chassis.errors import StayPlayError
from chassis.rpc import RpcCalls, RpcClient
from chassis.runner import Hosted, Runner
from chassis.web import website
from tests.support.echo import ECHO, SLOW, EchoService, settings_for, token
from tests.support.ports import free_port

PORT = free_port()


class FrontService:
    """Answers requests by calling the echo service."""

    name = "front"
    calls: RpcClient = RpcCalls()

    @website(address=lambda _: ("127.0.0.1", PORT))
    def web(self) -> Flask:
        """Return the application."""
        app, calls = Flask("front"), self.calls

        @app.route("/echo/<text>")
        def echo(text: str) -> str:
            answer: str = calls.call(ECHO, token(), text=text)["text"]
            return answer

        @app.route("/slow")
        def slow() -> str:
            answer: str = calls.call(SLOW, token(), number=Decimal("0.6"), text="in the end")["text"]
            return answer

        @app.errorhandler(StayPlayError)
        def told(error: StayPlayError) -> tuple[str, int]:
            return error.code, error.status

        return app


@dataclass
class Platform:
    """Both services in one process."""

    runner: Runner
    url: str

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urlopen(self.url + path) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as fault:
            return fault.code, fault.read().decode()


@pytest.fixture
def platform(broker: str) -> Iterator[Platform]:
    settings = settings_for(broker, stop_within_seconds=5.0, rpc_timeout_seconds=2.0)
    runner = Runner([Hosted(EchoService, settings), Hosted(FrontService, settings)])
    runner.start()
    yield Platform(runner, f"http://127.0.0.1:{PORT}")
    runner.stop()


def test_a_request_is_answered_through_a_call(platform: Platform) -> None:
    assert platform.get("/echo/hello") == (200, "hello")


def test_requests_are_served_side_by_side(platform: Platform) -> None:
    with eventlet.Timeout(3):
        threads = [eventlet.spawn(platform.get, "/slow") for _ in range(6)]
        assert [thread.wait() for thread in threads] == [(200, "in the end")] * 6


def test_a_request_in_hand_is_answered_when_the_process_stops_and_so_is_its_call(platform: Platform) -> None:
    request = eventlet.spawn(platform.get, "/slow")
    eventlet.sleep(0.2)
    platform.runner.stop()
    assert request.wait() == (200, "in the end")


def test_it_is_ready_with_its_connection(platform: Platform) -> None:
    assert platform.runner._health.results()["front.broker"]


def test_it_is_not_ready_without_its_connection(platform: Platform) -> None:
    _, container = platform.runner._containers[1]
    next(iter(container.dependencies)).client.close()
    assert not platform.runner.ready()


def test_without_the_other_service_it_still_answers(platform: Platform) -> None:
    platform.runner._containers[0][1].stop()
    assert platform.get("/echo/hello") == (504, "timed_out")
