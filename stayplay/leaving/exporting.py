"""Writing a borough into an archive, from every service's database as it was at one moment."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from chassis.archive.connection import transaction
from chassis.archive.packing import Packer, packing
from chassis.archive.source import Source, opened
from chassis.database.tenants import Borough
from chassis.events import listeners_of
from stayplay.leaving.contents import PARTS, PEOPLE, PEOPLE_PLACE, Part, left_behind, not_taken_in
from stayplay.leaving.places import Places
from stayplay.leaving.repository import People, profile
from stayplay.roster import LISTENERS, service_class

PRODUCT: Final = "Stay & Play"
_LOOK_AGAIN_SECONDS: Final = 1.0

Say = Callable[[str], None]


class NotSettled(Exception):
    """Something of the borough is still on its way, or it is not suspended; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An archive that was written.

    Attributes:
        checksum: SHA-256 of its manifest.
        made_at: when the databases were as it has them.
        suspended: nothing changed meanwhile, so nothing is missing from it.
        rows: how many rows it has, by service and table.
    """

    checksum: str
    made_at: datetime
    suspended: bool
    rows: dict[str, dict[str, int]]


def export(places: Places, slug: str, file: Path, *, by: str, running: bool = False, wait: float = 60, say: Say) -> Exported:
    """Write everything that every service has of a borough to ``file``.

    Args:
        places: the installation.
        slug: the borough's name in addresses.
        file: must not be there yet.
        by: what the operator calls themself.
        running: also of a borough that is not suspended. Each service is whole then, but not all are of one moment.
        wait: seconds to wait for events that are on their way.
        say: told of each table.

    Raises:
        NoSuchBorough, BadSetting, FileExistsError: nothing was written.
        NotSettled: the borough is not suspended, or its events do not settle.
        Unavailable: a database can't be reached.
    """
    borough = places.borough(slug)
    with _settled(places, borough, running=running, wait=wait) as sources, packing(file) as packer:
        made_at = datetime.now(UTC)
        rows = {part.service: _add_tables(packer, sources[part.service], part, say) for part in PARTS}
        rows["gateway"]["people"] = _add_people(packer, places, borough, say)
        suspended = all_suspended(sources)
        checksum = packer.finish(**_said(sources, borough, suspended=suspended, made_at=made_at, by=by))
    return Exported(checksum, made_at, suspended, rows)


def all_suspended(sources: Mapping[str, Source]) -> bool:
    """Tell whether every service knows that nothing may change in the borough."""
    return all(known is not None and known.suspended for known in (source.borough() for source in sources.values()))


def unsettled(sources: Mapping[str, Source]) -> list[str]:
    """Return what of the borough's events is not settled, each as a few words; nothing of it is lost, it takes its time or an operator."""
    found = []
    for service, source in sources.items():
        found += [f"{service}: {count} events {what}" for what, count in source.unsettled().items() if count]
    for listener in (listener for role in LISTENERS for listener in listeners_of(service_class(role))):
        seen: set[str] | None = None
        for producer in sources.keys() & {name.partition(".")[0] for name in listener.types}:
            told = sources[producer].told([name for name in listener.types if name.startswith(f"{producer}.")])
            seen = sources[listener.service].seen(listener.name) if seen is None else seen
            if told - seen:
                found.append(f"{listener.service}: {len(told - seen)} events on their way to {listener.method}")
    return found


@contextmanager
def _settled(places: Places, borough: Borough, *, running: bool, wait: float) -> Iterator[dict[str, Source]]:
    """Look at every database when nothing is on its way between them."""
    end = time.monotonic() + wait
    while True:
        with ExitStack() as stack:
            sources = {part.service: stack.enter_context(opened(places.app(part.service), borough.borough_id)) for part in PARTS}
            waiting = [] if running else _in_the_way(sources)
            if not waiting:
                yield sources
                return
        if time.monotonic() > end:
            raise NotSettled("; ".join(waiting))
        time.sleep(_LOOK_AGAIN_SECONDS)


def _in_the_way(sources: Mapping[str, Source]) -> list[str]:
    if all_suspended(sources):
        return unsettled(sources)
    return ["not every service knows that the borough is suspended: suspend it first, so that nothing changes meanwhile"]


def _add_tables(packer: Packer, source: Source, part: Part, say: Say) -> dict[str, int]:
    rows = {}
    for one in part.tables:
        rows[one.name] = packer.add(part.place(one), [column.name for column in one.columns], partial(source.lines, one))
        say(f"{part.place(one)}: {rows[one.name]}")
    return rows


def _add_people(packer: Packer, places: Places, borough: Borough, say: Say) -> int:
    with transaction(places.people(), borough.borough_id, reads_only=True) as connection:
        people = People(connection, borough.borough_id)
        count = packer.add(PEOPLE_PLACE, PEOPLE, people.lines)
    say(f"{PEOPLE_PLACE}: {count}")
    return count


def _said(sources: Mapping[str, Source], borough: Borough, *, suspended: bool, made_at: datetime, by: str) -> dict[str, Any]:
    """Return what the manifest says beside its files."""
    named = profile(sources["gateway"])
    return {
        "product": PRODUCT,
        "version": version("stayplay"),
        "made_at": made_at,
        "made_by": by,
        "borough": {"id": borough.borough_id, "practice": borough.practice, "suspended": suspended, **named},
        "revisions": {service: source.revision() for service, source in sources.items()},
        "left_behind": left_behind(),
        "not_taken_in": not_taken_in(),
    }
