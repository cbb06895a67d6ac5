"""Waiting lists that come as files: checked in the background, reviewed, and referred whole or not at all."""

import binascii
from base64 import b64decode
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import structlog

from chassis.contract import Event, ReceivedEvent
from chassis.database import Page
from chassis.errors import Conflict
from chassis.events import on_event
from chassis.ids import new_id
from chassis.keeping import FAMILY_ERASED
from chassis.rpc import rpc
from chassis.sheets import BadSheet
from chassis.threads import in_thread
from chassis.timers import every
from services.referrals import views
from services.referrals.contract import importing as contract
from services.referrals.importing import open_sheet
from services.referrals.models import Import, ImportRow
from services.referrals.repository import Work
from services.referrals.service.import_steps import check_some, refer_all

log = structlog.get_logger(__name__)

ERASED_AT_ONCE: Final = 50
STEP_WITHIN: Final = 300.0
"""Seconds that one step may take: 2,000 referrals, with what they are found by, in one transaction."""


class Importing:
    """Waiting lists that come as files."""

    @rpc(contract.IMPORT_COLUMNS)
    def import_columns(self, uow: Work) -> dict[str, Any]:
        """Return the columns of the file to fill in."""
        uow.saw()
        return views.import_columns()

    @rpc(contract.START_IMPORT)
    def start_import(self, uow: Work, file_name: str, content: str) -> dict[str, Any]:
        """Take a file in, and have its rows checked.

        Raises:
            Invalid: it is no table, or not one of ours: what to do is said under ``content``.
            NotReady, NotOpen: as `Receiving.refer`.
        """
        uow.require_open()
        sheet, total = in_thread(open_sheet, _bytes(content))
        taken = uow.imports.add(Import.of(file_name, sheet, total, uow.caller, uow.now))
        uow.saw(subject_id=taken.id, rows=total)
        uow.publish(taken.stepped())
        uow.session.flush()
        return views.import_(taken, {})

    @rpc(contract.LIST_IMPORTS)
    def list_imports(self, uow: Work, after: str | None, limit: int) -> Page[dict[str, Any]]:
        """Return a page of files, newest first."""
        page = uow.imports.listed(after, limit)
        counts = uow.import_rows.counted([one.id for one in page.items])
        return Page([views.import_(one, counts.get(one.id, {})) for one in page.items], page.next)

    @rpc(contract.GET_IMPORT)
    def get_import(self, uow: Work, import_id: UUID) -> dict[str, Any]:
        """Return one file; raises NotFound."""
        uow.saw(subject_id=import_id)
        return _shown(uow, uow.imports.get(import_id))

    @rpc(contract.LIST_IMPORT_ROWS)
    def list_import_rows(self, uow: Work, import_id: UUID, state: str | None, after: str | None, limit: int) -> Page[dict[str, Any]]:
        """Return a page of a file's rows; raises NotFound."""
        found = uow.imports.get(import_id)
        page = uow.import_rows.listed(import_id, state, after, limit)
        names = uow.import_rows.names_of({UUID(match["family_id"]) for row in page.items for match in row.matches})
        _note_families(uow, found, names)
        return Page([views.import_row(row, found.headings, names) for row in page.items], page.next)

    @rpc(contract.IMPORT_FAULTS)
    def import_faults(self, uow: Work, import_id: UUID) -> dict[str, Any]:
        """Return every row that needs changing, as it came, with what to change; raises NotFound."""
        found = uow.imports.get(import_id)
        rows = uow.import_rows.of(import_id)
        uow.saw(subject_id=import_id, handed_over=True)
        return views.import_faults(found, [row for row in rows if row.faults])

    @rpc(contract.DECIDE_IMPORT_ROWS)
    def decide_import_rows(self, uow: Work, import_id: UUID, version: int, decision: str, rows: list[UUID]) -> dict[str, Any]:
        """Decide what happens to rows under review.

        Raises:
            NotFound: no such file.
            Stale, InvalidTransition: it moved on.
            Conflict: a row that needs changing is to be referred.
        """
        found = uow.imports.get(import_id, for_update=True)
        found.move(version, "review", "review")
        chosen = _chosen(uow, import_id, decision, rows)
        for row in chosen:
            row.decide(decision)
        uow.saw(subject_id=import_id, decision=decision, rows=[row.number for row in chosen][:50])
        return _shown(uow, found)

    @rpc(contract.COMMIT_IMPORT)
    def commit_import(self, uow: Work, import_id: UUID, version: int) -> dict[str, Any]:
        """Have every row that is ready referred, in one go, in the background.

        Raises:
            NotFound, Stale, InvalidTransition: as `decide_import_rows`.
            Conflict: rows wait for a decision, or none is ready.
            NotReady, NotOpen: as `Receiving.refer`.
        """
        uow.require_open()
        found = uow.imports.get(import_id, for_update=True)
        counts = uow.import_rows.counted([import_id]).get(import_id, {})
        waiting = counts.get("faulty", 0) + counts.get("same", 0)
        uow.publish(found.begin_importing(version, uow.caller, waiting, counts.get("ready", 0)))
        uow.saw(subject_id=import_id, rows=counts.get("ready", 0))
        return views.import_(found, counts)

    @rpc(contract.CANCEL_IMPORT)
    def cancel_import(self, uow: Work, import_id: UUID, version: int) -> dict[str, Any]:
        """Throw a file away, with all that it said; raises as `decide_import_rows`, but for Conflict."""
        found = uow.imports.get(import_id, for_update=True)
        found.move(version, "cancelled", "checking", "review")
        found.content = None
        uow.import_rows.forget(import_id)
        uow.saw(subject_id=import_id)
        return views.import_(found, {})

    @rpc(contract.UNDO_IMPORT)
    def undo_import(self, uow: Work, import_id: UUID, version: int) -> dict[str, Any]:
        """Take every referral of an import back, where nobody has done anything with any of them yet.

        Raises:
            NotFound, Stale, InvalidTransition: as `decide_import_rows`.
            Conflict: somebody has.
        """
        found = uow.imports.get(import_id, for_update=True)
        found.move(version, "undone", "imported")
        referred = [row.referral_id for row in uow.import_rows.of(import_id, "imported") if row.referral_id]
        families = uow.import_rows.take_back(referred)
        if len(families) != len(referred):
            raise Conflict("Somebody has worked on a referral of this file already. Decide on each referral by itself.")
        uow.keys.refresh(families)
        uow.import_rows.forget(import_id)
        uow.import_rows.unlike(set(families), hidden=False)
        uow.saw(subject_id=import_id, rows=len(referred))
        uow.publish(*_erased(families, referred))
        return views.import_(found, {})

    @on_event(contract.IMPORT_STEPPED, within=STEP_WITHIN)
    def go_on_importing(self, work: Work, event: ReceivedEvent) -> None:
        """Do the next step of a file; an event of an earlier step, or of a file that is gone, does nothing."""
        found = work.imports.with_content(event.subject)
        if found is None or found.version != event.sequence:
            return
        if found.state == "checking":
            check_some(work, found)
        elif found.state == "importing":
            refer_all(work, found)

    @every(hours=1)
    def forget_imports(self, work: Work) -> None:
        """Delete the files whose time is over, with their rows."""
        for found in work.imports.expired():
            work.imports.remove(found)
            log.info("import.forgotten", import_id=found.id, state=found.state)


