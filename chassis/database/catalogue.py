"""What PostgreSQL's own catalogue says about tenancy; anything that would let one borough see another is a fault."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, text

from chassis.database.store import Store

_TABLES = text("""
    SELECT n.nspname AS schema, c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
           pg_get_userbyid(c.relowner) AS owner,
           (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = c.oid AND i.indisprimary) AS leads
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' ORDER BY 1, 2
""")
_POLICIES = text("""
    SELECT schemaname AS schema, tablename AS name, policyname AS policy, permissive, roles::text[] AS roles, cmd, qual, with_check
    FROM pg_policies ORDER BY 1, 2, 3
""")
_VIEWS = text("""
    SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind,
           coalesce(c.reloptions::text[] && ARRAY['security_invoker=true', 'security_invoker=on'], false) AS invoker
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
""")
_DEFINERS = text("""
    SELECT n.nspname AS schema, p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
""")
_FOREIGN = text("""
    SELECT c.conname AS name, r.relname AS table,
           (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = c.conkey[1]) AS leads
    FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
    WHERE c.contype = 'f' AND n.nspname = 'public' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
""")
_ROLES = text("""
    SELECT rolname AS name, rolsuper AS super, rolbypassrls AS bypass,
           EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid) AS owns,
           ARRAY(SELECT pg_get_userbyid(roleid) FROM pg_auth_members m WHERE m.member = r.oid)::text[] AS belongs_to
    FROM pg_roles r WHERE rolname = ANY(:names) ORDER BY 1
""")
_APPEND_ONLY = {"audit": "the audit trail", "audit_seals": "the audit trail's seals"}
_REWRITES = text("""
    SELECT has_table_privilege(:role, :table, 'UPDATE, DELETE, TRUNCATE, TRIGGER') OR has_any_column_privilege(:role, :table, 'UPDATE')
""")
_AUDIT_TRIGGERS = text("""
    SELECT t.tgname AS name FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = 'public.audit'::regclass AND NOT t.tgisinternal AND t.tgenabled = 'O' AND t.tgqual IS NULL
      AND p.pronamespace = 'public'::regnamespace AND p.proconfig::text[] = ARRAY['search_path=pg_catalog, pg_temp']
      AND (t.tgname, t.tgtype, p.proname) IN (('chain', 7, 'chain_audit_entry'), ('keep', 19, 'keep_audit_entry'))
""")  # 7: before insert, each row; 19: before update, each row
_OPERATOR_ON_AUDIT = text("""
    SELECT a.attname AS name, has_column_privilege(:role, a.attrelid, a.attnum, 'SELECT') AS reads,
           has_column_privilege(:role, a.attrelid, a.attnum, 'UPDATE') AS writes
    FROM pg_attribute a WHERE a.attrelid = 'public.audit'::regclass AND a.attnum > 0 AND NOT a.attisdropped
