"""A broker that forgets: at the next start, what it lost is sent again."""

from chassis.database.tables import inbox, outbox
from chassis.events import listeners_of, send_unseen
from chassis.memory import forget
from tests.support.events import Services, until
from tests.support.listening_service.service import ListeningService, TellingService


def send_again(both: Services) -> int:
    return send_unseen({"sample": both.telling, "listening": both.listening}, listeners_of(ListeningService))


def lose(both: Services) -> None:
    """Tell of something that the broker takes, and let the broker forget it."""
    with both.running():
        pass  # the queues are there
    with both.running(TellingService):
        both.tell("Lost on the way")
        until(lambda: both.count(outbox, "sample", sent_at=None) == 0)
    if both.amqp_uri.startswith("inprocess"):
        forget(both.amqp_uri.partition("://")[2])


def test_what_a_handler_has_not_seen_is_sent_again(both: Services) -> None:
    lose(both)
    assert both.heard() == []
    assert send_again(both) == 1
    with both.running():
        until(both.heard)
    assert both.heard() == ["Lost on the way"]


def test_what_every_handler_has_seen_is_not_sent_again(both: Services) -> None:
    with both.running():
        both.tell("Arrived")
        until(lambda: both.count(inbox, state="handled") == 2)
    assert send_again(both) == 0


def test_what_one_of_two_handlers_has_not_seen_is_sent_again_and_handled_once(both: Services) -> None:
    with both.running():
        both.tell("Half way")
        until(lambda: both.count(inbox, state="handled") == 2)
    with both.listening.operating() as connection:
        connection.execute(inbox.delete().where(inbox.c.handler == "listening.copy"))
    assert send_again(both) == 1
    with both.running():
        until(lambda: both.count(inbox, state="handled") == 2)
    assert both.heard() == ["Half way"]


def test_what_is_dead_or_retried_is_not_sent_again(both: Services) -> None:
    def fail(_work: object, _event: object) -> None:
        raise ValueError

    ListeningService.trouble = staticmethod(fail)
    with both.running():
        both.tell("Hopeless")
        until(lambda: both.count(inbox, state="dead") == 1 and both.count(inbox, state="handled") == 1)
    assert send_again(both) == 0


def test_a_listener_to_a_service_that_is_not_here_is_passed_over(both: Services) -> None:
    assert send_unseen({"listening": both.listening}, listeners_of(ListeningService)) == 0
