"""What other services tell of a family that was accepted: its referrer may hear of it."""

from datetime import datetime
from typing import cast
from uuid import UUID

from chassis.contract import ReceivedEvent
from chassis.events import on_event
from services.assessments.contract import ASSESSMENT_AGREED
from services.referrals.models import messages, systems
from services.referrals.repository import Work
from services.sessions.contract import PLACE_ENDED, PLACE_OFFERED


class Hearing:
    """News of families from assessments and sessions."""

    @on_event(PLACE_OFFERED)
    def hear_of_offer(self, uow: Work, event: ReceivedEvent) -> None:
        """Keep that a family was offered a place."""
        _heard(uow, cast("UUID", event.data["family_id"]), "offered", event.time)

    @on_event(PLACE_ENDED)
    def hear_of_end(self, uow: Work, event: ReceivedEvent) -> None:
        """Keep that a family's place has ended."""
        _heard(uow, cast("UUID", event.data["family_id"]), "ended", event.time)

    @on_event(ASSESSMENT_AGREED)
    def hear_of_assessment(self, uow: Work, event: ReceivedEvent) -> None:
        """Keep that both agencies agreed on something else than a place."""
        if event.data["decision"] != "offer_place":
            _heard(uow, cast("UUID", event.data["family_id"]), "not_joining", event.time)


def _heard(uow: Work, family_id: UUID, what: str, at: datetime) -> None:
    """Keep news of a family, also of one that became part of another while they were on their way."""
    for referral in uow.referrals.accepted_of(uow.merges.current(family_id)):
        before = referral.told(uow.most_told)
        referral.hear(what, at)
        uow.publish(*messages.outcome(referral, before, uow.most_told), *systems.told(referral, before, uow.most_told))
