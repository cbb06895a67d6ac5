"""`stayplay audit verify` and `stayplay audit heads`."""

import sys
from typing import TextIO
from uuid import UUID

import click
import psycopg2

from chassis.auditing.proving import Chain, Proof
from chassis.settings import AuditSettings, BadSetting, refuse
from chassis.signing import BadKey, Verifier
from stayplay.audit.heads import Kept, line_of, read_heads
from stayplay.audit.source import Source
from stayplay.roster import PACKAGES, ROLE


@click.group()
def audit() -> None:
    """Prove the audit trail whole."""


@audit.command()
@click.option("--borough", help="Only this borough, by its name in addresses (or its id).")
@click.option("--service", "services", type=ROLE, multiple=True, help="Only this service; may be given more than once.")
@click.option("--heads", type=click.File(encoding="utf-8"), help="What `stayplay audit heads` printed before, or the services' logs.")
@click.option("--former-key", "former", multiple=True, help="A public key that a service had before; may be given more than once.")
def verify(borough: str | None, services: tuple[str, ...], heads: TextIO | None, former: tuple[str, ...]) -> None:
    """Find every entry that was removed, edited, added or moved; exit code 1 where there is one.

    Reads every entry of every service and prints none. Needs each service's DATABASE_URL, OPERATOR_DATABASE_URL and PUBLIC_KEY.
    """
    kept = _read(heads)
    proofs: list[Proof] = []
    for service in services or tuple(PACKAGES):
        proofs += _verified(service, borough, kept, former)
    if not proofs:
        raise click.ClickException("there is no such borough" if borough else "there is no borough yet")
    faults = sum(len(proof.faults) for proof in proofs)
    told = _count(sum(proof.entries for proof in proofs), "entry", "entries")
    click.echo(f"{told} in {_count(len(proofs), 'chain')}: {_count(faults, 'fault') if faults else 'whole'}")
    if faults:
        sys.exit(1)


@audit.command("heads")
def print_heads() -> None:
    """Print how every chain ends, to be kept where whoever can write to the databases can't."""
    for service in PACKAGES:
        try:
            for head in Source(_settings(service)).heads():
                click.echo(line_of(service, head))
        except psycopg2.Error as fault:
            raise click.ClickException(f"{service}: {str(fault).strip()}") from None


def _verified(service: str, wanted: str | None, kept: Kept, former: tuple[str, ...]) -> list[Proof]:
    settings = _settings(service)
    source, keys = Source(settings), _keys(settings.public_key, *former)
    try:
        boroughs = {**{borough: None for name, borough in kept if name == service}, **source.boroughs()}
        return [
            _proved(source, service, borough, slug, keys, kept)
            for borough, slug in boroughs.items()
            if wanted in {None, slug, str(borough)}
        ]
    except psycopg2.Error as fault:
        raise click.ClickException(f"{service}: {str(fault).strip()}") from None


def _proved(source: Source, service: str, borough: UUID, slug: str | None, keys: list[Verifier], kept: Kept) -> Proof:
    with source.trail(borough) as (seals, entries):
        proof = Chain(service, seals, keys, kept.get((service, borough), ())).prove(entries)
    if slug == "" and not proof.entries and not proof.seals:
        proof.faults.clear()  # it left, and its trail was erased with it, seals and all
    name = f"{service} {slug or borough}"
    for fault in proof.faults:
        click.echo(f"{name}: {fault}", err=True)
    notes = [_count(proof.seals, "seal"), *([f"{proof.unsealed} not sealed yet"] if proof.unsealed else [])]
    notes += [f"values of {proof.erased} erased"] if proof.erased else []
    click.echo(f"{name}: {_count(proof.entries, 'entry', 'entries')}, {', '.join(notes)}: {'BROKEN' if proof.faults else 'whole'}")
    return proof


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _settings(service: str) -> AuditSettings:
    try:
        return AuditSettings.read(service)
    except BadSetting as fault:
        refuse(fault)


def _keys(*public: str) -> list[Verifier]:
    try:
        return [Verifier(key) for key in public]
    except BadKey as fault:
        raise click.ClickException(str(fault)) from None


def _read(heads: TextIO | None) -> Kept:
    try:
        return read_heads(heads) if heads else {}
    except ValueError as fault:
        raise click.ClickException(str(fault)) from None
