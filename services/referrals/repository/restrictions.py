"""Restrictions of families, with their reasons."""

from datetime import date
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Repository
from services.referrals.models import Child, Parent, Referral, Restriction, folded


class FamilyRestrictions(Repository[Restriction]):
    """Who may see restricted families, with the reasons."""

    model = Restriction

    def locked(self, family_id: UUID) -> Restriction:
        """Return the restriction of a family, locked; a blank one where there is none, also when two people ask at once."""
        blank = insert(Restriction).values(borough_id=self.borough_id, id=family_id, **Restriction.blank())
        self.session.execute(blank.on_conflict_do_nothing())
        return self.get(family_id, for_update=True)

    def of_somebody(self, name: str, birth_date: date, hidden: frozenset[UUID]) -> set[UUID]:
        """Return those of the ``hidden`` families to which somebody of exactly this name and birthday belongs."""
        people = [
            select(kind.family_id, kind.given_name, kind.family_name).where(
                kind.borough_id == self.borough_id, kind.birth_date == birth_date, kind.family_id.in_(hidden)
            )
            for kind in (Parent, Child)
        ]
        with self.session.looking_past_restrictions():
            found = self.session.execute(union_all(*people)).all()
        return {family_id for family_id, *names in found if folded(" ".join(names)) == folded(name)}

    def of_reference(self, reference: UUID, hidden: frozenset[UUID]) -> set[UUID]:
        """Return the one of the ``hidden`` families that has this id, or a referral of it."""
        referral = select(Referral.family_id).where(Referral.borough_id == self.borough_id, Referral.id == reference)
        with self.session.looking_past_restrictions():
            found = self.session.scalar(referral)
        return {one for one in (reference, found) if one in hidden}
