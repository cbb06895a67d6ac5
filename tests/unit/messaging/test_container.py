"""The service container: nameko's life cycle, without what it writes to the log."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import eventlet
import pytest
import structlog
from nameko.extensions import DependencyProvider, Entrypoint, register_entrypoint

from chassis import logging
from chassis.container import Container
from tests.support.echo import SECRET


class Diary(DependencyProvider):
    """Notes what nameko tells a dependency."""

    entries: list[str] = []  # noqa: RUF012 - one diary for the test to read

    def get_dependency(self, worker_ctx: Any) -> list[str]:
        return self.entries

    def worker_setup(self, worker_ctx: Any) -> None:
        self.entries.append("setup")

    def worker_result(self, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> None:
        self.entries.append(f"result {result if exc_info is None else exc_info[0].__name__}")

    def worker_teardown(self, worker_ctx: Any) -> None:
        self.entries.append("teardown")


class Door(Entrypoint):
    """Lets a test in."""


def door(method: Any) -> Any:
    register_entrypoint(method, Door())
    return method


class DiaryService:
    name = "diary"
    diary = Diary()

    @door
    def write(self, text: str) -> str:
        self.diary.append(text)
        return text.upper()

    @door
    def stumble(self) -> None:
        raise RuntimeError(SECRET)

    @door
    def wait(self) -> None:
        eventlet.sleep(30)


@pytest.fixture
def container() -> Iterator[Any]:
    Diary.entries.clear()
    container = Container(DiaryService, {"max_workers": 2})
    container.start()
    yield container
    container.kill()


def worked(container: Any, method: str, *args: Any) -> tuple[Any, Any]:
    """Run a worker to its end; return its result and its failure."""
    done: list[tuple[Any, Any]] = []
    entrypoint = next(each for each in container.entrypoints if each.method_name == method)

    def finish(_worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        done.append((result, exc_info))
        return result, exc_info

    container.spawn_worker(entrypoint, args, {}, handle_result=finish)
    container._worker_pool.waitall()
    return done[0]


def test_dependencies_live_through_a_worker_as_nameko_promises(container: Any) -> None:
    assert worked(container, "write", "hello") == ("HELLO", None)
    assert Diary.entries == ["setup", "hello", "result HELLO", "teardown"]


def test_a_failure_is_handed_on_and_the_worker_is_torn_down(container: Any) -> None:
    result, exc_info = worked(container, "stumble")
    assert (result, exc_info[0]) == (None, RuntimeError)
    assert Diary.entries == ["setup", "result RuntimeError", "teardown"]


def test_a_failure_is_logged_without_its_text(container: Any) -> None:
    lines = StringIO()
    logging.configure("json", service="diary", stream=lines)
    worked(container, "stumble")
    structlog.reset_defaults()
    assert "RuntimeError" in lines.getvalue()
    assert "diary.stumble" in lines.getvalue()
    assert SECRET not in lines.getvalue()


def test_there_is_room_for_more_workers_than_one_consumer_may_ask_for(container: Any) -> None:
    entrypoint = next(each for each in container.entrypoints if each.method_name == "wait")
    with eventlet.Timeout(2):
        for _ in range(10):
            container.spawn_worker(entrypoint, (), {})
    assert container._worker_pool.running() == 10
