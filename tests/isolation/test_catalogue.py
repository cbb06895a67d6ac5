"""Every table of every service's database, read from PostgreSQL's own catalogue: tenancy holds, and migrations match."""

import pytest
from sqlalchemy import create_engine, text

from chassis.database.catalogue import faults
from chassis.database.migrate import check_migrations
from stayplay.roster import PACKAGES, store
from tests.support.database import Prepared, prepared

PLATFORM = {
    "identity.people": "a person may belong to several boroughs",
    "identity.sign_ins": "somebody signs in as a person, and chooses the borough after",
    "identity.attempts": "who guesses passwords has named no borough",
    "identity.resets": "who forgot their password has named no borough",
    "identity.spent": "what a provider of sign-in sends is used once, whoever it is about",
    "public.mails": "boroughs and sign-in both put mails in, and one sender takes them out",
    "identity.departures": "a borough that left is known by its certificate, when it has no row of its own left",
    "identity.authenticators": "second factors are a person's, in every borough the same",
    "identity.recovery_codes": "second factors are a person's, in every borough the same",
    "identity.passkeys": "a passkey signs somebody in who has named no borough",
    "identity.passkey_holders": "a device knows its owner by one name, whatever the borough",
    "identity.challenges": "a passkey is asked to sign something before a borough is named",
    "identity.onboardings": "operators describe a borough step by step before there is one",
    "identity.operator_sessions": "an operator works for every borough",
    "public.policy_versions": "one question a minute finds every borough whose policy begins today",
    "public.profiles": "an address names its borough by slug before the borough is known; operators list all",
    "public.agencies": "accepting an invitation and choosing a borough show whose it is",
    "public.members": "signing in lists the boroughs that the person belongs to",
    "public.invitations": "an invitation is found by its token before the borough is known",
    "public.sign_ons": "the way to a borough's provider is shown before anybody is signed in",
    "public.linked_accounts": "an account is found by what the provider vouches for before anybody is signed in",
    "public.system_tokens": "a system's token names no borough; its row does",
    "public.webhooks": "one sender for every borough looks where to send",
    "public.webhook_deliveries": "one sender for every borough takes out what is due, and it names nobody",
    "public.brandings": "a stranger reads the public page of the borough that the address names",
}


@pytest.fixture(scope="module", params=list(PACKAGES))
def made(request: pytest.FixtureRequest, postgres_url: str) -> Prepared:
    return prepared(store(request.param), postgres_url)


def test_no_table_view_function_or_role_lets_one_borough_see_another(made: Prepared) -> None:
    engine = create_engine(made.urls["app"])
    with engine.connect() as connection:
        found = faults(connection, made.store, PLATFORM if made.store.identity else None)
    engine.dispose()
    assert found == []


def test_every_exception_is_a_table_that_is_there(postgres_url: str) -> None:
    gateway = prepared(store("gateway"), postgres_url)
    engine = create_engine(gateway.urls["identity"])
    with engine.connect() as connection:
        missing = [name for name in PLATFORM if connection.execute(text("SELECT to_regclass(:name)"), {"name": name}).scalar() is None]
    engine.dispose()
    assert missing == []


def test_migrations_match_the_models(made: Prepared) -> None:
    assert check_migrations(made.store, made.urls["owner"]) == []


def test_without_a_borough_the_application_sees_no_row_of_any_table(made: Prepared) -> None:
    """Every table that its role may read at all is read, as a leaked password would let somebody."""
    engine = create_engine(made.urls["app"])
    with engine.connect() as connection:
        tables = (
            connection.execute(
                text(
                    "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace "
                    "AND relname <> 'alembic_version' AND has_table_privilege(oid, 'SELECT')"
                )
            )
            .scalars()
            .all()
        )
        counts = {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in tables}
    engine.dispose()
    assert len(counts) >= 6
    assert set(counts.values()) == {0}
