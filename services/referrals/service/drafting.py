"""How a referral is written: a step at a time, put aside and taken up again, sent once."""

from typing import Any
from uuid import UUID

from chassis.rpc import rpc
from chassis.timers import every
from services.referrals import contract, views
from services.referrals.models import Draft, letters
from services.referrals.repository import Work
from services.referrals.service.arriving import arrive


class Drafting:
    """How a referral is written."""

    @rpc(contract.START_DRAFT)
    def start_draft(self, uow: Work, kind: str, secret: str | None) -> Draft:
        """Begin a referral.

        Raises:
            NotReady: the borough is not known here yet.
            NotOpen: it is still being set up.
            Forbidden, Invalid: as `Draft.start`.
        """
        uow.require_open()
        return uow.drafts.add(Draft.start(kind, secret, uow.caller, uow.now))

    @rpc(contract.GET_DRAFT)
    def get_draft(self, uow: Work, draft_id: UUID, secret: str | None) -> dict[str, Any]:
        """Return what was answered so far; raises NotFound where it is not the caller's, or no longer kept."""
        draft = uow.drafts.get(draft_id)
        draft.require(uow.caller, secret, uow.now)
        uow.saw(subject_id=draft.id, kind=draft.kind)
        return views.draft(draft)

    @rpc(contract.SAVE_DRAFT)
    def save_draft(self, uow: Work, draft_id: UUID, secret: str | None, **saved: Any) -> Draft:
        """Keep the answers of one step; raises NotFound as `get_draft`, and as `Draft.save`."""
        draft = self._own(uow, draft_id, secret)
        draft.save(**saved, at=uow.now)
        return draft

    @rpc(contract.ASK_CODE)
    def ask_code(self, uow: Work, draft_id: UUID, secret: str | None, email: str) -> dict[str, Any]:
        """Mail a code, if one may go there; the reply does not tell. Raises NotFound, and TooManyAttempts where too many were asked for."""
        draft = uow.drafts.get(draft_id, for_update=True)
        if draft.can_be_mailed(email, uow.caller, secret, uow.now):
            uow.publish(letters.code(draft, draft.new_code(email, uow.now)))
        return views.kept(draft)

    @rpc(contract.PROVE_MAIL)
    def prove_mail(self, uow: Work, draft_id: UUID, secret: str | None, code: str) -> dict[str, Any]:
        """Try the code that was mailed; a wrong one is counted. Raises NotFound where there is no such draft."""
        draft = uow.drafts.get(draft_id, for_update=True)
        proven = draft.prove(code, secret, uow.now)
        return {**views.kept(draft), "proven": proven, "tries_left": draft.tries_left}

    @rpc(contract.SEND_DRAFT)
    def send_draft(self, uow: Work, draft_id: UUID, secret: str | None, own_email: str | None) -> Draft:
        """Make the referral of it, once: whoever sends it again gets the same reference.

        Raises:
            NotFound: as `get_draft`.
            NotReady, NotOpen: as `start_draft`.
            Invalid: something is missing or does not fit together, or a child is too young or too old.
            Conflict: the mail address is to be proved first.
        """
        draft = self._own(uow, draft_id, secret)
        if draft.sent_at is None:
            referral = arrive(uow, draft, own_email)
            draft.become(referral.id, referral.reference, uow.now)
        return draft

    @rpc(contract.DISCARD_DRAFT)
    def discard_draft(self, uow: Work, draft_id: UUID, secret: str | None) -> dict[str, Any]:
        """Forget a draft at once; raises NotFound as `get_draft`."""
        uow.drafts.remove(self._own(uow, draft_id, secret))
        return {}

    @rpc(contract.OWN_DRAFTS)
    def own_drafts(self, uow: Work) -> dict[str, Any]:
        """Return what the caller began and has not sent."""
        mine = uow.drafts.of_person(uow.caller.person_id, uow.now)
        uow.saw(count=len(mine))
        return {"drafts": [views.own_draft(draft) for draft in mine]}

    @every(minutes=15)
    def forget_drafts(self, uow: Work) -> None:
        """Delete the drafts whose time is over."""
        uow.drafts.forget(uow.now)

    @staticmethod
    def _own(uow: Work, draft_id: UUID, secret: str | None) -> Draft:
        draft = uow.drafts.get(draft_id, for_update=True)
        draft.require(uow.caller, secret, uow.now)
        return draft
