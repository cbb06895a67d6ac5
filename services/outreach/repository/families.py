"""Queries on copies of families, on what was heard of them, and on contacts with them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from chassis.database import Repository
from chassis.database.copies import Copies
from chassis.errors import NotReady
from services.outreach.models import Contact, Family, Standing

LATEST = 50
"""How many contacts a case's page shows."""


class Families(Copies[Family]):
    """Copies of families."""

    model = Family

    def known(self, family_id: UUID) -> Family:
        """Return a family that a case or a run names.

        Raises:
            NotReady: news of who it is, and of how it may be reached safely, is still on its way.
        """
        family = self.find(family_id)
        if family is None:
            raise NotReady("How this family may be reached safely is not known here yet. Try again in a moment.")
        return family

    def by_id(self, ids: Collection[UUID]) -> dict[UUID, Family]:
        """Return those of the families that are known here."""
        if not ids:
            return {}
        return {family.id: family for family in self.all(self.rows().where(Family.id.in_(ids)))}


class Standings(Repository[Standing]):
    """What was heard of families' attendance."""

    model = Standing

    def locked(self, family_id: UUID) -> Standing:
        """Return what was heard of a family, locked, so that two pieces of news are handled one after the other."""
        blank = insert(Standing).values(borough_id=self.borough_id, id=family_id, **Standing.blank())
        self.session.execute(blank.on_conflict_do_nothing())
        return self.get(family_id, for_update=True)


class Contacts(Repository[Contact]):
    """Attempts to reach families."""

    model = Contact

    def of_family(self, family_id: UUID, *, limit: int | None = None) -> list[Contact]:
        """Return the contacts with a family, newest first."""
        statement = self.rows().where(Contact.family_id == family_id)
        return self.all(statement.order_by(Contact.made_at.desc(), Contact.id.desc()).limit(limit))
