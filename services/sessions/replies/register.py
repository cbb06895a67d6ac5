"""Answers about registers."""

from typing import Any

from services.sessions.models import Expected, Register, Session, missed_in_a_row, times_attended
from services.sessions.replies.groups import session_of
from services.sessions.repository import Counted, Work


def register_of(uow: Work, session: Session) -> Register:
    """Return the register of a session with everybody who is expected."""
    spells = uow.spells.at(session)
    families = uow.families.shown([spell.family_id for spell in spells])
    histories = uow.marks.histories([spell.place_id for spell in spells], before=session.on)
    stops = uow.runs.stops([session.id])[session.id]
    expected = [
        Expected(spell.family_id, spell.place_id, families.get(spell.family_id), histories[spell.place_id], stops.get(spell.family_id))
        for spell in spells
    ]
    return Register(session, uow.groups.get(session.group_id), expected, uow.marks.of_session(session.id))


def register(uow: Work, book: Register) -> dict[str, Any]:
    """Return a register as the contract's `Register`."""
    session = book.session
    return {
        "session": _session(uow, book),
        "version": session.version,
        "lines": [_line(book, line) for line in book.expected],
        "people_here": book.people_here,
        "families_here": book.families_here,
        "expected": len(book.expected),
        "to_mark": len(book.unmarked),
        "may_mark": session.status(uow.today) == "open",
        "may_reopen": session.may_reopen(uow.today),
        "closed_at": session.closed_at,
        "closed_by": session.closed_by,
    }


def _session(uow: Work, book: Register) -> dict[str, Any]:
    counted = Counted(book.session, len(book.expected), len(book.marks), book.families_here)
    states = [line.collection["state"] for line in book.expected if line.collection]
    return session_of(counted, book.group, uow.venues.get(book.group.venue_id), states, uow.today)


def _line(book: Register, line: Expected) -> dict[str, Any]:
    mark = book.marks.get(line.family_id)
    told = ("language", "interpreter", "not_allowed", "access_needs", "expected_on")
    said = {name: getattr(mark, name, None) for name in ("mark", "arrived_at", "left_at", "marked_by", "marked_at")}
    return {
        **said,
        "family_id": line.family_id,
        "family_name": line.name,
        "surname": line.surname,
        "members": line.family.people if line.family else [],
        **({name: getattr(line.family, name) for name in told} if line.family else {}),
        "people": mark.people if mark and not line.restricted else [],
        "restricted": line.restricted,
        "collection": line.collection["state"] if line.collection else None,
        "collected_at": line.collection["at"] if line.collection else None,
        "first_time": not times_attended(line.history),
        "missed": missed_in_a_row(line.history),
    }
