"""Restricted families: who may see each, and the function that row-level security asks. See docs/decisions/0022."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import Operator, protect

_HIDDEN = """
CREATE FUNCTION public.hidden_families() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reader text := nullif(current_setting('app.person_id', true), '');
BEGIN
    IF reader = 'service' THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT r.family_id FROM public.restrictions r
        WHERE r.borough_id = nullif(current_setting('app.borough_id', true), '')::uuid AND r.in_force
          AND NOT coalesce((r.access -> reader ->> 'until')::timestamptz > now(), false);
END
$$
"""


def restrict_families(op: Operator, service: str) -> None:
    """Keep who may see restricted families, and a function that names those which the reader may not."""
    op.create_table(
        "restrictions",
        sa.Column("borough_id", sa.Uuid, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.Column("access", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("borough_id", "family_id", name="pk_restrictions"),
    )
    protect(op, "restrictions", service)
    op.execute(_HIDDEN)
