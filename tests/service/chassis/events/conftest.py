"""A telling and a listening service; each test has a borough of its own in them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog
from sqlalchemy import delete

from chassis.database.tables import inbox, outbox
from chassis.logging import without_values
from tests.support.events import Services, services
from tests.support.listening_service.service import BeatingService, ListeningService
from tests.support.people import note_keeper


@pytest.fixture(scope="module", autouse=True)
def plain_log_lines() -> Iterator[None]:
    """Write log lines as in production: structlog's own way of showing an exception takes a second."""
    structlog.configure(processors=[without_values, structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def prepared_services(postgres_url: str, broker: str) -> Iterator[Services]:
    with services(postgres_url, broker) as both:
        yield both


@pytest.fixture
def both(prepared_services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Both services, not running, and a fresh borough that the listening one knows."""
    monkeypatch.setattr(ListeningService, "trouble", ListeningService.trouble)
    monkeypatch.setattr(BeatingService, "trouble", BeatingService.trouble)
    fresh = replace(prepared_services, caller=note_keeper())
    fresh.know(fresh.caller.borough_id)
    yield fresh
    for database in (fresh.telling, fresh.listening):
        with database.operating() as connection:
            connection.execute(delete(inbox))
            connection.execute(delete(outbox))
