"""The audit trail: from a list of entries to a chain, with seals on it. See docs/decisions/0021."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.migration import Operator, let_operator, protect

# 1635083369 spells "audi": no other advisory lock of ours has two numbers
_HASH = """
CREATE FUNCTION public.audit_hash(before bytea, entry public.audit) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(before || convert_to(json_build_array(
        entry.number::text, entry.borough_id::text, entry.id::text,
        to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        to_char(entry.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        entry.person_id::text, entry.person_name, entry.agency, entry.roles, entry.address, entry.operation, entry.kind,
        entry.family_id::text, entry.subject_id::text, entry.facts::text, entry.correlation_id, encode(entry.details_digest, 'hex')
    )::text, 'UTF8'))
$$
"""
_DETAILS = """
CREATE FUNCTION public.audit_details_digest(salt bytea, reason text, changes jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(salt || convert_to(json_build_array(reason, changes::text)::text, 'UTF8'))
$$
"""
_CHAIN = """
CREATE FUNCTION public.chain_audit_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before_it record;
BEGIN
    PERFORM pg_advisory_xact_lock(1635083369, hashtext(NEW.borough_id::text));
    SELECT a.number, a.hash INTO before_it FROM public.audit a
        WHERE a.borough_id = NEW.borough_id ORDER BY a.number DESC LIMIT 1;
    NEW.number := coalesce(before_it.number, 0) + 1;
    IF NEW.reason IS NOT NULL OR NEW.changes IS NOT NULL THEN
        NEW.salt := coalesce(NEW.salt, uuid_send(gen_random_uuid()));
        NEW.details_digest := public.audit_details_digest(NEW.salt, NEW.reason, NEW.changes);
    ELSE
        NEW.salt := NULL;
    END IF;
    NEW.hash := public.audit_hash(coalesce(before_it.hash, ''::bytea), NEW);
    RETURN NEW;
END
$$
"""
_KEEP = """
CREATE FUNCTION public.keep_audit_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.changes IS NOT NULL OR NEW.reason IS NOT NULL OR NEW.salt IS NOT NULL
        OR to_jsonb(NEW) - '{changes,reason,salt}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{changes,reason,salt}'::text[]
    THEN
        RAISE EXCEPTION 'of an entry in the audit trail, only the details can be erased, and those whole'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$
"""
_CHAIN_WHAT_IS_THERE = """
DO $$
DECLARE
    entry public.audit;
    last public.audit;
BEGIN
    FOR entry IN SELECT * FROM public.audit ORDER BY borough_id, recorded_at, id LOOP
        IF last.borough_id IS DISTINCT FROM entry.borough_id THEN
            last := NULL;
        END IF;
        entry.number := coalesce(last.number, 0) + 1;
        entry.hash := public.audit_hash(coalesce(last.hash, ''::bytea), entry);
        UPDATE public.audit SET number = entry.number, hash = entry.hash WHERE borough_id = entry.borough_id AND id = entry.id;
        last := entry;
    END LOOP;
END
$$
"""


def chain_audit(op: Operator, service: str) -> None:
    """Give the audit trail its chain, by borough, and the table of seals; what is there already is chained too."""
    _add_columns(op)
    for function in (_HASH, _DETAILS, _CHAIN, _KEEP):
        op.execute(function)
    _chain_what_is_there(op)
    _replace_indexes(op)
    op.execute("CREATE TRIGGER chain BEFORE INSERT ON public.audit FOR EACH ROW EXECUTE FUNCTION public.chain_audit_entry()")
    op.execute("CREATE TRIGGER keep BEFORE UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION public.keep_audit_entry()")
    let_operator(op, "audit", service, "SELECT (borough_id, number, hash, family_id), UPDATE (changes, reason, salt)")
    _create_seals(op, service)


def _add_columns(op: Operator) -> None:
    for column in (
        sa.Column("number", sa.BigInteger, nullable=True),
        sa.Column("hash", sa.LargeBinary, nullable=True),
        sa.Column("roles", sa.Text, nullable=False, server_default=""),
        sa.Column("address", sa.Text, nullable=False, server_default=""),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("changes", JSONB, nullable=True),
        sa.Column("salt", sa.LargeBinary, nullable=True),
        sa.Column("details_digest", sa.LargeBinary, nullable=True),
    ):
        op.add_column("audit", column)
    op.drop_constraint("kind", "audit", type_="check")
    op.create_check_constraint("kind", "audit", "kind IN ('read', 'change', 'security')")


def _chain_what_is_there(op: Operator) -> None:
    """Chain the entries of every borough in the order they were written in: as the owner, whom the policy binds but for this."""
    op.execute("ALTER TABLE audit NO FORCE ROW LEVEL SECURITY")
    op.execute(_CHAIN_WHAT_IS_THERE)
    op.execute("ALTER TABLE audit FORCE ROW LEVEL SECURITY")
    op.alter_column("audit", "number", nullable=False)
    op.alter_column("audit", "hash", nullable=False)


def _replace_indexes(op: Operator) -> None:
    op.create_unique_constraint("uq_audit_borough_id_number", "audit", ["borough_id", "number"])
    op.drop_index("ix_audit_family", "audit")
    op.drop_index("ix_audit_person", "audit")
    op.create_index("ix_audit_at", "audit", ["borough_id", "at", "id"])
    op.create_index("ix_audit_person", "audit", ["borough_id", "person_id", "at", "id"])
    op.create_index("ix_audit_family", "audit", ["borough_id", "family_id", "at", "id"], postgresql_where=sa.text("family_id IS NOT NULL"))


def _create_seals(op: Operator, service: str) -> None:
    op.create_table(
        "audit_seals",
        sa.Column("borough_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("borough_id", "number"),
    )
    protect(op, "audit_seals", service, grants="SELECT, INSERT")
    let_operator(op, "audit_seals", service, "SELECT")
