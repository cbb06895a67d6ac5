"""`stayplay borough`: what operators do with boroughs, through the operators' interface like any other client."""

import json
from pathlib import Path
from typing import Any

import click

from stayplay.client import Client, Refused
from stayplay.describing import Description, Faulty, described
from stayplay.leaving.commands import COMMANDS as LEAVING
from stayplay.operating import as_operator

BOROUGHS = "/api/v1/operator/boroughs"
STATES = ("setting_up", "working", "suspended", "practice")


class NotUsable(click.ClickException):
    """A description with faults: all of them are told, each with its place."""

    def __init__(self, file: Path, faulty: Faulty) -> None:
        count = "1 fault" if len(faulty.faults) == 1 else f"{len(faulty.faults)} faults"
        lines = "\n".join(f"  {fault}" for fault in faulty.faults)
        super().__init__(f"{file} was not onboarded, it has {count}:\n{lines}")


@click.group()
@click.option("--url", envvar="PUBLIC_URL", help="Where the platform answers; also read from PUBLIC_URL.")
@click.option("--operator-token", envvar="OPERATOR_TOKEN", help="The operator's token; also read from OPERATOR_TOKEN.")
@click.option("--ca-file", type=click.Path(exists=True), help="Certificate authority of the address, where it is a private one.")
@click.pass_context
def borough(context: click.Context, url: str | None, operator_token: str | None, ca_file: str | None) -> None:
    """Onboard, list, suspend and resume boroughs; export, erase and take in those that leave."""
    context.obj = Client(url, token=operator_token, verify=ca_file or True) if url and operator_token else None


for command in LEAVING:
    borough.add_command(command)


@borough.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only look for faults; onboard nothing.")
@as_operator
def onboard(operator: Client, file: Path, *, check: bool) -> None:
    """Onboard the borough that FILE describes, in YAML: all of it or nothing. The same file again changes nothing.

    Prints the borough with the invitation for its administrator, as JSON.
    """
    try:
        found = _checked(file)
        if check:
            click.echo(f"{file} has no faults.")
            return
        answer = _onboarded(operator, found)
    except Faulty as faulty:
        raise NotUsable(file, faulty) from faulty
    if answer.get("already"):
        click.echo(f"{answer['slug']} was onboarded from this description before. Nothing was changed.", err=True)
    click.echo(json.dumps(answer, indent=2, ensure_ascii=False))


def _checked(file: Path) -> Description:
    from gateway.contract import OnboardRequest

    found = described(file)
    found.check(OnboardRequest())
    return found


def _onboarded(operator: Client, found: Description) -> dict[str, Any]:
    try:
        return operator.post(BOROUGHS, found.values)
    except Refused as refusal:
        if refusal.problem.get("faults"):
            raise found.faulty(refusal.problem["faults"]) from refusal
        if refusal.problem.get("field"):
            raise found.faulty({refusal.problem["field"]: [refusal.problem["detail"]]}) from refusal
        raise click.ClickException(str(refusal)) from refusal


@borough.command("list")
@click.option("--search", default="", help="Part of a name, or of a GSS code.")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@as_operator
def list_boroughs(operator: Client, search: str, state: str | None) -> None:
    """List boroughs by their name in addresses."""
    for one in _every(operator, q=search or None, state=state):
        click.echo(f"{one['slug']:<40} {one['gss_code']}  {_state(one):<10} {one['name']}")


@borough.command()
@click.argument("slug")
@click.option("--reason", required=True, help="Why; everybody in the borough can read it.")
@as_operator
def suspend(operator: Client, slug: str, reason: str) -> None:
    """Suspend the borough SLUG: everything in it can be read, nothing can be changed."""
    _act(operator, slug, "suspend", reason)
    click.echo(f"{slug} is suspended. Everything in it can be read, nothing can be changed.")


@borough.command()
@click.argument("slug")
@click.option("--reason", required=True, help="Why its work goes on; kept in its audit trail.")
@as_operator
def resume(operator: Client, slug: str, reason: str) -> None:
    """Let the work of the suspended borough SLUG go on."""
    _act(operator, slug, "resume", reason)
    click.echo(f"The work of {slug} goes on.")


def _act(operator: Client, slug: str, what: str, reason: str) -> None:
    try:
        operator.post(f"{BOROUGHS}/{named(operator, slug)['id']}/{what}", {"reason": reason})
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal


def named(operator: Client, slug: str) -> dict[str, Any]:
    """Return the borough of a name in addresses.

    Raises:
        click.ClickException: there is none.
    """
    for one in _every(operator, q=slug):
        if one["slug"] == slug:
            return one
    raise click.ClickException(f"There is no borough {slug}. `stayplay borough list` says which there are.")


def _every(operator: Client, **wanted: str | None) -> list[dict[str, Any]]:
    """Return every borough that is wanted, page by page."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        try:
            page = operator.get(BOROUGHS, limit=100, after=after, **wanted)
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from refusal
        found += page["items"]
        after = page["next"]
        if after is None:
            return found


def _state(one: dict[str, Any]) -> str:
    if one.get("suspended_at"):
        return "suspended"
    if one["practice"]:
        return "practice"
    return "working" if one.get("opened_at") else "setting up"
