"""`stayplay borough`: what operators do with boroughs, through the operators' interface like any other client."""

import json
from pathlib import Path
from typing import Any

import click
import yaml

from stayplay.client import Client, Refused
from stayplay.leaving.commands import COMMANDS as LEAVING
from stayplay.operating import as_operator


@click.group()
@click.option("--url", envvar="PUBLIC_URL", help="Where the platform answers; also read from PUBLIC_URL.")
@click.option("--operator-token", envvar="OPERATOR_TOKEN", help="The operator's token; also read from OPERATOR_TOKEN.")
@click.option("--ca-file", type=click.Path(exists=True), help="Certificate authority of the address, where it is a private one.")
@click.pass_context
def borough(context: click.Context, url: str | None, operator_token: str | None, ca_file: str | None) -> None:
    """Onboard a borough; export, erase and take in one that leaves."""
    context.obj = Client(url, token=operator_token, verify=ca_file or True) if url and operator_token else None


for command in LEAVING:
    borough.add_command(command)


@borough.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_operator
def onboard(operator: Client, file: Path) -> None:
    """Onboard the borough that FILE describes, in YAML; prints the invitation for its administrator."""
    try:
        answer = operator.post("/api/v1/operator/boroughs", described(file))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(json.dumps(answer, indent=2, ensure_ascii=False))


def described(file: Path) -> dict[str, Any]:
    """Return what a YAML file says.

    Raises:
        click.ClickException: it is no YAML, or holds something other than names with values.
    """
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise click.ClickException(f"{file} can't be read as YAML: {fault}") from fault
    if not isinstance(document, dict):
        raise click.ClickException(f"{file} does not describe a borough: it must hold names with values")
    return document
