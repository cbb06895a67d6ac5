"""The small rules of events: when to try again, what queues there are, what a decorated method is."""

from typing import Any

import pytest

from chassis.contract import EventType, ReceivedEvent
from chassis.events import handlers_of, listeners_of, on_event
from chassis.events.schedule import RETRY_AFTER_SECONDS, pause_after
from chassis.events.topology import DEAD_EXCHANGE, EXCHANGE, Listener, dead_queue, declare, declare_exchanges
from chassis.schemas import Nothing
from chassis.tenancy import BoroughCopies
from chassis.timers import Every, every

ACCEPTED = EventType("referrals.referral.accepted", Nothing)
CLOSED = EventType("referrals.referral.closed", Nothing)


class Declared:
    """Writes down what is declared, in order."""

    def __init__(self) -> None:
        self.exchanges: list[tuple[str, str]] = []
        self.queues: dict[str, dict[str, Any]] = {}
        self.bindings: list[tuple[str, str, str]] = []

    def exchange(self, name: str, kind: str = "topic") -> None:
        self.exchanges.append((name, kind))

    def queue(self, name: str, **arguments: Any) -> None:
        self.queues[name] = arguments

    def bind(self, queue: str, exchange: str, routing_key: str) -> None:
        assert queue in self.queues
        self.bindings.append((queue, exchange, routing_key))


class Outreach(BoroughCopies):
    name = "outreach"

    @on_event(ACCEPTED)
    def open_case(self, work: Any, event: Any) -> None:
        """Open a case."""
        work.append(("opened", event))

    @on_event(ACCEPTED, CLOSED, within=5)
    def note(self, work: Any, event: Any) -> None:
        """Note it."""

    @every(hours=1, minutes=30, seconds=6, within=9)
    def look_ahead(self, work: Any) -> None:
        """Look ahead."""
        work.append("looked")


@pytest.mark.parametrize(("failures", "pause"), [(1, 1), (2, 5), (3, 30), (4, 120), (5, 600), (6, None), (60, None)])
def test_the_pause_after_each_failure(failures: int, pause: float | None) -> None:
    assert pause_after(failures) == pause


def test_pauses_grow() -> None:
    assert list(RETRY_AFTER_SECONDS) == sorted(set(RETRY_AFTER_SECONDS))


def test_without_pauses_the_first_failure_is_the_last() -> None:
    assert pause_after(1, ()) is None


def test_a_listener_has_a_queue_of_its_own() -> None:
    assert Listener("outreach", "open_case", (ACCEPTED.name,)).queue == "events.outreach.open_case"


def test_dead_letter_queues_are_the_services() -> None:
    assert dead_queue("outreach") == "events.outreach.dead"


def test_each_queue_is_bound_to_the_types_that_its_handler_takes() -> None:
    declared = Declared()
    declare(declared, listeners_of(Outreach))  # type: ignore[arg-type]  # it writes down instead of declaring
    bound = [(queue, key) for queue, exchange, key in declared.bindings if exchange == EXCHANGE]
    assert ("events.outreach.note", ACCEPTED.name) in bound
    assert ("events.outreach.note", CLOSED.name) in bound
    assert ("events.outreach.open_case", CLOSED.name) not in bound


def test_event_queues_are_replicated_bounded_in_deliveries_and_lose_nothing() -> None:
    declared = Declared()
    declare(declared, [Listener("outreach", "open_case", (ACCEPTED.name,))])  # type: ignore[arg-type]  # as above
    assert declared.queues["events.outreach.open_case"] == {
        "x_queue_type": "quorum",
        "x_delivery_limit": 20,
        "x_dead_letter_exchange": DEAD_EXCHANGE,
        "x_dead_letter_routing_key": "outreach",
        "x_dead_letter_strategy": "at-least-once",
        "x_overflow": "reject-publish",
    }


def test_the_dead_letter_queue_is_there_before_anything_could_go_to_it() -> None:
    declared = Declared()
    declare(declared, [Listener("outreach", "open_case", (ACCEPTED.name,))])  # type: ignore[arg-type]  # as above
    assert list(declared.queues) == ["events.outreach.dead", "events.outreach.open_case"]
    assert ("events.outreach.dead", DEAD_EXCHANGE, "outreach") in declared.bindings


def test_a_service_that_listens_to_nothing_declares_where_it_tells() -> None:
    declared = Declared()
    declare_exchanges(declared)  # type: ignore[arg-type]  # as above
    assert declared.exchanges == [(EXCHANGE, "topic"), (DEAD_EXCHANGE, "direct")]


def test_the_handlers_of_a_service_are_found_with_those_it_inherits() -> None:
    assert [handler.name for handler in handlers_of(Outreach)] == [
        "outreach.hear_of_borough",
        "outreach.hear_of_erasure",
        "outreach.note",
        "outreach.open_case",
    ]


def test_a_handler_has_the_deadline_it_asked_for() -> None:
    within = {handler.method: handler.within for handler in handlers_of(Outreach)}
    assert within["note"] == 5
    assert within["open_case"] == 30


def test_only_the_handler_that_hears_of_boroughs_takes_events_of_unknown_ones() -> None:
    assert [handler.method for handler in handlers_of(Outreach) if handler.any_borough] == ["hear_of_borough"]


def test_a_handler_can_be_called_as_it_is_written() -> None:
    work: list[Any] = []
    event: Any = ReceivedEvent
    Outreach().open_case(work, event)
    assert work == [("opened", event)]


def test_a_timer_can_be_called_as_it_is_written() -> None:
    work: list[Any] = []
    Outreach().look_ahead(work)
    assert work == ["looked"]


def test_hours_minutes_and_seconds_of_a_timer_add_up() -> None:
    (timer,) = vars(Outreach)["look_ahead"].nameko_entrypoints
    assert isinstance(timer, Every)
    assert timer.seconds == 5406
    assert timer.within == 9
