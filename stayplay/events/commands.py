"""The commands `stayplay events list|show|replay|discard`."""

import json
from collections.abc import Iterable
from uuid import UUID

import click

from chassis.settings import BadSetting, OperatorSettings, refuse
from stayplay.events.desk import STATES, Desk, Entry, NoSuchEvent
from stayplay.events.refused import DeadQueues
from stayplay.roster import PACKAGES, ROLE

SHOWN_DATA_WARNING = "This shows what families told in confidence. Look only if you must, and keep nothing."
SERVICE = click.option("--service", type=ROLE, help="Only of this service; all by default.")
HANDLER = click.option("--handler", default="", help="Only in this handler, for example outreach.open_case.")
REFUSED = click.option("--refused", type=ROLE, help="Instead: everything in this service's dead-letter queue at the broker.")
BROKER = click.option("--broker", envvar="AMQP_URI", default="", help="The broker; also read from AMQP_URI.")


@click.group()
def events() -> None:
    """List, read, replay or discard events that could not be handled."""


@events.command("list")
@SERVICE
@click.option("--state", type=click.Choice(STATES), default=None, help="Only in this state; all by default.")
@click.option("--borough", default="", help="Only of the borough with this slug.")
@click.option("--at-most", default=100, show_default=True, help="Lines of each service and state.")
@BROKER
def list_events(service: str | None, state: str | None, borough: str, at_most: int, broker: str) -> None:
    """List events that are tried again, were given up, wait to be sent, or were asked for by nobody; no personal data."""
    lines = [_line(entry) for entry in _desk(service).entries(state or "", borough, at_most)]
    click.echo("\n".join(_table(lines)) if lines else "Nothing waits and nothing failed.")
    if not (state or borough):
        _list_refused([service] if service else list(PACKAGES), broker)


@events.command()
@click.argument("event", type=click.UUID)
@HANDLER
@click.option("--data", is_flag=True, help="Show what the event says too: that is personal data.")
def show(event: UUID, handler: str, *, data: bool) -> None:
    """Show an event, everywhere it is held; what it says only with --data."""
    for entry in _entries(_desk(None), event, handler):
        click.echo(json.dumps(_described(entry, data=data), indent=2, ensure_ascii=False))
    if data:
        click.echo(SHOWN_DATA_WARNING, err=True)


@events.command()
@click.argument("event", type=click.UUID, required=False)
@HANDLER
@click.option("--all-dead", is_flag=True, help="Instead: every event that was given up.")
@SERVICE
@REFUSED
@BROKER
def replay(event: UUID | None, handler: str, service: str | None, refused: str | None, broker: str, *, all_dead: bool) -> None:
    """Have EVENT handled again by the handlers that failed on it; or sent again, if none has it."""
    if refused:
        click.echo(f"{DeadQueues(broker).replay(refused)} put back")
        return
    desk = _desk(service)
    chosen = list(desk.entries("dead", at_most=10_000)) if all_dead else _for_replay(_entries(desk, _required(event), handler))
    for entry in chosen:
        click.echo(f"{entry.envelope.id} {entry.where}: {'will be tried again' if desk.replay(entry) else 'has been handled meanwhile'}")
    if not chosen:
        click.echo("No event was given up.")


@events.command()
@click.argument("event", type=click.UUID, required=False)
@HANDLER
@REFUSED
@BROKER
@click.option("--yes", is_flag=True, help="Do not ask.")
def discard(event: UUID | None, handler: str, refused: str | None, broker: str, *, yes: bool) -> None:
    """Let the handlers that failed on EVENT never have it. This can't be undone."""
    if not yes:
        click.confirm("Discard for good?", abort=True)
    if refused:
        click.echo(f"{DeadQueues(broker).discard(refused)} discarded")
        return
    desk = _desk(None)
    parked = [entry for entry in _entries(desk, _required(event), handler) if entry.parked]
    for entry in parked:
        click.echo(f"{event} {entry.where}: {'discarded' if desk.discard(entry) else 'has been handled meanwhile'}")
    if not parked:
        raise click.ClickException("no handler failed on this event: there is nothing to discard")


def _desk(service: str | None) -> Desk:
    try:
        settings = [OperatorSettings.read(name) for name in ([service] if service else PACKAGES)]
    except BadSetting as fault:
        refuse(fault)
    return Desk({one.service: one.database() for one in settings})


def _entries(desk: Desk, event: UUID, handler: str) -> list[Entry]:
    try:
        return desk.of_event(event, handler)
    except NoSuchEvent:
        raise click.ClickException("no such event: it may have been handled, or be older than 30 days") from None


def _for_replay(entries: list[Entry]) -> list[Entry]:
    """Return where handlers failed; the outbox only where none did, or every other handler would have it again."""
    return [entry for entry in entries if entry.parked] or entries


def _required(event: UUID | None) -> UUID:
    if event is None:
        raise click.UsageError("name an event")
    return event


def _line(entry: Entry) -> list[str]:
    next_attempt = entry.next_attempt_at
    return [
        entry.state,
        str(entry.envelope.id),
        entry.envelope.type,
        entry.where,
        entry.borough,
        str(entry.attempts),
        next_attempt.isoformat(timespec="seconds") if next_attempt else "-",
        entry.failure or "-",
    ]


def _table(lines: Iterable[list[str]]) -> list[str]:
    rows = [["STATE", "EVENT", "TYPE", "HANDLER", "BOROUGH", "TRIES", "NEXT", "FAILURE"], *lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _described(entry: Entry, *, data: bool) -> dict[str, object]:
    document = entry.envelope.document()
    told = document if data else {name: value for name, value in document.items() if name != "data"}
    return {
        "state": entry.state,
        "handler": entry.where,
        "borough": entry.borough,
        "attempts": entry.attempts,
        "failure": entry.failure,
        "event": told,
    }


def _list_refused(services: list[str], broker: str) -> None:
    if not broker.startswith("amqp"):
        return
    for service in services:
        refused = DeadQueues(broker).listed(service)
        if refused:
            queues = ", ".join(sorted({one.queue for one in refused}))
            click.echo(f"refused: {len(refused)} in the dead-letter queue of {service}, from {queues}: see --refused of replay and discard")
