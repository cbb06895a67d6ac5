"""Entrypoints of the sample service."""

from typing import Any
from uuid import UUID

from chassis.database import Page
from chassis.database.provider import WorkProvider
from chassis.rpc import rpc
from tests.support.sample_service import contract
from tests.support.sample_service.models import Note
from tests.support.sample_service.repository import Work


class SampleService:
    """Keeps notes."""

    name = "sample"
    work = WorkProvider(Work)

    @rpc(contract.ECHO)
    def echo(self, uow: Work, **values: Any) -> dict[str, Any]:
        """Return what was sent."""
        return values

    @rpc(contract.ADD_NOTE)
    def add_note(self, uow: Work, words: str, family_id: UUID | None) -> Note:
        """Write a note."""
        note = uow.notes.add(Note(words=words, family_id=family_id))
        uow.publish(note.added())
        uow.session.flush()
        return note

    @rpc(contract.GET_NOTE)
    def get_note(self, uow: Work, note_id: UUID) -> Note:
        """Return a note."""
        return uow.notes.get(note_id)

    @rpc(contract.LIST_NOTES)
    def list_notes(self, uow: Work, after: str | None, limit: int) -> Page[Note]:
        """Return a page of notes, the newest first."""
        return uow.notes.newest(after, limit)

    @rpc(contract.CHANGE_NOTE)
    def change_note(self, uow: Work, note_id: UUID, version: int, words: str) -> Note:
        """Give a note new words.

        Raises:
            Stale: somebody else changed it first.
        """
        note = uow.notes.get(note_id, for_update=True)
        note.change(version, words)
        uow.session.flush()
        return note
