"""`stayplay events`: what operators see of events that could not be handled, and what they can do."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from kombu.connection import Connection
from sqlalchemy import delete

from chassis.caller import Caller
from chassis.database import Database, UnitOfWork, open_work
from chassis.database.tables import inbox, outbox
from chassis.database.tenants import Borough, keep_borough
from chassis.events.declaring import declare_queues
from chassis.events.envelope import Envelope
from chassis.events.repository import Failure, Inbox, Outbox, Parked
from chassis.settings import OperatorSettings
from stayplay.events import events
from stayplay.events.desk import Desk
from tests.support.events import Services, until
from tests.support.installation import Installation, Templates, installation
from tests.support.listening_service.service import ListeningService

NAME = "Sinead Doyle"
Run = Callable[..., Result]


class Outreach:
    """The database of outreach, with events that failed in it."""

    def __init__(self, installed: Installation) -> None:
        settings = installed.settings("outreach")
        self.database = Database(settings.database_url, settings.operator_database_url)
        self.borough_id = uuid4()
        with open_work(UnitOfWork, self.database, Caller.service("outreach", self.borough_id)) as work:
            keep_borough(work, Borough(self.borough_id, "southwark", "Southwark", "Stay & Play", sequence=1))

    def envelope(self) -> Envelope:
        data = {"family_name": NAME}
        return Envelope(uuid4(), "referrals.referral.accepted", uuid4(), 2, self.borough_id, datetime.now(UTC), "correlation-1", data)

    def failed(self, handler: str = "outreach.open_case", *, dead: bool = True, envelope: Envelope | None = None) -> UUID:
        """Let a handler have failed; return the event's id."""
        failure = Failure(handler, envelope or self.envelope(), f"ValueError {uuid4()}")
        with self.database.operating() as connection:
            Inbox(connection).failed(failure)
            if dead:
                Inbox(connection).give_up(failure)
            else:
                Inbox(connection).try_again(failure, 600)
        return failure.envelope.id

    def parked(self, event_id: UUID) -> list[Parked]:
        with self.database.operating() as connection:
            return Inbox(connection).find(event_id)


@pytest.fixture(scope="module")
def installed(postgres_url: str, broker: str) -> Iterator[Installation]:
    """Databases of every service, in which nothing runs."""
    templates = Templates(postgres_url)
    urls = templates.fresh()
    yield installation(urls, broker)
    templates.drop(urls)


@pytest.fixture
def outreach(installed: Installation) -> Iterator[Outreach]:
    made = Outreach(installed)
    yield made
    with made.database.operating() as connection:
        connection.execute(delete(inbox))
        connection.execute(delete(outbox))
    made.database.close()


