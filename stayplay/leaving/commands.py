"""`stayplay borough export`, `import`, `erase` and `verify-certificate`: for a machine that holds the databases' passwords."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from chassis.archive.manifest import BadArchive
from chassis.archive.target import NotTaken
from chassis.errors import Unavailable
from chassis.settings import BadSetting
from gateway.leaving.certificate import is_genuine
from stayplay.client import Client, Refused
from stayplay.leaving.places import NoSuchBorough, Places
from stayplay.operating import as_operator

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("export")
@click.argument("slug")
@click.option("--to", "file", type=_NEW_FILE, required=True, help="The archive, a .zip that must not be there yet.")
@click.option("--by", required=True, help="Who exports: it is in the archive, and on the certificate of erasure.")
@click.option("--running", is_flag=True, help="Also while the borough is at work. Such an archive can't be the last before an erasure.")
@click.option("--wait", default=60.0, show_default=True, help="Seconds to wait for events that are on their way.")
@as_operator
def export_borough(operator: Client, slug: str, file: Path, by: str, wait: float, *, running: bool) -> None:
    """Write everything of the borough SLUG into one archive: JSON lines and CSV, with a manifest of checksums.

    It reads every service's database, by the addresses in the settings, as a role that can see one borough. The archive holds
    what is most private, and is not encrypted: keep it where only those may read who must.
    """
    from stayplay.leaving.exporting import NotSettled, export

    with _explained(NotSettled):
        places = Places(os.environ)
        exported = export(places, slug, file, by=by, running=running, wait=wait, say=click.echo)
        archived = {"manifest_checksum": exported.checksum, "made_at": exported.made_at.isoformat(), "by": by}
        operator.post(f"{_path(places.borough(slug).borough_id)}/archives", {**archived, "running": not exported.suspended})
        if exported.suspended:
            path = f"{_path(places.borough(slug).borough_id)}/export"
            operator.post(path, {**archived, "rows": exported.rows})
    click.echo(f"{file}\nchecksum of its manifest: {exported.checksum}")
    if not exported.suspended:
        click.echo("The borough was at work meanwhile: export it again, suspended, before it is erased.")


@click.command("import")
@click.argument("file", type=_FILE)
@click.option(
    "--checksum", required=True, help="Checksum of the manifest, as the export printed it: an archive that was made up has another."
)
def import_borough(file: Path, checksum: str) -> None:
    """Take in the borough whose archive FILE is: all of it, or nothing that anybody can see. Safe to repeat.

    It arrives as it left, suspended; resume it when all is well. Nobody has a password here yet: each person chooses one by
    "I forgot my password".
    """
    from stayplay.leaving.taking_in import Taken, take_in

    with _explained(Taken, NotTaken, BadArchive):
        arrived = take_in(Places(os.environ), file, checksum.strip().lower(), say=click.echo)
    click.echo("The borough is here, as it left." if arrived else "Everything was here already, just so: nothing was done.")


@click.command("erase")
@click.argument("slug")
@click.option("--checksum", required=True, help="Checksum of the manifest of its newest archive, as the export printed it.")
@click.option("--by", required=True, help="Who erases: it is on the certificate.")
@click.option("--to", "file", type=_NEW_FILE, required=True, help="Where to write the certificate, in JSON.")
@click.option("--typed", "typed", nargs=2, help="The name twice, where nobody can be asked.")
@click.option("--wait", default=120.0, show_default=True, help="Seconds to wait for every service to have erased its rows.")
@as_operator
def erase_borough(operator: Client, slug: str, checksum: str, by: str, file: Path, typed: tuple[str, str] | None, wait: float) -> None:
    """Erase the suspended and exported borough SLUG from every database, its audit trail too, and certify that.

    There is no way back but the archive. Cut short, it is safe to run again: what is done is not done twice.
    """
    from stayplay.leaving.erasing import NotErased, changed_since, counted, erase_trails, wait_until_gone

    if file.exists():
        raise click.ClickException(f"{file} is there already: choose another name")
    first, second = typed or (_asked("Type the name of the borough in addresses"), _asked("And again"))
    with _explained(NotErased):
        places = Places(os.environ)
        departure = _departure(operator, slug)
        borough_id = UUID(departure["borough_id"])
        if departure["state"] == "exported" and (changed := changed_since(places, borough_id, departure["rows"])):
            raise NotErased(f"it is not as it was exported: {'; '.join(changed)}. Export it again")
        asked = {"slug": first, "slug_again": second, "manifest_checksum": checksum.strip().lower(), "by": by}
        operator.post(f"{_path(borough_id)}/erasure", asked)
        if departure["state"] != "erased":
            wait_until_gone(places, borough_id, wait=wait, say=click.echo)
            trails = erase_trails(places, borough_id, say=click.echo)
            operator.post(f"{_path(borough_id)}/certificate", {"left": counted(places, borough_id), "audit_erased": trails})
        certified = operator.get(f"{_path(borough_id)}/certificate")
    file.write_text(json.dumps(certified, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo(f"Nothing is left of {slug}. The certificate is {file}.")


@click.command("verify-certificate")
@click.argument("file", type=_FILE)
@click.option(
    "--public-key", envvar="GATEWAY_PUBLIC_KEY", required=True, help="The gateway's public key; also read from GATEWAY_PUBLIC_KEY."
)
def verify_certificate(file: Path, public_key: str) -> None:
    """Tell whether the certificate of erasure FILE was signed by the gateway with this key, and says what it said then."""
    try:
        document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        genuine = is_genuine(document["certificate"], str(document["signature"]), public_key)
        named = document["certificate"]["borough"]["name"], document["certificate"]["erasure"]["certified_at"]
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise click.ClickException(f"{file} is no certificate") from fault
    if not genuine:
        raise click.ClickException("NOT GENUINE: it was signed with another key, or changed since")
    click.echo(f"Genuine: {named[0]} was erased, certified {named[1]}")


@click.command("sweep")
@as_operator
def sweep_trails(operator: Client) -> None:
    """Erase the audit trails that erased practice boroughs left: no part of the platform may touch them but this."""
    from stayplay.leaving.erasing import sweep

    with _explained():
        under_way = {one["borough_id"] for one in _departures(operator) if one["state"] == "erasing"}
        entries = sweep(Places(os.environ), but=under_way, say=click.echo)
    click.echo(f"{entries} entries of the audit trail erased")


COMMANDS = (export_borough, import_borough, erase_borough, verify_certificate, sweep_trails)


def _departure(operator: Client, slug: str) -> dict[str, Any]:
    """Return how far the borough with this name is on its way out; one that is gone only where no other has its name now."""
    found = [one for one in _departures(operator) if one["slug"] == slug]
    if not found:
        raise NoSuchBorough(f"no borough {slug} was exported, suspended")
    return min(found, key=lambda one: bool(one["state"] == "erased"))


def _departures(operator: Client) -> Iterator[dict[str, Any]]:
    """Yield every borough that was exported, page by page."""
    after: str | None = None
    while True:
        page = operator.get("/api/v1/operator/departures", after=after, limit=100)
        yield from page["items"]
        after = page["next"]
        if after is None:
            return


def _path(borough_id: Any) -> str:
    return f"/api/v1/operator/boroughs/{borough_id}"


def _asked(question: str) -> str:
    answer: str = click.prompt(question)
    return answer


@contextmanager
def _explained(*expected: type[Exception]) -> Iterator[None]:
    """Say in one line what went wrong, where it is something that an operator can act on."""
    known: tuple[type[Exception], ...] = (*expected, NoSuchBorough, BadSetting, Refused, Unavailable, FileExistsError)
    try:
        yield
    except known as fault:
        raise click.ClickException(str(fault)) from fault
