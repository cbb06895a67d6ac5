"""Every service knows whether a borough is open for families yet. See docs/decisions/0032."""

import sqlalchemy as sa

from chassis.database.migration import Operator


def let_boroughs_open(op: Operator, service: str) -> None:
    """Widen what is known of a borough; the boroughs that are there already work with families, so they are open."""
    del service
    op.add_column("boroughs", sa.Column("opened", sa.Boolean, nullable=False, server_default=sa.true()))