@pytest.fixture
def run(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as an operator does, on a machine that knows the operators' role of each database."""
    operators = {name: value for name, value in installed.env.items() if name.endswith("_OPERATOR_DATABASE_URL") or name == "AMQP_URI"}

    def call(*arguments: str, code: int = 0, **options: Any) -> Result:
        result = CliRunner().invoke(events, [str(argument) for argument in arguments], env=operators, **options)
        assert result.exit_code == code, result.output
        return result

    return call


def test_where_all_is_well_nothing_is_listed(run: Run, outreach: Outreach) -> None:
    assert run("list").output == "Nothing waits and nothing failed.\n"


def test_the_list_shows_what_failed_where_and_in_which_borough_and_not_what_it_says(run: Run, outreach: Outreach) -> None:
    event_id = outreach.failed()
    output = run("list").output
    (line,) = [line for line in output.splitlines() if str(event_id) in line]
    assert line.split()[:5] == ["dead", str(event_id), "referrals.referral.accepted", "outreach.open_case", "southwark"]
    assert "ValueError" in line
    assert NAME not in output


def test_the_list_can_be_narrowed(run: Run, outreach: Outreach) -> None:
    dead, retrying = outreach.failed(), outreach.failed(dead=False)
    assert str(dead) not in run("list", "--state", "retrying").output
    assert str(retrying) in run("list", "--state", "retrying").output
    assert str(dead) in run("list", "--borough", "southwark").output
    assert str(dead) not in run("list", "--borough", "lambeth").output
    assert str(dead) not in run("list", "--service", "referrals").output


def test_the_list_shows_what_waits_to_be_sent_and_what_nobody_asked_for(run: Run, outreach: Outreach) -> None:
    unsent, unrouted = outreach.envelope(), outreach.envelope()
    with outreach.database.operating() as connection:
        for event in (unsent, unrouted):
            connection.execute(
                outbox.insert().values(
                    borough_id=event.borough_id, id=event.id, type=event.type, subject=event.subject, sequence=event.sequence,
                    time=event.time, correlation_id=event.correlation_id, data=event.data,
                )
            )  # fmt: skip
        Outbox(connection).mark_unrouted([unrouted])
    lines = {line.split()[1]: line.split()[0] for line in run("list").output.splitlines()[1:]}
    assert lines == {str(unsent.id): "unsent", str(unrouted.id): "unrouted"}


def test_an_event_is_shown_without_what_it_says(run: Run, outreach: Outreach) -> None:
    event_id = outreach.failed()
    shown = json.loads(run("show", event_id).stdout)
    assert shown["event"]["id"] == str(event_id)
    assert shown["borough"] == "southwark"
    assert "data" not in shown["event"]


def test_what_an_event_says_is_shown_only_when_asked_for_and_with_a_warning(run: Run, outreach: Outreach) -> None:
    result = run("show", outreach.failed(), "--data")
    assert json.loads(result.stdout)["event"]["data"] == {"family_name": NAME}
    assert "in confidence" in result.stderr


def test_an_event_that_is_nowhere_is_said_to_be(run: Run, outreach: Outreach) -> None:
    for command in (["show"], ["replay"], ["discard", "--yes"]):
        assert "no such event" in run(*command, uuid4(), code=1).output


def test_replay_has_an_event_tried_again_at_once(run: Run, outreach: Outreach) -> None:
    event_id = outreach.failed()
    assert "will be tried again" in run("replay", event_id).output
    (parked,) = outreach.parked(event_id)
    assert (parked.state, parked.attempts) == ("retrying", 0)
    assert parked.next_attempt_at is not None
    assert parked.next_attempt_at <= datetime.now(UTC)


def test_replay_can_be_kept_to_one_handler(run: Run, outreach: Outreach) -> None:
    envelope = outreach.envelope()
    outreach.failed("outreach.open_case", envelope=envelope)
    outreach.failed("outreach.copy_family", envelope=envelope)
    run("replay", envelope.id, "--handler", "outreach.open_case")
    assert {parked.handler: parked.state for parked in outreach.parked(envelope.id)} == {
        "outreach.open_case": "retrying",
        "outreach.copy_family": "dead",
    }


def test_all_dead_events_can_be_replayed_at_once(run: Run, outreach: Outreach) -> None:
    ids = [outreach.failed() for _ in range(3)]
    run("replay", "--all-dead")
    assert {outreach.parked(event_id)[0].state for event_id in ids} == {"retrying"}
    assert "No event was given up" in run("replay", "--all-dead").output


def test_discard_asks_first(run: Run, outreach: Outreach) -> None:
    event_id = outreach.failed()
    run("discard", event_id, code=1, input="n\n")
    assert len(outreach.parked(event_id)) == 1


def test_a_discarded_event_is_gone_from_the_list(run: Run, outreach: Outreach) -> None:
    event_id = outreach.failed()
    assert "discarded" in run("discard", event_id, "--yes").output
    assert outreach.parked(event_id) == []
    assert run("list").output == "Nothing waits and nothing failed.\n"


def test_an_event_must_be_named(run: Run, outreach: Outreach) -> None:
    assert "name an event" in run("replay", code=2).output


def test_a_missing_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFERRALS_OPERATOR_DATABASE_URL", raising=False)
    monkeypatch.delenv("POSTGRES_ADMIN_URL", raising=False)
    result = CliRunner().invoke(events, ["list"], env={})
    assert result.exit_code == 2
    assert result.output.strip() == "stayplay: REFERRALS_OPERATOR_DATABASE_URL is not set"


def test_operators_settings_hold_no_other_role_s_address(installed: Installation) -> None:
    assert "operator" in OperatorSettings.read("referrals", installed.env).operator_database_url
    assert "password" not in repr(OperatorSettings.read("referrals", installed.env))


def test_what_was_replayed_is_handled(both: Services) -> None:
    def fail(_work: object, _event: object) -> None:
        if len(failures) < 3:
            failures.append(True)
            raise ValueError

    failures: list[bool] = []
    ListeningService.trouble = staticmethod(fail)
    desk = Desk({"sample": both.telling, "listening": both.listening})
    with both.running():
        both.tell("Back to life")
        (entry,) = until(lambda: list(desk.entries("dead")))
        assert desk.replay(entry)
        until(both.heard)
        assert not desk.replay(entry)
        assert not desk.discard(entry)


class TestRefused:
    """Messages that are no events: in the broker's dead-letter queue, which only RabbitMQ shows to another process."""

    @pytest.fixture
    def garbage(self, installed: Installation) -> Iterator[str]:
        """A message in the dead-letter queue of the listening service, which stands for outreach here."""
        uri = installed.env["AMQP_URI"]
        if not uri.startswith("amqp"):
            pytest.skip("the in-process broker shows its queues to no other process")

        class OutreachService(ListeningService):
            name = "outreach"

        declare_queues(uri, [OutreachService])
        with Connection(uri) as connection:  # type: ignore[no-untyped-call]  # kombu is half typed
            channel = connection.channel()
            channel.basic_publish(channel.prepare_message(f"{NAME} {{".encode()), routing_key="events.outreach.write_down")
            message = until(lambda: channel.basic_get("events.outreach.write_down"))
            channel.basic_reject(message.delivery_info["delivery_tag"], requeue=False)
            until(lambda: channel.queue_declare("events.outreach.dead", passive=True).message_count)
            yield uri
            for queue in ("events.outreach.dead", "events.outreach.write_down"):
                channel.queue_purge(queue)

    def test_they_are_counted_in_the_list(self, run: Run, garbage: str) -> None:
        for _ in range(2):
            output = run("list").output
            assert "refused: 1 in the dead-letter queue of outreach, from events.outreach.write_down" in output
            assert NAME not in output

    def test_they_can_be_put_back_where_they_were(self, run: Run, garbage: str) -> None:
        assert run("replay", "--refused", "outreach").output == "1 put back\n"
        with Connection(garbage) as connection:  # type: ignore[no-untyped-call]  # kombu is half typed
            message = until(lambda: connection.channel().basic_get("events.outreach.write_down"))
        assert message.body == f"{NAME} {{".encode()

    def test_they_can_be_discarded(self, run: Run, garbage: str) -> None:
        assert run("discard", "--refused", "outreach", "--yes").output == "1 discarded\n"
        assert "refused" not in run("list").output
