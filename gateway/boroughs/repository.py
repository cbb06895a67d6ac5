"""Queries on a borough's policy, on who accepted its terms, and on what is left to set up."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from chassis.database import Page, Repository
from chassis.errors import NotFound
from gateway.boroughs.models import Acceptance, Agency, PolicyVersion
from gateway.people.models import Invitation, Member

CLINICAL_KINDS = ("camhs", "adult_mental_health")
_WAITING = and_(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))


class Policies(Repository[PolicyVersion]):
    """The versions of the borough's policy."""

    model = PolicyVersion

    def numbered(self, number: int) -> PolicyVersion:
        """Return one version. Raises NotFound."""
        found = self.first(self.rows().where(PolicyVersion.number == number))
        if found is None:
            raise NotFound
        return found

    def upcoming(self) -> list[PolicyVersion]:
        """Return the versions that are still to come, the next one first."""
        waiting = self.rows().where(PolicyVersion.applied_at.is_(None), PolicyVersion.withdrawn_at.is_(None))
        return self.all(waiting.order_by(PolicyVersion.effective_on, PolicyVersion.number))

    def due(self, today: date) -> list[PolicyVersion]:
        """Return the versions that are to begin to hold by ``today``, in the order in which they do."""
        return [version for version in self.upcoming() if version.is_due(today)]

    def next_number(self) -> int:
        """Return the number of the version after the last; the borough's row must be locked."""
        last = self.session.scalar(select(func.max(PolicyVersion.number)).where(PolicyVersion.borough_id == self.borough_id))
        return (last or 0) + 1

    def listed(self, after: str | None, limit: int) -> Page[PolicyVersion]:
        """Return a page of all versions, newest first."""
        return self.page(self.rows(), PolicyVersion.number, after, limit, newest_first=True)


class Acceptances(Repository[Acceptance]):
    """Who accepted what for the borough."""

    model = Acceptance

    def listed(self) -> list[Acceptance]:
        """Return all, oldest first."""
        return self.all(self.rows().order_by(Acceptance.created_at, Acceptance.document))


class Belonging:
    """Who belongs to the borough's agencies, or is invited to."""

    def __init__(self, work: Any) -> None:
        self._session, self._borough_id = work.session, work.borough_id

    def members(self, agencies: list[UUID]) -> dict[UUID, int]:
        """Return how many present members each of these agencies has, in one query."""
        present = and_(Member.borough_id == self._borough_id, Member.left_at.is_(None), Member.agency_id.in_(agencies))
        rows = self._session.execute(select(Member.agency_id, func.count()).where(present).group_by(Member.agency_id))
        return dict(rows.tuples().all())

    def of(self, agency_id: UUID) -> list[dict[str, Any]]:
        """Return who belongs to an agency or may still join it, each with ``id`` and ``name``, by name."""
        present = select(Member.id, Member.name).where(
            Member.borough_id == self._borough_id, Member.agency_id == agency_id, Member.left_at.is_(None)
        )
        invited = select(Invitation.id, Invitation.name).where(
            Invitation.borough_id == self._borough_id, Invitation.agency_id == agency_id, _WAITING
        )
        rows = [*self._session.execute(present), *self._session.execute(invited)]
        return [{"id": str(identity), "name": name} for identity, name in sorted(rows, key=lambda row: row[1])]

    def administrators(self) -> list[dict[str, Any]]:
        """Return who runs the borough, and who is invited to, by name."""
        is_one = (Member.borough_id == self._borough_id, Member.roles.contains(["administrator"]), Member.left_at.is_(None))
        asked = (Invitation.borough_id == self._borough_id, Invitation.roles.contains(["administrator"]), _WAITING)
        members = self._session.scalars(select(Member).where(*is_one))
        invited = self._session.scalars(select(Invitation).where(*asked))
        found = [*((one, "member") for one in members), *((one, one.state) for one in invited)]
        told = [{"name": one.name, "email": one.email, "roles": one.roles, "state": state} for one, state in found]
        return sorted(told, key=lambda one: str(one["name"]))

    def practitioners(self) -> dict[str, int]:
        """Return how many present practitioners each clinical side has, by the kind of their agency."""
        return self._by_side(Member, Member.left_at.is_(None))

    def invited_practitioners(self) -> dict[str, int]:
        """Return how many practitioners of each clinical side have an invitation that is open."""
        return self._by_side(Invitation, and_(_WAITING, Invitation.expires_at > func.now()))

    def _by_side(self, model: type[Member] | type[Invitation], condition: ColumnElement[bool]) -> dict[str, int]:
        of_agency = and_(Agency.borough_id == model.borough_id, Agency.id == model.agency_id)
        rows = self._session.execute(
            select(Agency.kind, func.count())
            .select_from(model)
            .join(Agency, of_agency)
            .where(model.borough_id == self._borough_id, model.roles.contains(["practitioner"]), condition)
            .group_by(Agency.kind)
        )
        found = dict(rows.tuples().all())
        return {kind: found.get(kind, 0) for kind in CLINICAL_KINDS}
