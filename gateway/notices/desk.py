"""Telling administrators that somebody broke the glass, and keeping what came of it."""

from typing import Final
from uuid import UUID

from chassis.contract import ReceivedEvent
from chassis.database import Page
from gateway.notices.models import Notice
from gateway.people.models import real_now
from gateway.repository import Work

SUBJECT: Final = "Somebody opened a restricted record"
_TEXT: Final = """\
Somebody who is not named for a restricted record opened it by breaking the glass.

See who it was, and why (you need to sign in):

{link}

Please look at it today, and note what came of it.
"""


class NoticesDesk:
    """The borough's notices; its methods are named as the operations are."""

    def list_notices(self, work: Work, after: str | None, limit: int, *, new: bool | None) -> Page[Notice]:
        """Return a page of notices, newest first."""
        return work.notices.listed(new=new, after=after, limit=limit)

    def look_at_notice(self, work: Work, notice_id: UUID, version: int, note: str) -> Notice:
        """Keep that the caller looked at a notice, and what came of it; raises NotFound, and as `Notice.look_at`."""
        notice = work.notices.get(notice_id, for_update=True)
        notice.look_at(version, note, work.caller, real_now())
        work.saw(subject_id=notice.id, family_id=notice.family_id)
        work.session.flush()
        return notice


def tell_administrators(work: Work, event: ReceivedEvent, public_url: str) -> None:
    """Put up a notice that somebody broke the glass, and a mail to every administrator; no mail says whose record it is."""
    work.notices.add(Notice.of(event))
    link = f"{public_url}/{work.boroughs.this().slug}/notices"
    for member in work.members.administering():
        work.post.put(to=member.email, subject=SUBJECT, text=_TEXT.format(link=link), kind="notice")
