"""In every service: in a suspended borough whatever changes something is refused, and whatever reads is not."""

from collections.abc import Iterator
from importlib import import_module
from uuid import UUID, uuid4

import pytest

from chassis.contract import Operation
from chassis.database.tenants import Borough, keep_borough
from chassis.errors import BoroughSuspended, StayPlayError
from chassis.ids import new_id
from chassis.tenancy import BOROUGH_CHANGED, BOROUGH_SUSPENDED
from services.sessions.contract import ADD_VENUE, LIST_VENUES
from stayplay.roster import PACKAGES, SERVICES, service_class
from tests import factories
from tests.support.desk import Desk, desk, until
from tests.support.installation import Templates

OPERATIONS: tuple[Operation, ...] = tuple(
    operation for service in SERVICES for operation in import_module(f"{PACKAGES[service]}.contract").OPERATIONS
)
EVERYTHING = frozenset(operation.permission for operation in OPERATIONS)
NAMED = ("b-suspended", "Southwark", "Stay & Play")


@pytest.fixture(scope="module")
def services(postgres_url: str, broker: str) -> Iterator[Desk]:
    with desk(Templates(postgres_url), broker, *(service_class(name) for name in SERVICES)) as running:
        yield running


@pytest.fixture(scope="module")
def suspended(services: Desk) -> UUID:
    borough_id = new_id()
    for service in SERVICES:
        with services.work(service, borough_id) as work:
            keep_borough(work, Borough(borough_id, *NAMED, practice=False, policy={}, sequence=1, suspended=True))
    return borough_id


def refused(services: Desk, borough_id: UUID, operation: Operation) -> StayPlayError | None:
    caller = factories.caller(borough_id, permissions=EVERYTHING)
    try:
        services.ask(operation, caller)
    except StayPlayError as error:
        return error
    return None


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.changes], ids=lambda operation: operation.full_name)
def test_nothing_is_changed(services: Desk, suspended: UUID, operation: Operation) -> None:
    assert isinstance(refused(services, suspended, operation), BoroughSuspended)


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if not each.changes], ids=lambda operation: operation.full_name)
def test_everything_is_read(services: Desk, suspended: UUID, operation: Operation) -> None:
    assert not isinstance(refused(services, suspended, operation), BoroughSuspended)


def test_a_service_hears_of_suspension_and_of_its_end_by_event(services: Desk) -> None:
    borough_id = services.know(new_id())
    caller = factories.caller(borough_id, permissions=EVERYTHING)
    facts = {"slug": "b-heard", "name": "Southwark", "programme_name": "Stay & Play", "practice": False, "policy": {}}
    services.ask(ADD_VENUE, caller, name="Before")
    services.tell_as_gateway(borough_id, BOROUGH_SUSPENDED(borough_id, 2, suspended=True, **facts))
    until(lambda: isinstance(_adding(services, borough_id), BoroughSuspended))
    services.tell_as_gateway(borough_id, BOROUGH_CHANGED(borough_id, 3, suspended=False, **facts))
    until(lambda: _adding(services, borough_id) is None)
    assert "Before" in [venue["name"] for venue in services.ask(LIST_VENUES, caller)["items"]]


def test_news_that_arrives_late_does_not_suspend_again(services: Desk) -> None:
    borough_id = services.know(new_id())
    facts = {"slug": "b-late", "name": "Southwark", "programme_name": "Stay & Play", "practice": False, "policy": {"group_capacity": 9}}
    services.tell_as_gateway(borough_id, BOROUGH_CHANGED(borough_id, 3, suspended=False, **facts))
    until(lambda: services.policy("sessions", borough_id).get("group_capacity") == 9)
    services.tell_as_gateway(borough_id, BOROUGH_SUSPENDED(borough_id, 2, suspended=True, **{**facts, "policy": {"group_capacity": 1}}))
    until(lambda: services.all_handled("sessions", "sessions", borough_id))
    assert _adding(services, borough_id) is None
    assert services.policy("sessions", borough_id)["group_capacity"] == 9


def _adding(services: Desk, borough_id: UUID) -> StayPlayError | None:
    try:
        services.ask(ADD_VENUE, factories.caller(borough_id, permissions=EVERYTHING), name=f"Venue {uuid4().hex[:6]}")
    except StayPlayError as error:
        return error
    return None
