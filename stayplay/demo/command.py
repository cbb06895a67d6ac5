"""`stayplay demo`: fill a practice borough of a running platform."""

import time

import click

from stayplay.client import Client
from stayplay.demo.year import FAMILIES, Year
from stayplay.journey import Borough

DEMO_SLUG, DEMO_NAME, DEMO_GSS_CODE = "southwark", "Southwark", "E09000028"
DEMO_PASSWORD = "stay and play demo"  # noqa: S105 - printed on purpose: the demonstration's sign-ins are no secret


@click.command()
@click.option("--url", required=True, help="Where the platform answers.")
@click.option("--operator-token", envvar="OPERATOR_TOKEN", required=True, help="The operator's token; also read from OPERATOR_TOKEN.")
@click.option("--slug", default=DEMO_SLUG, show_default=True, help="The borough's name in addresses.")
@click.option("--families", default=FAMILIES, show_default=True, help="How many families.")
@click.option("--ca-file", type=click.Path(exists=True), help="Certificate authority of the address, where it is a private one.")
def demo(url: str, operator_token: str, slug: str, families: int, ca_file: str | None) -> None:
    """Fill a new practice borough with a year of believable data, through the public interface."""
    fill(Client(url, token=operator_token, verify=ca_file or True, patience=10), slug, families)


def fill(operator: Client, slug: str = DEMO_SLUG, families: int = FAMILIES) -> None:
    """Onboard the borough, live its year, and say how to sign in."""
    started = time.monotonic()
    borough = Borough(operator, DEMO_NAME, slug, DEMO_GSS_CODE, password=DEMO_PASSWORD)
    click.echo(f"Filling the practice borough {slug} with a year of {families} families")
    borough.onboard()
    Year(borough, families=families, say=click.echo).live()
    click.echo(f"Done in {time.monotonic() - started:.0f} s")


def sign_ins(slug: str = DEMO_SLUG) -> list[tuple[str, str]]:
    """Return who can sign in, as (mail address, what they are)."""
    return [
        (f"facilitator@{slug}.example", "facilitator"),
        (f"camhs@{slug}.example", "practitioner, CAMHS"),
        (f"adult@{slug}.example", "practitioner, adult mental health team"),
        (f"referrer@{slug}.example", "referrer, health visiting"),
        (f"administrator@{slug}.example", "borough administrator"),
        (f"records@{slug}.example", "records lead: requests, packs, what was erased"),
    ]
