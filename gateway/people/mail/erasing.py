"""Mails that wait and name somebody whose record is erased, or go to them: they are never sent."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import delete, select

from chassis.database import Database
from chassis.database.erasing import Words
from gateway.people.models import Mail


def erase_mails(database: Database, borough_id: UUID, words: Words) -> int:
    """Delete the borough's waiting mails to one of the addresses, or with one of the references, that ``words`` tell; return how many."""
    return _erase(database, borough_id, lambda mail: words.names(f"{mail.recipient}\n{mail.subject}\n{mail.text}"))


def erase_mails_to(database: Database, borough_id: UUID, words: Words) -> int:
    """Delete the borough's waiting mails to one of the addresses that ``words`` tell; return how many."""
    return _erase(database, borough_id, lambda mail: words.names(mail.recipient))


def _erase(database: Database, borough_id: UUID, is_theirs: Callable[[Mail], bool]) -> int:
    with database.platform_session() as session, session.begin():
        waiting = session.scalars(select(Mail).where(Mail.borough_id == borough_id, Mail.state == "waiting"))
        theirs = [mail.id for mail in waiting if is_theirs(mail)]
        session.execute(delete(Mail).where(Mail.id.in_(theirs)))
    return len(theirs)
