"""Every operation of every service, whoever adds one: who asks is verified there, and may do just what was granted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import jwt
import psycopg2
import pytest

from chassis.caller import Caller, TokenSigner
from chassis.contract import Operation
from chassis.errors import Forbidden, KeyNeeded, NotSignedIn
from chassis.ids import new_id
from chassis.keys import fresh_secrets
from gateway.access.scopes import SCOPES, permissions_of_scopes
from stayplay.roster import PACKAGES, SERVICES, service_class
from tests import factories
from tests.support.desk import Desk, desk
from tests.support.installation import SECRETS, Templates

OPERATIONS: tuple[Operation, ...] = tuple(
    operation for service in SERVICES for operation in import_module(f"{PACKAGES[service]}.contract").OPERATIONS
)
EVERYTHING = frozenset(operation.permission for operation in OPERATIONS)
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.full_name)


@pytest.fixture(scope="module")
def services(postgres_url: str, broker: str) -> Iterator[Desk]:
    with desk(Templates(postgres_url), broker, *(service_class(name) for name in SERVICES)) as running:
        yield running


@pytest.fixture(scope="module")
def southwark(services: Desk) -> UUID:
    return services.know(new_id())


def signed(caller: Caller, key: str = SECRETS["GATEWAY_SIGNING_KEY"], *, seconds: float = 60) -> str:
    expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
    return TokenSigner(key).sign(replace(caller, expires_at=expires_at))


def unsigned(caller: Caller) -> str:
    claims = jwt.decode(signed(caller), options={"verify_signature": False})
    return jwt.encode(claims, "", algorithm="none")


def tampered(caller: Caller) -> str:
    """Return a token whose borough was changed after it was signed."""
    head, _, signature = signed(caller).split(".")
    return ".".join((head, signed(replace(caller, borough_id=new_id())).split(".")[1], signature))


FALSE = {
    "no token": lambda _: "",
    "nonsense": lambda _: "nonsense",
    "one of another key": lambda caller: signed(caller, fresh_secrets()["GATEWAY_SIGNING_KEY"]),
    "one that another service signed": lambda caller: signed(caller, SECRETS["OUTREACH_SIGNING_KEY"]),
    "one that is over": lambda caller: signed(caller, seconds=-30),
    "one without a signature": unsigned,
    "one moved to another borough": tampered,
}


@every_operation
def test_a_service_answers_nobody_without_a_valid_caller_token(services: Desk, southwark: UUID, operation: Operation) -> None:
    caller = factories.caller(southwark, permissions=EVERYTHING)
    for false in FALSE.values():
        with pytest.raises(NotSignedIn):
            services.client.call(operation, false(caller), idempotency_key=uuid4().hex)


@every_operation
def test_every_permission_but_its_own_does_not_open_an_operation(services: Desk, southwark: UUID, operation: Operation) -> None:
    caller = factories.caller(southwark, permissions=EVERYTHING - {operation.permission})
    with pytest.raises(Forbidden) as refused:
        services.client.call(operation, signed(caller), idempotency_key=uuid4().hex)
    assert refused.value.facts == {"permission": operation.permission}


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.permission not in SCOPES], ids=lambda operation: operation.full_name
)
def test_a_system_with_every_scope_is_let_into_a_service_by_nothing_else(services: Desk, southwark: UUID, operation: Operation) -> None:
    token, allowed = new_id(), permissions_of_scopes(SCOPES)
    system = Caller(borough_id=southwark, person_id=token, person_name="Website", member_id=token, permissions=allowed, kind="system")
    with pytest.raises(Forbidden):
        services.client.call(operation, signed(system), idempotency_key=uuid4().hex)


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.changes], ids=lambda operation: operation.full_name)
@pytest.mark.parametrize("key", ["x" * 129, "a\nb"], ids=["long", "not printable"])
def test_a_change_needs_a_key_at_the_service_too(services: Desk, southwark: UUID, operation: Operation, key: str) -> None:
    caller = factories.caller(southwark, permissions=EVERYTHING)
    with pytest.raises(KeyNeeded):
        services.client.call(operation, signed(caller), idempotency_key=key)


OF_ITSELF = frozenset({"boroughs", "alembic_version", "key_rounds"})
"""Tables that have rows though nobody asked for anything: the borough itself, and how far its families are keyed, which a timer keeps."""


def test_nothing_of_what_was_refused_was_written(services: Desk, postgres_url: str) -> None:
    """Runs after the others: no table of any service holds a row, but for those that services fill of themselves."""
    for service in SERVICES:
        database = urlsplit(services.installed.env[f"{service.upper()}_DATABASE_URL"]).path
        assert filled(urlsplit(postgres_url)._replace(path=database).geturl()) <= OF_ITSELF, service


def filled(url: str) -> set[str]:
    """Return the names of the tables in which there is a row, whatever the borough."""
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        names = [str(name) for (name,) in cursor.fetchall()]
        cursor.execute("SELECT " + ", ".join(f'EXISTS (SELECT FROM "{name}")' for name in names))
        held = cursor.fetchone() or ()
    connection.close()
    return {name for name, any_row in zip(names, held, strict=True) if any_row}
