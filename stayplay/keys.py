"""`stayplay keys`: a fresh set of secrets, as lines that an .env file takes."""

import click

from chassis.keys import fresh_secrets


@click.command()
def keys() -> None:
    """Print a fresh set of keys and passwords for one installation: keep it where only operators read."""
    for name, value in sorted(fresh_secrets().items()):
        click.echo(f"{name}={value}")
