"""A broker that stops taking messages, or ends in the middle of things, costs time and no event."""

from collections.abc import Iterator

import eventlet
import pytest
from eventlet.event import Event

from chassis.database.tables import inbox, outbox
from tests.support.events import Services, hub_of, services, until
from tests.support.listening_service.service import ListeningService, TellingService
from tests.support.rabbitmq import Node

pytestmark = pytest.mark.rabbitmq


@pytest.fixture(scope="module")
def prepared_services(postgres_url: str, own_rabbitmq: Node) -> Iterator[Services]:
    with services(postgres_url, own_rabbitmq.uri) as both:
        yield both


@pytest.fixture
def node(own_rabbitmq: Node) -> Iterator[Node]:
    yield own_rabbitmq
    if own_rabbitmq._process is None:
        own_rabbitmq.start()


def waiting(both: Services) -> int:
    return both.count(outbox, "sample", sent_at=None)


def test_while_the_broker_takes_no_messages_the_outbox_keeps_them_and_nobody_waits(both: Services, node: Node) -> None:
    with both.running():
        both.tell("Before")
        until(both.heard)
        node.control("set_vm_memory_high_watermark", "0.00001")
        try:
            with eventlet.Timeout(2):
                for number in range(3):
                    both.tell(f"During {number}")
            eventlet.sleep(1.5)
            assert waiting(both) == 3
        finally:
            node.control("set_vm_memory_high_watermark", "0.4")
        until(lambda: len(both.heard()) == 4, within=30)
        until(lambda: waiting(both) == 0)
    assert both.heard() == ["Before", "During 0", "During 1", "During 2"]


def test_a_stop_during_the_alarm_does_not_wait_for_its_end(both: Services, node: Node) -> None:
    node.control("set_vm_memory_high_watermark", "0.00001")
    try:
        with eventlet.Timeout(25), both.running(TellingService):
            both.tell("Later then")
    finally:
        node.control("set_vm_memory_high_watermark", "0.4")
    assert waiting(both) == 1


def test_events_told_while_the_broker_is_down_arrive_when_it_is_back(both: Services, node: Node) -> None:
    with both.running() as containers:
        both.tell("Before")
        until(both.heard)
        node.kill()
        both.tell("During")
        eventlet.sleep(0.5)
        assert waiting(both) == 1
        assert not hub_of(containers[1]).usable
        node.start()
        until(lambda: len(both.heard()) == 2, within=30)
        until(lambda: all(hub_of(container).usable for container in containers))
    assert both.heard() == ["Before", "During"]


def test_a_broker_that_dies_while_a_handler_works_has_its_event_handled_once(both: Services, node: Node) -> None:
    gates = {"begun": Event(), "go on": Event()}

    def hold(_work: object, _event: object) -> None:
        if not gates["begun"].ready():
            gates["begun"].send()
        gates["go on"].wait()

    ListeningService.trouble = staticmethod(hold)
    with both.running():
        both.tell("In hand")
        gates["begun"].wait()
        node.kill()
        gates["go on"].send()
        until(both.heard)
        node.start()
        both.tell("After")
        until(lambda: len(both.heard()) == 2, within=30)
        until(lambda: both.count(inbox, state="handled") == 4)
    assert both.heard() == ["After", "In hand"]


def test_what_the_broker_had_taken_survives_its_end(both: Services, node: Node) -> None:
    with both.running():
        pass  # the queues are there
    with both.running(TellingService):
        both.tell("Kept in the queue")
        until(lambda: waiting(both) == 0)
    node.kill()
    node.start()
    with both.running(ListeningService):
        until(both.heard, within=30)


def test_a_service_that_starts_before_its_broker_waits_for_it(both: Services, node: Node) -> None:
    node.kill()
    starting = eventlet.spawn(_run_until_heard, both)
    eventlet.sleep(1)
    node.start()
    assert starting.wait() == ["Patience"]


def _run_until_heard(both: Services) -> list[str]:
    with both.running():
        both.tell("Patience")
        until(both.heard, within=40)
        return both.heard()
