"""Taking a borough in from an archive of another installation: all of it, or nothing that anybody can see.

Each service writes in a transaction of its own, and none is committed before all have written and read back everything.
They are committed one after the other, the gateway last: until then nobody can reach the borough. If that is cut short,
the same archive taken in again finds which services have it, and goes on with the others.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from chassis.archive.connection import transaction
from chassis.archive.contents import Carried
from chassis.archive.manifest import BadArchive
from chassis.archive.target import Target, digest_of, holding
from chassis.archive.unpacking import Archive, unpacking
from gateway.contract import RESERVED_SLUGS
from stayplay.leaving.contents import PARTS, PEOPLE_PLACE, Part, expected_files
from stayplay.leaving.places import Places
from stayplay.leaving.repository import People

Say = Callable[[str], None]
_IDENTIFIER: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Taken(Exception):
    """Something of the borough is here already, and it is not what the archive holds."""


def take_in(places: Places, file: Path, checksum: str, *, say: Say) -> bool:
    """Take the borough of an archive in; return False where all of it was here already, just so.

    Args:
        places: the installation that takes it in.
        file: the archive.
        checksum: of its manifest, as the export said it: an archive that was made up has another.
        say: told of each table.

    Raises:
        BadArchive: it is no archive, not the one with this checksum, not as it left, or of another version.
        Taken: the borough, or its name in addresses, is in use here.
        NotTaken: a database refused a row; nothing was written.
        BadSetting, Unavailable: a database is not known, or can't be reached.
    """
    with unpacking(file) as archive:
        if archive.checksum != checksum:
            raise BadArchive(f"its manifest has the checksum {archive.checksum}: it is another archive, or was changed")
        archive.verify()
        return _Arrival(places, archive, say).arrive()


class _Arrival:
    """One borough on its way in."""

    def __init__(self, places: Places, archive: Archive, say: Say) -> None:
        self._places, self._archive, self._say = places, archive, say
        self._id: UUID = archive.manifest["borough"]["id"]
        self._slug: str = archive.manifest["borough"]["slug"]
        self._renamed: dict[str, str] = {}

    def arrive(self) -> bool:
        """Write everything that is not here yet, and let it stay."""
        self._check_files()
        self._check_slug()
        with ExitStack() as stack:
            targets = {part.service: holding(stack.enter_context(transaction(self._places.app(part.service), self._id))) for part in PARTS}
            self._check_revisions(targets)
            people = People(stack.enter_context(transaction(self._places.people(), self._id)), self._id)
            self._renamed = self._add_people(people)
            missing = [part for part in PARTS if not self._has(part, targets[part.service])]
            if not missing:
                return False
            for part in missing:
                self._write(part, targets[part.service])
            people.commit()
            for part in missing:
                targets[part.service].commit()
        return True

    def _check_files(self) -> None:
        """Refuse an archive that holds other tables than this version has."""
        there = {file["path"] for file in self._archive.manifest["files"]}
        if there != expected_files():
            differing = sorted(there ^ expected_files())
            raise BadArchive(f"it was made by another version of the product: {', '.join(differing[:5])}")

    def _check_slug(self) -> None:
        if self._slug in RESERVED_SLUGS:
            raise Taken(f"{self._slug} is an address of the platform itself")
        if self._places.slugs().get(self._slug, self._id) != self._id:
            raise Taken(f"another borough has the name {self._slug} here")

    def _check_revisions(self, targets: Mapping[str, Target]) -> None:
        came: dict[str, str] = self._archive.manifest["revisions"]
        here = {service: target.revision() for service, target in targets.items()}
        if came != here:
            differing = ", ".join(f"{service} {came.get(service, 'none')} there and {here[service]} here" for service in here)
            raise BadArchive(f"its tables are of another version: {differing}. Bring both installations to one version, and export again")

    def _has(self, part: Part, target: Target) -> bool:
        """Tell whether a service has the borough already, from an earlier try; refuse where it has anything else of it."""
        known = target.borough()
        if known is not None and not known.slug:
            raise Taken("this borough was erased here, and the certificate says so: it can't come back to this installation")
        counts = {one.name: target.count(one) for one in part.tables}
        if not any(counts.values()):
            return False
        if all(self._is_as_it_left(part, one, target) for one in part.taken_in):
            self._say(f"{part.service}: is here already")
            return True
        raise Taken(f"{part.service} has rows of this borough, and they are not those of the archive")

    def _is_as_it_left(self, part: Part, one: Carried, target: Target) -> bool:
        return digest_of(target.lines(one)) == digest_of(self._lines(part, one))

    def _lines(self, part: Part, one: Carried) -> Iterator[str]:
        """Return the rows of a table as they are to be here: everybody has the id that this installation knows them by.

        What the audit trail says stays word for word, for its chain is made of it.
        """
        lines = self._archive.lines(f"{part.place(one)}.jsonl")
        return lines if one.name == "audit" or not self._renamed else _renamed(lines, self._renamed)

    def _add_people(self, people: People) -> dict[str, str]:
        """Add whoever is not known here; return, by id in the archive, the id of everybody whom this installation knows by another."""
        lines = list(self._archive.lines(f"{PEOPLE_PLACE}.jsonl"))
        people.add(lines)
        return people.known_otherwise([_person(line) for line in lines])

    def _write(self, part: Part, target: Target) -> None:
        for one in part.taken_in:
            target.check(one, target.take(one, self._lines(part, one)))
            self._say(f"{part.place(one)}: {self._archive.rows(f'{part.place(one)}.jsonl')}")


def _person(line: str) -> dict[str, Any]:
    try:
        row: dict[str, Any] = json.loads(line)
        UUID(row["id"])
        str(row["email"])
    except (ValueError, KeyError, TypeError):
        raise BadArchive("its list of people can't be read") from None
    return row


def _renamed(lines: Iterable[str], renamed: Mapping[str, str]) -> Iterator[str]:
    for line in lines:
        yield _IDENTIFIER.sub(lambda found: renamed.get(found[0], found[0]), line)
