"""Queries on how boroughs show themselves."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, select

from chassis.database import Database, Repository
from gateway.boroughs.models import Borough
from gateway.branding.models import Branding
from gateway.people.repository.reaching import reached


class Brandings(Repository[Branding]):
    """The branding of the borough of the work; there is never another."""

    model = Branding

    def this(self, *, for_update: bool = False) -> Branding:
        """Return the branding. Raises NotFound where the borough was erased or never onboarded."""
        return self.get(self.borough_id, for_update=for_update)


_OF_BOROUGH: Final = 7


class Face(NamedTuple):
    """What anybody may see of a borough; of its policy the pages tell only by when it gets in touch."""

    slug: str
    programme_name: str
    practice: bool
    name: str
    policy: dict[str, Any]
    opened_at: datetime | None
    suspended_at: datetime | None
    accent: str
    address: str
    email: str
    phone: str
    privacy_notice: str
    logo_hash: str | None

    @property
    def takes_families(self) -> bool:
        """Whether one can ask to join."""
        return self.opened_at is not None and self.suspended_at is None


class PublicFaces:
    """What strangers see: the address names the borough, and nobody is signed in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, slug: str) -> Face | None:
        """Return what anybody may see of the borough with this name in addresses; None where there is none."""
        of_borough, of_branding = Face._fields[:_OF_BOROUGH], Face._fields[_OF_BOROUGH:]
        row = self._row(slug, *(getattr(Borough, name) for name in of_borough), *(getattr(Branding, name) for name in of_branding))
        return Face(*row) if row else None

    def logo(self, slug: str, logo_hash: str) -> tuple[bytes, str] | None:
        """Return the borough's logo and what it is, where it is the one with this hash."""
        row = self._row(slug, Branding.logo, Branding.logo_type, Branding.logo_hash)
        return (bytes(row[0]), row[1]) if row and row[2] == logo_hash else None

    def _row(self, slug: str, *columns: Any) -> Row[Any] | None:
        wanted = select(*columns).select_from(Borough).join(Branding, Branding.borough_id == Borough.borough_id).where(Borough.slug == slug)
        with reached(), self._database.platform_session() as session:
            return session.execute(wanted).one_or_none()
