"""Queries on how boroughs show themselves."""

from sqlalchemy.orm import undefer

from chassis.database import Repository
from chassis.errors import NotFound
from gateway.branding.models import Branding


class Brandings(Repository[Branding]):
    """The branding of the borough of the work; there is never another."""

    model = Branding

    def this(self, *, for_update: bool = False) -> Branding:
        """Return the branding. Raises NotFound where the borough was erased or never onboarded."""
        return self.get(self.borough_id, for_update=for_update)

    def logo(self, logo_hash: str) -> Branding:
        """Return the branding with its logo, where that is the one with this hash. Raises NotFound where it is not."""
        found = self.first(self.rows().where(Branding.logo_hash == logo_hash).options(undefer(Branding.logo)))
        if found is None:
            raise NotFound
        return found
