"""`stayplay migrate` and `stayplay check-migrations`."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from chassis.database import migrate as migrations
from chassis.database.roles import prepare
from chassis.settings import BadSetting, MigrationSettings, refuse
from stayplay.postgres import FORGETFUL, Postgres
from stayplay.roster import PACKAGES, ROLE, service_class, store


@click.command()
@click.argument("services", nargs=-1, type=ROLE)
@click.option("--broker", envvar="RABBITMQ_MANAGEMENT_URL", help="RabbitMQ's management interface: make a user there for each service.")
@click.option("--queues", envvar="AMQP_URI", default="", help="RabbitMQ: declare the queues of all events there; also read from AMQP_URI.")
def migrate(services: tuple[str, ...], broker: str | None, queues: str) -> None:
    """Make databases, roles and queues, and bring the tables up to date; safe to repeat, and to run while the platform serves.

    Without SERVICES: all of them. POSTGRES_ADMIN_URL is needed only where databases or roles are missing.
    """
    if broker:
        _make_broker_users(broker)
    if queues.startswith("amqp"):
        _declare_queues(queues)
    try:
        every = [MigrationSettings.read(service) for service in services or PACKAGES]
    except BadSetting as fault:
        refuse(fault)
    for settings in every:
        applied = bring_up_to_date(settings)
        click.echo(f"{settings.service}: {', '.join(applied) or 'up to date'}")


def _make_broker_users(management_url: str) -> None:
    import httpx

    from stayplay.broker import make_users, passwords_from

    try:
        make_users(management_url, passwords_from())
    except KeyError as missing:
        refuse(BadSetting(f"{missing.args[0]} is not set"))
    except httpx.HTTPError as fault:
        raise click.ClickException(f"RabbitMQ's management interface: {fault}") from fault
    click.echo("broker: users and rights are as they should be")


def _declare_queues(amqp_uri: str) -> None:
    """Declare every queue before the first service tells of anything, or what it tells would find none."""
    from chassis.broker import BrokerUnavailable
    from chassis.events import declare_queues

    try:
        count = declare_queues(amqp_uri, [service_class(role) for role in PACKAGES])
    except BrokerUnavailable as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"broker: {count} queues of events")


def bring_up_to_date(settings: MigrationSettings) -> list[str]:
    """Prepare and migrate one service's database; return the revisions applied."""
    ours = store(settings.service)
    if settings.admin_url:
        prepare(settings.admin_url, ours, settings.passwords)
    return migrations.migrate(ours, settings.owner_url)


@click.command("check-migrations")
def check_migrations() -> None:
    """Hold every migration against the models, on a database of its own."""
    with TemporaryDirectory(prefix="stayplay-check-") as folder, Postgres(Path(folder) / "postgres", **FORGETFUL) as server:
        faults = [fault for service in PACKAGES for fault in _faults(service, server.url)]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.ClickException("migrations and models disagree")
    click.echo(f"migrations match the models of {', '.join(PACKAGES)}")


def _faults(service: str, admin_url: str) -> list[str]:
    settings = MigrationSettings.read(service, {"POSTGRES_ADMIN_URL": admin_url})
    bring_up_to_date(settings)
    return migrations.check_migrations(store(service), settings.owner_url)
