"""What people ask about their data."""

from typing import Any
from uuid import UUID

from chassis import clock
from chassis.errors import Invalid
from chassis.rpc import rpc
from services.referrals.contract.records import requests
from services.referrals.models.records import SubjectRequest
from services.referrals.repository import Work
from services.referrals.service.records.people import name_of, people_of, require_known, whole_name
from services.referrals.views import records as views


class Requesting:
    """Requests, from their arrival to what came of them."""

    @rpc(requests.OPEN_REQUEST)
    def open_subject_request(self, uow: Work, **asked: Any) -> dict[str, Any]:
        """Write down what somebody asks.

        Raises:
            NotFound, Restricted, FamilyMerged: as `require_known`.
            Invalid: the person is not in it.
        """
        family, referrals = require_known(uow, asked["family_id"])
        names = {person["id"]: whole_name(person) for person in people_of(family, referrals)}
        if asked["person_id"] not in {None, *names}:
            raise Invalid(faults={"person_id": ["About whom?: this person is not in this family."]})
        about = names[asked["person_id"]] if asked["person_id"] else name_of(family, referrals)
        request = uow.subject_requests.add(SubjectRequest.opened(asked, about, uow.caller, uow.now))
        return views.request(request, clock.today(), has_pack=False)

    @rpc(requests.EXTEND_REQUEST)
    def extend_subject_request(self, uow: Work, request_id: UUID, version: int, reason: str) -> dict[str, Any]:
        """Take two months longer; raises NotFound, and as `SubjectRequest.extend` does."""
        request = uow.subject_requests.get(request_id, for_update=True)
        request.extend(version, reason, clock.today())
        return _shown(uow, request)

    @rpc(requests.CLOSE_REQUEST)
    def close_subject_request(
        self, uow: Work, request_id: UUID, version: int, outcome: str, reason: str, told: str | None
    ) -> dict[str, Any]:
        """Write down what came of it; raises NotFound, and as `SubjectRequest.close` does."""
        request = uow.subject_requests.get(request_id, for_update=True)
        request.close(version, outcome, reason, told, uow.caller, uow.now)
        return _shown(uow, request)

    @rpc(requests.GET_REQUEST)
    def get_subject_request(self, uow: Work, request_id: UUID) -> dict[str, Any]:
        """Return one request; raises NotFound."""
        return _shown(uow, uow.subject_requests.get(request_id))

    @rpc(requests.LIST_REQUESTS)
    def list_subject_requests(self, uow: Work, **wanted: Any) -> dict[str, Any]:
        """Return a page of requests."""
        return views.requests(uow.subject_requests.listed(**wanted), clock.today())

    @rpc(requests.RECORDS_SUMMARY)
    def records_summary(self, uow: Work) -> dict[str, Any]:
        """Return how many requests wait."""
        found = uow.subject_requests.counts(clock.today())
        uow.saw(query={}, count=found["open"])
        return found


def _shown(uow: Work, request: SubjectRequest) -> dict[str, Any]:
    return views.request(request, clock.today(), has_pack=bool(uow.packs.there([request.id])))
