"""What was decided about a family's whole record: held, not to be used, erased. See docs/decisions/0035."""

import sqlalchemy as sa

from chassis.database.migration import Operator, protect

_REFUSE = """
CREATE FUNCTION public.refuse_marked(families uuid[], uses boolean) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found record;
BEGIN
    SELECT bool_or(m.erased) AS erased, bool_or(m.limited) AS limited INTO found FROM public.record_marks m
        WHERE m.borough_id = nullif(current_setting('app.borough_id', true), '')::uuid AND m.family_id = ANY(families);
    IF found.erased THEN
        RAISE EXCEPTION 'this record was erased' USING ERRCODE = 'SPER1';
    END IF;
    IF found.limited AND uses THEN
        RAISE EXCEPTION 'the use of this record is restricted' USING ERRCODE = 'SPLM1';
    END IF;
END
$$
"""


def mark_records(op: Operator, service: str) -> None:
    """Keep by family whether its record is held, not to be used, or erased; and a function that refuses a change of such a record."""
    op.create_table(
        "record_marks",
        sa.Column("borough_id", sa.Uuid, nullable=False),
        sa.Column("family_id", sa.Uuid, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("limited", sa.Boolean, nullable=False),
        sa.Column("erased", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("borough_id", "family_id", name="pk_record_marks"),
    )
    protect(op, "record_marks", service)
    op.execute(_REFUSE)
