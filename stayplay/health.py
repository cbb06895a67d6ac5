"""`stayplay health`: what an orchestrator runs inside a container to know whether it is well."""

from urllib.error import URLError
from urllib.request import urlopen

import click

SECONDS = 4


@click.command()
@click.option(
    "--port", envvar="HEALTH_PORT", default=9000, show_default=True, help="Port of health and metrics; also read from HEALTH_PORT."
)
@click.option("--live", is_flag=True, help="Ask only whether the process lives, not whether it is ready.")
def health(port: int, *, live: bool) -> None:
    """Exit with 0 if the service on this machine is ready, with 1 if not."""
    path = "live" if live else "ready"
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/{path}", timeout=SECONDS) as answer:
            click.echo(answer.read().decode())
    except (URLError, OSError) as fault:
        raise click.ClickException(f"not {path}: {fault}") from fault
