"""Pages as somebody sees them, from replies that are written in the test."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask, g

from chassis import clock
from tests.support.pages import NOW, Looking, visitor


@pytest.fixture(autouse=True)
def tuesday_morning() -> Iterator[None]:
    with clock.acting_at(NOW):
        yield


@pytest.fixture
def looking(app: Flask) -> Looking:
    """Enter a request of somebody with these roles, for an address of the borough."""

    @contextmanager
    def enter(*roles: str, path: str = "/southwark/", kind: str = "", practice: bool = False) -> Iterator[None]:
        with app.test_request_context(path):
            g.who_asks = visitor(*roles, kind=kind, practice=practice)
            yield

    return enter
