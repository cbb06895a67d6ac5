"""`stayplay serve`: one service, or the gateway, as a process of its own."""

import stayplay.green  # noqa: F401 - for what it does, before anything else

# isort: split

import click

from chassis import logging, runner
from chassis.settings import Settings
from stayplay.roster import ROLE, hosted


@click.command()
@click.argument("role", type=ROLE)
@click.pass_context
def serve(context: click.Context, role: str) -> None:
    """Run one service, or the gateway, until it is told to stop."""
    settings = Settings.read_or_exit(role)
    logging.configure(settings.log_format, service=role)
    context.exit(runner.serve([hosted(role, settings)]))