def _erased(families: Sequence[UUID], referrals: Sequence[UUID]) -> Iterator[Event]:
    """Yield what lets every part erase what it keeps of families that were taken back: entries of the trail, events, answers.

    Nobody is left then by whom that could be erased later. Some at a time: each is looked for in everything that passes.
    """
    for place in range(0, len(families), ERASED_AT_ONCE):
        some, known = families[place : place + ERASED_AT_ONCE], referrals[place : place + ERASED_AT_ONCE]
        facts: dict[str, Any] = {"family_id": some[0], "also": list(some[1:]), "known": list(known)}
        yield FAMILY_ERASED(new_id(), 2, **facts, salt="-", digests=[], exact=[])


def _bytes(content: str) -> bytes:
    try:
        return b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise BadSheet("Send the bytes of the file in base64.") from None


def _chosen(uow: Work, import_id: UUID, decision: str, rows: Sequence[UUID]) -> list[ImportRow]:
    """Return the rows that a decision is about."""
    if decision in contract.OF_MANY:
        return uow.import_rows.of(import_id, decision.removeprefix("leave_out_"))
    return uow.import_rows.chosen(import_id, rows)


def _shown(uow: Work, found: Import) -> dict[str, Any]:
    uow.session.flush()
    return views.import_(found, uow.import_rows.counted([found.id]).get(found.id, {}))


def _note_families(uow: Work, found: Import, names: dict[UUID, Any]) -> None:
    """Note for the audit trail whose names were shown beside the rows."""
    for family_id in names:
        uow.saw(family_id=family_id, subject_id=found.id)
