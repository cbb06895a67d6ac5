"""The parent of every model, and the shapes that rows share."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, ForeignKeyConstraint, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

from chassis import clock
from chassis.errors import Stale
from chassis.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_TYPES: dict[Any, Any] = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB, list[str]: JSONB, list[dict[str, Any]]: JSONB}
_homes: dict[str, registry] = {}


def home_of(module: str) -> str:
    """Return the package whose database holds the models of ``module``.

    ``services.referrals.models.family`` -> ``services.referrals``; ``gateway.people.models`` -> ``gateway``;
    ``tests.support.sample.models`` -> ``tests.support.sample``.
    """
    parts = module.split(".")
    depth = {"services": 2, "tests": 3}.get(parts[0], 1)
    return ".".join(parts[:depth])


def metadata_of(home: str) -> MetaData:
    """Return the tables of the package ``home``; its models must have been imported."""
    return _registry_of(home).metadata


def models_of(home: str) -> "dict[str, type[Base]]":
    """Return the models of the package ``home`` by table; they must have been imported."""
    return {mapper.class_.__tablename__: mapper.class_ for mapper in _registry_of(home).mappers}


def _registry_of(home: str) -> registry:
    if home not in _homes:
        _homes[home] = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map=_TYPES)
    return _homes[home]


class Base(DeclarativeBase):
    """The parent of every model.

    Several services may live in one process, and each has tables of its own, some of the same name:
    a model's tables and class names are kept apart by the package that it is written in.
    """

    audited_as: ClassVar[str] = ""
    """Column that names the family the row tells about; reading or changing one is put in the audit trail."""
    unaudited: ClassVar[frozenset[str]] = frozenset()
    """Columns whose values stay out of the audit trail: technical ones, and secrets above all; ``*`` for every column."""
    values_need: ClassVar[frozenset[str]] = frozenset({"audit.read_family"})
    """Permissions that whoever reads the audit trail must hold, all of them, to be shown this model's values before and after."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        home = _registry_of(home_of(cls.__module__))
        cls.metadata, cls.registry, cls._sa_registry = home.metadata, home, home
        super().__init_subclass__(**kwargs)


class BoroughRow:
    """A row that belongs to one borough: the key begins with it, and row-level security goes by it."""

    borough_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-3)
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, sort_order=90)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now, sort_order=91)


class Versioned:
    """A row that people edit: counted up at each change, so that a stale save can be refused."""

    version: Mapped[int] = mapped_column(sort_order=-1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        """Let every UPDATE carry the version it was made on."""
        return {"version_id_col": cls.version}

    def expect(self, version: int, *, yours: dict[str, Any] | None = None, theirs: dict[str, Any] | None = None) -> None:
        """Let a change pass that was made on the present version; both sides are told when it was not.

        Raises:
            Stale: somebody saved first. ``yours`` and ``theirs`` default to the version numbers.
        """
        if version != self.version:
            raise Stale(yours={"version": version, **(yours or {})}, theirs={"version": self.version, **(theirs or {})})


@event.listens_for(Base, "init", propagate=True)
def _name_at_birth(target: Base, _args: object, values: dict[str, Any]) -> None:
    """Give a new row its id at once, so that its first event can name it."""
    if isinstance(target, BoroughRow):
        values.setdefault("id", new_id())


def within_borough(columns: str | tuple[str, ...], table: str, key: str | tuple[str, ...] = "id", **options: Any) -> ForeignKeyConstraint:
    """Return a foreign key that carries the borough, so that a row can't point into another one.

    Args:
        columns: the referring column (or columns) beside ``borough_id``.
        table: the referred table.
        key: the referred column (or columns) beside its ``borough_id``.
        options: passed on, for example ``ondelete="CASCADE"``.
    """
    here = (columns,) if isinstance(columns, str) else columns
    there = (key,) if isinstance(key, str) else key
    return ForeignKeyConstraint(["borough_id", *here], [f"{table}.borough_id", *(f"{table}.{name}" for name in there)], **options)
