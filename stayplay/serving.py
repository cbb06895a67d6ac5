"""`stayplay serve`: one service, or the gateway, as a process of its own."""

import eventlet

eventlet.monkey_patch()

import click  # noqa: E402 - what follows must find a cooperative standard library

from chassis import logging, runner  # noqa: E402
from chassis.settings import Settings  # noqa: E402
from stayplay.roster import ROLE, hosted  # noqa: E402


@click.command()
@click.argument("role", type=ROLE)
@click.pass_context
def serve(context: click.Context, role: str) -> None:
    """Run one service, or the gateway, until it is told to stop."""
    settings = Settings.read_or_exit(role)
    logging.configure(settings.log_format, service=role)
    context.exit(runner.serve([hosted(role, settings)]))
