"""Alive, ready, counted."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import eventlet
import pytest
from werkzeug.test import Client

from chassis import metrics
from chassis.health import Health


def ask(health: Health, path: str) -> tuple[int, bytes]:
    answer = Client(health).get(path)
    return answer.status_code, answer.data


def fails() -> bool:
    raise ConnectionError("password=hunter2")


def hangs() -> bool:
    eventlet.sleep(60)
    return True


def readiness(**checks: Callable[[], bool]) -> tuple[int, Mapping[str, Any]]:
    status, body = ask(Health(checks), "/health/ready")
    return status, json.loads(body)


def test_a_process_that_answers_is_alive_whatever_else_is_wrong() -> None:
    assert ask(Health({"database": fails}), "/health/live")[0] == 200


def test_it_is_ready_when_every_check_is_well() -> None:
    assert readiness(database=lambda: True, broker=lambda: True) == (200, {"ready": True, "checks": {"database": True, "broker": True}})


def test_one_check_that_is_not_well_is_enough_and_is_named() -> None:
    assert readiness(database=lambda: True, broker=lambda: False) == (503, {"ready": False, "checks": {"database": True, "broker": False}})


def test_a_check_that_raises_has_failed_and_says_nothing_else() -> None:
    status, body = readiness(database=fails)
    assert (status, body["checks"]) == (503, {"database": False})
    assert "hunter2" not in json.dumps(body)


def test_a_check_that_hangs_has_failed_and_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.health.CHECK_WITHIN", 0.1)
    with eventlet.Timeout(2):
        assert readiness(database=hangs, broker=lambda: True)[1]["checks"] == {"database": False, "broker": True}


def test_a_process_that_stops_is_not_ready_and_asks_nobody() -> None:
    health = Health({"database": fails})
    health.stopping = True
    assert json.loads(ask(health, "/health/ready")[1]) == {"ready": False, "checks": {}}


def test_there_is_nothing_else_there() -> None:
    assert ask(Health({}), "/health/secrets")[0] == 404


def exposed() -> str:
    return ask(Health({}), "/metrics")[1].decode()


def test_calls_are_counted_by_operation_and_outcome() -> None:
    metrics.rpc_answered("test.counted", "ok", 0.003)
    metrics.rpc_answered("test.counted", "not_found", 0.001)
    lines = exposed()
    assert 'stayplay_rpc_answered_seconds_count{operation="test.counted",outcome="ok"} 1.0' in lines
    assert 'stayplay_rpc_answered_seconds_bucket{le="0.005",operation="test.counted",outcome="ok"} 1.0' in lines
    assert 'outcome="not_found"' in lines


def test_requests_are_counted_by_view_and_never_by_path() -> None:
    metrics.request_served("referrals.page", "GET", 200, 0.01)
    assert 'stayplay_http_request_seconds_count{endpoint="referrals.page",method="GET",status="200"} 1.0' in exposed()


def test_no_label_can_hold_an_id_or_a_person() -> None:
    labels = set(re.findall(r"(\w+)=\"", "\n".join(line for line in exposed().splitlines() if line.startswith("stayplay_"))))
    assert labels <= {"operation", "outcome", "handler", "type", "timer", "endpoint", "method", "status", "service", "le", "state", "code"}
