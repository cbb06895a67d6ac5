"""The pack: gathered, looked through, given out, expired."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis import clock
from chassis.errors import Conflict, SomethingWrong
from chassis.rpc import rpc
from chassis.timers import every
from services.referrals.contract.records import packs
from services.referrals.models.records import Pack, PackItem, SubjectRequest
from services.referrals.models.records.pack import digest_of
from services.referrals.models.records.redaction import Redaction
from services.referrals.repository import Work
from services.referrals.service.records.people import everybody_of, require_known
from services.referrals.views import records as views


class Packing:
    """Packs of everything that is held."""

    @rpc(packs.FREEZE_PACK)
    def freeze_pack(self, uow: Work, request_id: UUID, items: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Keep what was gathered as it is now, with what is proposed to be left out.

        Raises:
            NotFound: no such request.
            InvalidTransition: it does not ask for access, or is closed.
            Conflict: it has a pack.
        """
        request = uow.subject_requests.get(request_id, for_update=True)
        request.require_access()
        if uow.packs.find(request_id):
            raise Conflict("This request has a pack. Look through it.")
        redaction = _redaction(uow, request)
        gathered = [PackItem.gathered(request_id, number, item, redaction.propose(item)) for number, item in enumerate(items, 1)]
        for item in gathered:
            item.borough_id = uow.borough_id
        pack = uow.packs.add(Pack.frozen(request_id, gathered, uow.now))
        _saw(uow, request, gathered=len(gathered))
        return views.pack(pack)

    @rpc(packs.GET_PACK)
    def get_pack(self, uow: Work, request_id: UUID) -> dict[str, Any]:
        """Return a pack with its records; raises NotFound."""
        _saw(uow, uow.subject_requests.get(request_id))
        return views.pack(uow.packs.get(request_id))

    @rpc(packs.REVIEW_PACK)
    def review_pack(self, uow: Work, request_id: UUID, version: int, decisions: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Keep what was decided about some records; raises NotFound, and as `Pack.review` does."""
        _saw(uow, uow.subject_requests.get(request_id), decided=len(decisions))
        pack = uow.packs.get(request_id, for_update=True)
        pack.review(version, decisions, uow.caller)
        return views.pack(pack)

    @rpc(packs.SECOND_LOOK)
    def second_look(self, uow: Work, request_id: UUID, version: int, words: str) -> dict[str, Any]:
        """Keep that somebody else looked through it too; raises NotFound, and as `Pack.look_again` does."""
        _saw(uow, uow.subject_requests.get(request_id))
        pack = uow.packs.get(request_id, for_update=True)
        pack.look_again(version, words, uow.caller)
        return views.pack(pack)

    @rpc(packs.GIVE_PACK)
    def give_pack(self, uow: Work, request_id: UUID, version: int, given_as: str) -> dict[str, Any]:
        """Give it out, and close the request; raises NotFound, and as `Pack.give` does."""
        request = uow.subject_requests.get(request_id, for_update=True)
        pack = uow.packs.get(request_id, for_update=True)
        pack.give(version, given_as, {"programme": uow.borough.programme_name, "about": request.about}, uow.caller, uow.now)
        request.give(uow.caller, uow.now)
        _saw(uow, request, given=len(pack.items), digest=pack.digest)
        return views.pack(pack)

    @rpc(packs.GIVEN_PACK)
    def given_pack(self, uow: Work, request_id: UUID) -> dict[str, Any]:
        """Return what was given out, to make the file of it.

        Raises:
            NotFound: it was not given out, or its time is over.
            SomethingWrong: it is not what was given out.
        """
        _saw(uow, uow.subject_requests.get(request_id), file=True)
        pack = uow.packs.get(request_id)
        document = pack.document()
        if digest_of(document) != pack.digest:
            raise SomethingWrong("This is not what was given out. Tell your support team.")
        return {"digest": pack.digest, "pack": document}

    @every(hours=1)
    def expire_packs(self, uow: Work) -> None:
        """Forget the records of packs whose file is no longer kept."""
        for pack in uow.packs.over(clock.today()):
            pack.expire()


def _redaction(uow: Work, request: SubjectRequest) -> Redaction:
    family, referrals = require_known(uow, request.family_id)
    people = everybody_of(uow, request.family_id, family, referrals)
    return Redaction(request.person_id, people, [referral.referrer for referral in referrals])


def _saw(uow: Work, request: SubjectRequest, **facts: Any) -> None:
    uow.saw(family_id=request.family_id, subject_id=request.id, **facts)
