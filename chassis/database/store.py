"""Which database belongs to which service, and where its models and migrations are."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData

from chassis.database import tables
from chassis.database.base import home_of, metadata_of

ROLES = ("owner", "app", "operator")


@dataclass(frozen=True, slots=True)
class Store:
    """The database of one service.

    Attributes:
        service: ``referrals``: names the database ``stayplay_referrals`` and the roles ``referrals_owner`` and so on.
        package: ``services.referrals``: holds the models, and the migrations in its folder of that name.
        identity: it has the platform's own tables too, and a role ``<service>_identity`` for them.
    """

    service: str
    package: str
    identity: bool = False

    @property
    def database(self) -> str:
        """Name of the database."""
        return f"stayplay_{self.service}"

    @property
    def roles(self) -> tuple[str, ...]:
        """Names of the roles; the owner first."""
        kinds = (*ROLES, "identity") if self.identity else ROLES
        return tuple(f"{self.service}_{kind}" for kind in kinds)

    @property
    def migrations(self) -> Path:
        """The folder of the migrations."""
        return Path(next(iter(import_module(self.package).__path__))) / "migrations"

    def metadata(self) -> list[MetaData]:
        """Return the tables that the code expects: the service's and the chassis's."""
        root = self.migrations.parent
        for path in sorted(root.rglob("*.py")):
            module = path.relative_to(root).with_suffix("").parts
            if "models" in module and module[-1] != "__init__":
                import_module(".".join((self.package, *module)))
        return [metadata_of(home_of(f"{self.package}.models")), tables.metadata]