""")
_OPERATOR_READS = {"borough_id", "number", "hash", "family_id"}
_OPERATOR_ERASES = {"changes", "reason", "salt"}
_BOUND = "(borough_id = (NULLIF(current_setting('app.borough_id'::text, true), ''::text))::uuid)"
_OWNERS = {("audit", "SELECT"), ("audit", "DELETE"), ("audit_seals", "SELECT"), ("audit_seals", "DELETE"), ("boroughs", "SELECT")}
_ERASED = {"boroughs": f"({_BOUND} AND (slug = ''::text))"}
_ERASED_TRAIL = f"""({_BOUND} AND (EXISTS ( SELECT 1
   FROM boroughs b
  WHERE ((b.borough_id = {{table}}.borough_id) AND (b.slug = ''::text)))))"""  # noqa: S608 - how PostgreSQL says a policy back; it is never run
_OPERATORS = {"outbox", "inbox", "boroughs", "audit", "audit_seals"}


def faults(connection: Connection, store: Store, platform: Mapping[str, str] | None = None) -> list[str]:
    """Return everything in the database of ``store`` that breaks the rules of tenancy.

    Args:
        connection: as any role; the catalogue is open to all.
        store: whose database it is.
        platform: tables that belong to no borough, ``schema.table``, each with the reason.
    """
    named = {"public.alembic_version": "alembic's note of the revision", **(platform or {})}
    return [
        *_table_faults(connection, store, named),
        *_policy_faults(connection, store, named),
        *_way_round_faults(connection),
        *_role_faults(connection, store),
        *_audit_faults(connection, store),
    ]


def _table_faults(connection: Connection, store: Store, named: Mapping[str, str]) -> list[str]:
    found = []
    for table in connection.execute(_TABLES):
        full = f"{table.schema}.{table.name}"
        if table.owner != store.roles[0]:
            found.append(f"{full}: is owned by {table.owner}")
        if full == "public.alembic_version":
            continue
        if not (table.enabled and table.forced):
            found.append(f"{full}: row-level security is not forced")
        if table.leads != "borough_id" and full not in named:
            found.append(f"{full}: its primary key does not begin with borough_id")
    return found


def _policy_faults(connection: Connection, store: Store, named: Mapping[str, str]) -> list[str]:
    return [
        f"{policy.schema}.{policy.name}: policy {policy.policy} lets {', '.join(policy.roles)} see {policy.qual}"
        for policy in connection.execute(_POLICIES)
        if policy.permissive != "RESTRICTIVE"  # such a one can only take away: see `chassis.database.migration.hide_restricted`
        and not _erases_what_was_erased(policy, store)
        and not _allowed(policy.schema, policy.name, policy.roles, policy.qual, policy.with_check, store, named)
    ]


def _erases_what_was_erased(policy: Row[Any], store: Store) -> bool:
    """Tell whether this policy lets the owner see or delete, and nothing else, what is left of a borough that was erased."""
    return (
        policy.roles == [store.roles[0]]
        and (policy.name, policy.cmd) in _OWNERS
        and policy.with_check is None
        and str(policy.qual) == _ERASED.get(policy.name, _ERASED_TRAIL.format(table=policy.name))
    )


def _allowed(
    schema: str, table: str, roles: list[str], qual: str | None, check: str | None, store: Store, named: Mapping[str, str]
) -> bool:
    """Tell whether a policy is one of those that may be: the borough's, the operator's, the platform's."""
    if roles == [f"{store.service}_app"]:
        return qual == _BOUND and check in {None, _BOUND}
    if roles == [f"{store.service}_operator"]:
        return table in _OPERATORS
    return roles == [f"{store.service}_identity"] and store.identity and (schema == "identity" or f"{schema}.{table}" in named)


def _way_round_faults(connection: Connection) -> list[str]:
    views = [
        f"{view.schema}.{view.name}: a view that reads as its owner (needs security_invoker; a materialised one can't have it)"
        for view in connection.execute(_VIEWS)
        if view.kind == "m" or not view.invoker
    ]
    definers = [f"{function.schema}.{function.name}: a function that runs as its owner" for function in connection.execute(_DEFINERS)]
    foreign = [
        f"{key.table}: foreign key {key.name} does not carry the borough"
        for key in connection.execute(_FOREIGN)
        if key.leads != "borough_id"
    ]
    return views + definers + foreign


def _role_faults(connection: Connection, store: Store) -> list[str]:
    found = []
    roles = list(connection.execute(_ROLES, {"names": list(store.roles)}))
    for role in roles:
        found += [f"{role.name}: is a superuser"] * role.super
        found += [f"{role.name}: may pass row-level security by"] * role.bypass
        found += [f"{role.name}: owns something"] * (role.owns and role.name != store.roles[0])
        found += [f"{role.name}: belongs to {', '.join(role.belongs_to)}"] * bool(role.belongs_to)
    missing = set(store.roles) - {role.name for role in roles}
    return found + [f"{name}: is missing" for name in sorted(missing)]


def _audit_faults(connection: Connection, store: Store) -> list[str]:
    """Return where the audit trail could be rewritten, written past its chain, or read by operators."""
    operator = f"{store.service}_operator"
    writers = [role for role in store.roles[1:] if role != operator]
    found = [
        f"{role}: may rewrite {words}"
        for role in writers
        for table, words in _APPEND_ONLY.items()
        if connection.execute(_REWRITES, {"role": role, "table": table}).scalar_one()
    ]
    there = {trigger.name for trigger in connection.execute(_AUDIT_TRIGGERS)}
    found += [f"public.audit: its trigger {name} is missing, changed or disabled" for name in sorted({"chain", "keep"} - there)]
    for column in connection.execute(_OPERATOR_ON_AUDIT, {"role": operator}):
        found += [f"{operator}: may read the audit trail's {column.name}"] * (column.reads and column.name not in _OPERATOR_READS)
        found += [f"{operator}: may write the audit trail's {column.name}"] * (column.writes and column.name not in _OPERATOR_ERASES)
    return found
