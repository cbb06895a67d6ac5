"""The catalogue's judge: silent about what is right, and it names everything that is wrong."""

from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import create_engine

from chassis.database.catalogue import faults
from chassis.database.store import Store
from tests.support.database import Prepared, prepared
from tests.support.sample_service import STORE
from tests.support.schemas import scratch_store

CHASSIS = 'whole_chassis(op, "SERVICE")'
TOYS = 'op.create_table("toys", *borough_columns(), sa.Column("colour", sa.Text))'
Judge = Callable[..., list[str]]


def judged(store: Store, url: str, platform: dict[str, str] | None = None) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = faults(connection, store, platform)
    engine.dispose()
    return found


@pytest.fixture
def judge(postgres_url: str, tmp_path: Path) -> Judge:
    """Return what makes a database by these migrations and judges it."""

    def run(*upgrades: str, identity: bool = False, platform: dict[str, str] | None = None, afterwards: str = "") -> list[str]:
        store = scratch_store(tmp_path, CHASSIS, *upgrades, identity=identity)
        made = prepared(store, postgres_url)
        if afterwards:
            with psycopg2.connect(made.admin_url) as connection, connection.cursor() as cursor:
                cursor.execute(afterwards.replace("SERVICE", store.service))
        return [fault.replace(store.service, "SERVICE") for fault in judged(store, made.urls["app"], platform)]

    return run


def test_the_sample_service_is_without_fault(sample: Prepared) -> None:
    assert judged(STORE, sample.urls["app"]) == []


def test_a_table_that_nobody_protected(judge: Judge) -> None:
    assert judge(TOYS) == ["public.toys: row-level security is not forced"]


def test_a_table_whose_security_is_not_forced_on_its_owner(judge: Judge) -> None:
    found = judge(TOYS + '\nprotect(op, "toys", "SERVICE")\nop.execute("ALTER TABLE toys NO FORCE ROW LEVEL SECURITY")')
    assert found == ["public.toys: row-level security is not forced"]


def test_a_key_that_does_not_begin_with_the_borough(judge: Judge) -> None:
    table = 'op.create_table("toys", sa.Column("id", sa.Uuid, primary_key=True), sa.Column("borough_id", sa.Uuid, primary_key=True))'
    assert judge(table + '\nprotect(op, "toys", "SERVICE")') == ["public.toys: its primary key does not begin with borough_id"]


def test_a_table_without_a_key(judge: Judge) -> None:
    table = 'op.create_table("toys", sa.Column("borough_id", sa.Uuid))'
    assert judge(table + '\nprotect(op, "toys", "SERVICE")') == ["public.toys: its primary key does not begin with borough_id"]


def test_a_policy_that_lets_the_application_see_everything(judge: Judge) -> None:
    wide = 'op.execute("CREATE POLICY wide ON toys TO SERVICE_app USING (true)")'
    assert judge(TOYS + '\nprotect(op, "toys", "SERVICE")\n' + wide) == ["public.toys: policy wide lets SERVICE_app see true"]


def test_a_policy_for_everybody(judge: Judge) -> None:
    wide = 'op.execute("CREATE POLICY wide ON toys USING (true)")'
    assert judge(TOYS + '\nprotect(op, "toys", "SERVICE")\n' + wide) == ["public.toys: policy wide lets public see true"]


def test_an_operator_who_may_see_a_familys_table(judge: Judge) -> None:
    wide = 'op.execute("CREATE POLICY wide ON toys TO SERVICE_operator USING (true)")'
    assert judge(TOYS + '\nprotect(op, "toys", "SERVICE")\n' + wide) == ["public.toys: policy wide lets SERVICE_operator see true"]


@pytest.mark.parametrize("kind", ["VIEW", "MATERIALIZED VIEW"])
def test_a_view_that_reads_as_its_owner(judge: Judge, kind: str) -> None:
    (found,) = judge(f'op.execute("CREATE {kind} seen AS SELECT * FROM outbox")')
    assert found.startswith("public.seen: a view that reads as its owner")


def test_a_view_that_reads_as_whoever_asks_is_right(judge: Judge) -> None:
    assert judge('op.execute("CREATE VIEW seen WITH (security_invoker = true) AS SELECT * FROM outbox")') == []


