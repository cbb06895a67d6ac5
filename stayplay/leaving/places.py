"""Where the databases of an installation are, for the commands of operators who hold their passwords."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from chassis.database.tenants import Borough, known_boroughs
from chassis.settings import ArchiveSettings, MigrationSettings, OperatorSettings
from stayplay.roster import PACKAGES


class NoSuchBorough(Exception):
    """No borough of this installation has that name in addresses."""


@dataclass(frozen=True)
class Places:
    """The databases of one installation.

    Attributes:
        env: the settings, as the environment holds them.
    """

    env: Mapping[str, str] = field(repr=False)

    def app(self, service: str) -> str:
        """Return the address of a service's database for the role that row-level security binds to one borough.

        Raises:
            BadSetting: it is not set.
        """
        return ArchiveSettings.read(service, self.env).database_url

    def people(self) -> str:
        """Return the address of the platform's own tables of people.

        Raises:
            BadSetting: it is not set.
        """
        return ArchiveSettings.read("gateway", self.env).identity_database_url

    def owner(self, service: str) -> str:
        """Return the address for the role that owns a service's tables.

        Raises:
            BadSetting: it is not set.
        """
        return MigrationSettings.read(service, self.env).owner_url

    def borough(self, slug: str) -> Borough:
        """Return the borough with this name in addresses, as the gateway's copy has it.

        Raises:
            NoSuchBorough: there is none.
            BadSetting: the gateway's operator role is not set.
        """
        found = [borough for borough in self._boroughs() if borough.slug == slug]
        if not found:
            raise NoSuchBorough(f"there is no borough {slug} here")
        return found[0]

    def slugs(self) -> dict[str, UUID]:
        """Return every borough of this installation by its name in addresses."""
        return {borough.slug: borough.borough_id for borough in self._boroughs() if borough.slug}

    def marks(self) -> list[UUID]:
        """Return the boroughs that were erased: each has a mark without a name."""
        return [borough.borough_id for borough in self._boroughs() if not borough.slug]

    def _boroughs(self) -> list[Borough]:
        database = OperatorSettings.read("gateway", self.env).database()
        try:
            with database.operating() as connection:
                return known_boroughs(connection)
        finally:
            database.close()

    @property
    def services(self) -> tuple[str, ...]:
        """Every service, the gateway last."""
        return tuple(PACKAGES)
