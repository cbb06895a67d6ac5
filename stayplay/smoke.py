"""`stayplay smoke`: prove a running platform by the whole journey, in two boroughs at once."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import click

from stayplay.client import Client, Refused
from stayplay.journey import Borough, FamilyJourney, StepFailed

TOTAL_WIDTH = 58


class SmokeFailed(click.ClickException):
    """A step failed; the exit code is 1."""


@click.command()
@click.option("--url", required=True, help="Where the platform answers, for example https://stayplay.example.org")
@click.option("--operator-token", envvar="OPERATOR_TOKEN", required=True, help="The operator's token; also read from OPERATOR_TOKEN.")
@click.option("--ca-file", type=click.Path(exists=True), help="Certificate authority of the address, where it is a private one.")
def smoke(url: str, operator_token: str, ca_file: str | None) -> None:
    """Drive the whole journey through a running platform, in two practice boroughs that are erased afterwards."""
    started = time.monotonic()
    operator = Client(url, token=operator_token, verify=ca_file or True)
    run = uuid4().hex[:8]
    journeys = [
        FamilyJourney(Borough(operator, "Southwark", f"smoke-southwark-{run}", "E09000028"), "Doyle"),
        FamilyJourney(Borough(operator, "Lambeth", f"smoke-lambeth-{run}", "E09000022"), "Brennan"),
    ]
    with cleaned_up(journeys):
        with ThreadPoolExecutor(len(journeys)) as pool:
            list(pool.map(walk, journeys))
        step("neither borough sees anything of the other", lambda: see_nothing_of_each_other(*journeys))
    click.echo(f"passed in {time.monotonic() - started:.1f} s")


def walk(journey: FamilyJourney) -> None:
    """Take every step of one journey."""
    for title, act in journey.steps():
        step(f"{journey.borough.name}: {title}", act)


def step(title: str, act: object) -> None:
    """Take one step and print it with its time.

    Raises:
        SmokeFailed: it did not do what it should.
    """
    started = time.monotonic()
    try:
        act()  # type: ignore[operator]  # a callable, said so by every caller
    except Exception as fault:
        raise SmokeFailed(f"{title}: {str(fault) or type(fault).__name__}") from fault
    click.echo(f"{title:<{TOTAL_WIDTH}} {1000 * (time.monotonic() - started):7.0f} ms")
    sys.stdout.flush()


def see_nothing_of_each_other(one: FamilyJourney, other: FamilyJourney) -> None:
    """Ask with each borough's people for the other's things: not found, and in no list.

    Raises:
        StepFailed: something was seen.
    """
    for here, there in ((one, other), (other, one)):
        base, client = here.borough.base, here.borough["camhs"]
        for path in (f"families/{there.seen['family_id']}", f"assessments/{there.seen['assessment']['id']}"):
            not_found(client, f"{base}/{path}")
            not_found(client, f"{there.borough.base}/{path}")
        listed = str([client.get(f"{base}/{what}") for what in ("families", "referrals", "assessments", "groups", "places")])
        if there.surname in listed or there.seen["family_id"] in listed:
            raise StepFailed("a list holds something of the other borough")


def not_found(client: Client, path: str) -> None:
    """Ask for something that must not be found.

    Raises:
        StepFailed: it was found, or refused in a way that tells it exists.
    """
    try:
        client.get(path)
    except Refused as refusal:
        if refusal.status == 404:
            return
        raise StepFailed(str(refusal)) from refusal
    raise StepFailed(f"{path} was found")


@contextmanager
def cleaned_up(journeys: list[FamilyJourney]) -> Iterator[None]:
    """Erase the practice boroughs whatever happens."""
    try:
        yield
    finally:
        for journey in journeys:
            journey.borough.erase()