def test_a_function_that_runs_as_its_owner(judge: Judge) -> None:
    code = "op.execute(\"CREATE FUNCTION peep() RETURNS bigint SECURITY DEFINER LANGUAGE sql AS 'SELECT count(*) FROM outbox'\")"
    assert judge(code) == ["public.peep: a function that runs as its owner"]


def test_a_foreign_key_that_does_not_carry_the_borough(judge: Judge) -> None:
    parent = TOYS + '\nprotect(op, "toys", "SERVICE")\nop.create_unique_constraint("uq", "toys", ["id"])'
    child = (
        'op.create_table("parts", *borough_columns(), sa.Column("toy_id", sa.Uuid, sa.ForeignKey("toys.id")))\n'
        'protect(op, "parts", "SERVICE")'
    )
    assert judge(parent, child) == ["parts: foreign key fk_parts_toy_id_toys does not carry the borough"]


def test_an_application_that_may_rewrite_the_audit_trail(judge: Judge) -> None:
    assert judge('op.execute("GRANT UPDATE ON audit TO SERVICE_app")') == ["SERVICE_app: may rewrite the audit trail"]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("ALTER ROLE SERVICE_app SUPERUSER", "SERVICE_app: is a superuser"),
        ("ALTER ROLE SERVICE_operator BYPASSRLS", "SERVICE_operator: may pass row-level security by"),
        ("GRANT SERVICE_owner TO SERVICE_app", "SERVICE_app: belongs to SERVICE_owner"),
    ],
)
def test_a_role_that_may_too_much(judge: Judge, statement: str, fault: str) -> None:
    assert fault in judge(afterwards=statement)


def test_a_role_that_owns_something(judge: Judge) -> None:
    found = judge(TOYS + '\nprotect(op, "toys", "SERVICE")', afterwards="ALTER TABLE toys OWNER TO SERVICE_app")
    assert sorted(found) == ["SERVICE_app: owns something", "public.toys: is owned by SERVICE_app"]


# --- the platform's own tables ------------------------------------------------------------------------------------------

PEOPLE = """
create_identity_schema(op, "SERVICE")
op.create_table("people", sa.Column("id", sa.Uuid, primary_key=True), sa.Column("email", sa.Text), schema="identity")
protect_platform(op, "people", "SERVICE")
"""
REASON = {"identity.people": "one person may belong to several boroughs"}


def test_a_platform_table_is_named_with_its_reason(judge: Judge) -> None:
    assert judge(PEOPLE, identity=True, platform=REASON) == []


def test_a_platform_table_that_is_not_named_is_a_fault(judge: Judge) -> None:
    assert judge(PEOPLE, identity=True) == ["identity.people: its primary key does not begin with borough_id"]


def test_only_the_identity_role_can_use_a_platform_table(postgres_url: str, tmp_path: Path) -> None:
    store = scratch_store(tmp_path, CHASSIS, PEOPLE, identity=True)
    made = prepared(store, postgres_url)
    for role in ("app", "operator"):
        connection = psycopg2.connect(made.urls[role])
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            connection.cursor().execute("SELECT * FROM identity.people")
        connection.close()
    with made.open().platform_session() as session:
        session.connection().exec_driver_sql("INSERT INTO identity.people VALUES (gen_random_uuid(), 'a@example.org')")
        assert session.connection().exec_driver_sql("SELECT count(*) FROM identity.people").scalar() == 1
        with pytest.raises(Exception, match="permission denied"):
            session.connection().exec_driver_sql("SELECT * FROM outbox")


def test_a_borough_table_is_opened_to_the_identity_role_by_name_only(judge: Judge) -> None:
    members = TOYS.replace("toys", "members") + '\nprotect(op, "members", "SERVICE")\nlet_identity_use(op, "members", "SERVICE")'
    assert judge(PEOPLE, members, identity=True, platform=REASON) == ["public.members: policy platform lets SERVICE_identity see true"]
    named = {**REASON, "public.members": "signing in lists a person's boroughs"}
    assert judge(PEOPLE, members, identity=True, platform=named) == []
