"""The sample service's database, made once; each test has boroughs of its own in it."""

from collections.abc import Iterator

import pytest

from chassis.caller import Caller
from chassis.database import Database
from tests.support.database import Prepared, prepared
from tests.support.people import note_keeper
from tests.support.sample_service import STORE


@pytest.fixture(scope="session")
def sample(postgres_url: str) -> Prepared:
    return prepared(STORE, postgres_url)


@pytest.fixture
def database(sample: Prepared) -> Iterator[Database]:
    opened = sample.open()
    yield opened
    opened.close()


@pytest.fixture
def southwark() -> Caller:
    return note_keeper(person_name="Grace Adeyemi")


@pytest.fixture
def lambeth() -> Caller:
    return note_keeper(person_name="Tomasz Nowak")
