"""What may be asked of the sample service, and what it tells."""

from chassis.contract import EventType, Operation
from chassis.schemas import Contract, PageRequest, day, exact, identifier, moment, page_of, text, version, whole


class Note(Contract):
    """A note."""

    id = identifier()
    version = version()
    words = text("Words", max_length=500, sensitivity="personal")
    family_id = identifier("Family", required=False)
    created_at = moment("Written")


class NewNote(Contract):
    """What a note is written from."""

    words = text("Words", max_length=500, sensitivity="personal")
    family_id = identifier("Family", required=False)


class OneNote(Contract):
    """Which note."""

    note_id = identifier()


class ChangedNote(Contract):
    """New words for a note, and the version they were written on."""

    note_id = identifier()
    version = version()
    words = text("Words", max_length=500, sensitivity="personal")


class Things(Contract):
    """A value of each type that crosses."""

    words = text("Words", required=False)
    number = whole("Number", ge=-1000, le=1000, required=False)
    amount = exact("Amount", required=False)
    on = day("Day", required=False)
    at = moment("Moment", required=False)
    thing_id = identifier(required=False)


class NoteAdded(Contract):
    """A note was written."""

    words = text("Words", max_length=500, sensitivity="personal")


ECHO = Operation("sample", "echo", "sample.read", Things, Things)
GET_NOTE = Operation("sample", "get_note", "sample.read", OneNote, Note)
LIST_NOTES = Operation("sample", "list_notes", "sample.read", PageRequest, page_of(Note))
ADD_NOTE = Operation("sample", "add_note", "sample.write", NewNote, Note, changes=True)
CHANGE_NOTE = Operation("sample", "change_note", "sample.write", ChangedNote, Note, changes=True)

NOTE_ADDED = EventType("sample.note.added", NoteAdded)

OPERATIONS = (ECHO, GET_NOTE, LIST_NOTES, ADD_NOTE, CHANGE_NOTE)
EVENTS = (NOTE_ADDED,)
