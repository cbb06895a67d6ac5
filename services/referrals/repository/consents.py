"""Queries on what families agreed to, and what was shared."""

from collections.abc import Iterable
from uuid import UUID

from chassis.database import Repository
from services.referrals.models import Consent, SharingDecision


class Consents(Repository[Consent]):
    """What the families of one borough agreed to."""

    model = Consent

    def add_all(self, given: Iterable[Consent]) -> None:
        """Add several; their family is in the registry already."""
        for one in given:
            self.add(one)

    def of_family(self, family_id: UUID, *, for_update: bool = False) -> list[Consent]:
        """Return what a family agreed to, newest first."""
        found = self.rows().where(Consent.family_id == family_id).order_by(Consent.given_on.desc(), Consent.id.desc())
        return self.all(found.with_for_update(key_share=True).execution_options(populate_existing=True) if for_update else found)


class SharingDecisions(Repository[SharingDecision]):
    """What was decided on sharing in one borough."""

    model = SharingDecision

    def of_family(self, family_id: UUID) -> list[SharingDecision]:
        """Return what was decided of a family, newest first."""
        found = self.rows().where(SharingDecision.family_id == family_id)
        return self.all(found.order_by(SharingDecision.decided_on.desc(), SharingDecision.id.desc()))
