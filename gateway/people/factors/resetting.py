"""Letting somebody who lost everything set up a second factor anew. An administrator opens the way, and learns no secret."""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from chassis.errors import Conflict, NotFound
from gateway.access.audit import security
from gateway.people.factors import letters
from gateway.people.factors.repository import Factors
from gateway.people.models import real_now
from gateway.repository import Work

log = structlog.get_logger(__name__)


class ResetsDesk:
    """Carries out `gateway.contract.RESET_FACTORS`, in two steps, since boroughs and sign-in have databases' roles of their own."""

    def __init__(self, factors: Factors) -> None:
        self._factors = factors

    def reset_factors(self, work: Work, member_id: UUID, reason: str) -> dict[str, Any]:
        """Note who lets whom set up anew, and why; what the person had is forgotten once this is in the audit trail.

        Raises:
            NotFound: no such member, or one who has left.
            Conflict: it is the administrator's own.
        """
        member = work.members.get(member_id)
        if member.left_at is not None:
            raise NotFound
        if member.person_id == work.caller.person_id:
            raise Conflict("This is you. Change your own second step in your account, or ask another administrator.")
        work.because(reason)
        work.note_security()
        work.saw(subject_id=member.id)
        work.post.put(to=member.email, subject=letters.RESET.subject, text=letters.RESET.text, kind="second_factor")
        return {"member_id": member.id, "person_id": member.person_id, "reset_at": real_now()}

    def carry_out(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Forget what the person had at that moment, and end the sessions begun by then.

        It opens the way in every borough they work in, so it is in the audit trail of each, and each one's administrators are told.

        Done again, for instance because the request was repeated, it touches nothing that was set up since.
        """
        person_id = UUID(answer["person_id"])
        if self._factors.forget_all(person_id, datetime.fromisoformat(answer["reset_at"])):
            log.info("second_factor.reset", person_id=str(person_id))
            security.note(person_id, "factors_were_reset")
        return answer
