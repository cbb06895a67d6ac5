"""What a migration is written with: chassis tables, protection of a table, a look at what must hold.

Migrations are small, go forward only, and never wait long for a lock: `chassis.database.migrate` sets the
lock timeout. Use these with alembic's ``op``::

    def upgrade() -> None:
        create_chassis_tables(op, "referrals")
        op.create_table("referrals", *borough_columns(), sa.Column(...))
        protect(op, "referrals", "referrals")
"""

from types import ModuleType
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations

from chassis.database import first_tables
from chassis.database.base import within_borough

Operator = Operations | ModuleType
"""Alembic's ``op``, which is a module that stands for the operations under way."""
BOROUGH = "borough_id = nullif(current_setting('app.borough_id', true), '')::uuid"
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
IDENTITY_SCHEMA = "identity"
_CHASSIS_GRANTS = {"audit": "SELECT, INSERT", "outbox": "SELECT, INSERT, DELETE"}
_OPERATOR_GRANTS = {"outbox": EVERYTHING, "inbox": EVERYTHING, "boroughs": "SELECT"}


def borough_columns(*, versioned: bool = False) -> list[sa.Column[Any] | sa.PrimaryKeyConstraint]:
    """Return the columns that a `BoroughRow` has (with ``versioned`` also `Versioned`), and the primary key on them."""
    version = [sa.Column("version", sa.Integer, nullable=False)] if versioned else []
    return [
        sa.Column("borough_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        *version,
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("borough_id", "id"),
    ]


def create_chassis_tables(op: Operator, service: str) -> None:
    """Create outbox, inbox, answers, audit and boroughs as they first were, with what each role may do on them.

    For revision 0001. What became of them later, or was added, is in `chassis.database.evolving`: a step each.
    """
    for table in first_tables.metadata.sorted_tables:
        table.create(op.get_bind())
        protect(op, table.name, service, grants=_CHASSIS_GRANTS.get(table.name, EVERYTHING))
    for name, grants in _OPERATOR_GRANTS.items():
        let_operator(op, name, service, grants)


def protect(op: Operator, table: str, service: str, *, grants: str = EVERYTHING) -> None:
    """Let the service's application role see and write ``table``, one borough at a time.

    Args:
        op: alembic's operations.
        table: must have ``borough_id`` first in its primary key.
        service: names the role: ``<service>_app``.
        grants: what the role may do.
    """
    role = f"{service}_app"
    _force(op, table)
    op.execute(f'CREATE POLICY borough ON {table} TO "{role}" USING ({BOROUGH}) WITH CHECK ({BOROUGH})')
    op.execute(f'GRANT {grants} ON {table} TO "{role}"')


def create_identity_schema(op: Operator, service: str = "gateway") -> None:
    """Create the schema of the platform's own tables, which only the role ``<service>_identity`` may use."""
    op.execute(f"CREATE SCHEMA {IDENTITY_SCHEMA}")
    op.execute(f'GRANT USAGE ON SCHEMA {IDENTITY_SCHEMA} TO "{service}_identity"')


def protect_platform(op: Operator, table: str, service: str = "gateway", *, grants: str = EVERYTHING) -> None:
    """Let only the role ``<service>_identity`` use ``identity.<table>``, a table that belongs to no borough.

    Each such table is named, with the reason, where the catalogue is checked.
    """
    role, full = f"{service}_identity", f"{IDENTITY_SCHEMA}.{table}"
    _force(op, full)
    op.execute(f'CREATE POLICY platform ON {full} TO "{role}" USING (true) WITH CHECK (true)')
    op.execute(f'GRANT {grants} ON {full} TO "{role}"')


def let_identity_use(op: Operator, table: str, service: str = "gateway", *, grants: str = "SELECT") -> None:
    """Let the role ``<service>_identity`` use a borough's table across boroughs, for example to list a person's memberships."""
    role = f"{service}_identity"
    op.execute(f'CREATE POLICY platform ON {table} TO "{role}" USING (true) WITH CHECK (true)')
    op.execute(f'GRANT {grants} ON {table} TO "{role}"')


def hide_restricted(op: Operator, table: str, service: str, *, column: str = "family_id") -> None:
    """Hide from each member the rows of families that are restricted to others; ``column`` names the family.

    For a table that `protect` protects, in a database that has `chassis.database.evolving.restrict_families`.
    """
    _restrict(op, table, service, f"{column} <> ALL (ARRAY(SELECT public.hidden_families()))")


def hide_with(op: Operator, table: str, service: str, *, column: str, parent: str) -> None:
    """Hide from each member the rows of ``table`` whose row in ``parent``, named by ``column``, is hidden from them."""
    its_row = f"{parent}.borough_id = {table}.borough_id AND {parent}.id = {table}.{column}"
    _restrict(op, table, service, f"EXISTS (SELECT FROM {parent} WHERE {its_row})")


def hide_two(op: Operator, table: str, service: str, *, columns: tuple[str, str]) -> None:
    """Hide from each member the rows of ``table`` that tell of two families, of which one is restricted to others."""
    _restrict(op, table, service, " AND ".join(f"{column} <> ALL (ARRAY(SELECT public.hidden_families()))" for column in columns))


def _restrict(op: Operator, table: str, service: str, condition: str) -> None:
    op.execute(f'CREATE POLICY restricted ON {table} AS RESTRICTIVE TO "{service}_app" USING ({condition}) WITH CHECK ({condition})')


def _force(op: Operator, table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"REVOKE ALL ON {table} FROM PUBLIC")


def let_operator(op: Operator, table: str, service: str, grants: str) -> None:
    """Let the role ``<service>_operator`` use ``table`` across boroughs; which tables may be is in `chassis.database.catalogue`."""
    role = f"{service}_operator"
    op.execute(f'CREATE POLICY operator ON {table} TO "{role}" USING (true) WITH CHECK (true)')
    op.execute(f'GRANT {grants} ON {table} TO "{role}"')


__all__ = [
    "borough_columns",
    "create_chassis_tables",
    "create_identity_schema",
    "hide_restricted",
    "hide_two",
    "hide_with",
    "let_identity_use",
    "let_operator",
    "protect",
    "protect_platform",
    "within_borough",
]
