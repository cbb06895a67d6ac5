"""`stayplay run`: the whole platform in one process, with a PostgreSQL of its own and no broker to install."""

import stayplay.green  # noqa: F401 - for what it does, before anything else

# isort: split

import os
import signal
import socket
from collections.abc import Mapping
from logging import WARNING
from pathlib import Path

import click

from chassis import logging, runner
from chassis.events import listeners_of, send_unseen
from chassis.settings import MigrationSettings, Settings
from stayplay.demo.year import FAMILIES
from stayplay.home import Home, InUse, fingerprint
from stayplay.postgres import Postgres
from stayplay.roster import LISTENERS, PACKAGES, hosted, service_class, store
from stayplay.showing import Showing

WORKERS = "4"
"""Calls and events that each service works on at once: enough for one laptop, and few connections."""


@click.command()
@click.option("--demo", is_flag=True, help="Fill a practice borough with a year of believable data, at the first start.")
@click.option("--families", default=FAMILIES, show_default=True, help="How many families the demo borough has.")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="Where pages and API answer; also read from PORT.")
@click.option(
    "--home", "folder", envvar="STAYPLAY_HOME", default=".stayplay", show_default=True, type=click.Path(path_type=Path),
    help="Where the data is kept; also read from STAYPLAY_HOME.",
)  # fmt: skip
@click.pass_context
def run(context: click.Context, folder: Path, port: int, families: int, *, demo: bool) -> None:
    """Run the whole platform on this machine, with nothing to install; Ctrl-C stops it."""
    home = Home(folder)
    logging.configure("terminal", level=WARNING)
    try:
        with home.held():
            _require_free(port)
            with Postgres(home.postgres) as server:
                code = _serve(home, _environment(home, server.url, port), families=families if demo else 0)
    except InUse as fault:
        raise click.ClickException(str(fault)) from None
    context.exit(code)


def _serve(home: Home, env: Mapping[str, str], *, families: int) -> int:
    _migrate(home, env)
    every = {role: Settings.read(role, env) for role in PACKAGES}
    _send_again_what_the_broker_forgot(every)
    signal.signal(signal.SIGHUP, lambda *_: None)  # a closed terminal stops it as Ctrl-C does: the runner hears of every handled signal
    showing = Showing(home, env["PUBLIC_URL"], env["OPERATOR_TOKEN"], families=families)
    try:
        return runner.serve([hosted(role, settings) for role, settings in every.items()], on_started=showing.begin)
    finally:
        showing.end()


def _environment(home: Home, postgres_url: str, port: int) -> dict[str, str]:
    """Return the settings of every service, as the environment of a process would hold them."""
    chosen = {name: value for name, value in os.environ.items() if name in {"RPC_TIMEOUT_SECONDS", "STOP_WITHIN_SECONDS"}}
    return {
        "STOP_WITHIN_SECONDS": "5",
        **chosen,
        **home.secrets(),
        "AMQP_URI": "inprocess://stayplay",
        "LOG_FORMAT": "terminal",
        "MAIL_URL": os.environ.get("MAIL_URL") or (home.folder / "mail").as_uri(),
        "MAX_WORKERS": WORKERS,
        "PORT": str(port),
        "POSTGRES_ADMIN_URL": postgres_url,
        "PUBLIC_URL": os.environ.get("PUBLIC_URL", f"http://localhost:{port}"),
    }


def _migrate(home: Home, env: Mapping[str, str]) -> None:
    """Bring the databases up to date, unless these very migrations have run before."""
    needed = fingerprint(file for role in PACKAGES for file in store(role).migrations.rglob("*.py"))
    if home.is_noted("migrated", needed):
        return
    from stayplay.migrating import bring_up_to_date

    click.echo("Preparing the databases")
    for role in PACKAGES:
        bring_up_to_date(MigrationSettings.read(role, env))
    home.note("migrated", needed)


def _send_again_what_the_broker_forgot(every: Mapping[str, Settings]) -> None:
    """The broker of one process forgets with it; the outboxes do not."""
    databases = {role: settings.database() for role, settings in every.items()}
    try:
        send_unseen(databases, [listener for role in LISTENERS for listener in listeners_of(service_class(role))])
    finally:
        for database in databases.values():
            database.close()


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            raise InUse(f"Port {port} is in use by another program: choose another, for example PORT={port + 1} make run") from None
