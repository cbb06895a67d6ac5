"""Mails that wait and name somebody whose record is erased: they are never sent."""

from uuid import UUID

from sqlalchemy import delete, select

from chassis.database import Database
from chassis.database.erasing import Words
from gateway.people.models import Mail


def erase_mails(database: Database, borough_id: UUID, words: Words) -> int:
    """Delete the borough's waiting mails to one of the addresses, or with one of the references, that ``words`` tell; return how many."""
    with database.platform_session() as session, session.begin():
        waiting = select(Mail.id, Mail.recipient, Mail.subject, Mail.text).where(Mail.borough_id == borough_id, Mail.state == "waiting")
        theirs = [row.id for row in session.execute(waiting) if words.names(f"{row.recipient}\n{row.subject}\n{row.text}")]
        session.execute(delete(Mail).where(Mail.id.in_(theirs)))
    return len(theirs)
