"""A real provider for the module, and boroughs whose people sign in by it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.mailing import change
from tests.support.providing import Provider, client, running_provider
from tests.support.signing_on import Council

PUBLIC_URL = "http://localhost:8000"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider([client(PUBLIC_URL)]) as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Iterator[Provider]:
    """The module's provider, with nothing wrong, in a browser of the test's own."""
    running.spoil()
    running.says()
    running.pace(0)
    yield running.another_browser()
    running.spoil()
    running.pace(0)


@pytest.fixture
def found_council(gateway: Gateway, provider: Provider) -> Callable[..., Council]:
    """A way to make boroughs that have not set single sign-on up."""

    def make(**described: Any) -> Council:
        change(gateway.database, "DELETE FROM identity.attempts")
        borough = gateway.onboard(**described)
        return Council(gateway, borough, provider, borough.administrator())

    return make


@pytest.fixture
def bare(found_council: Callable[..., Council]) -> Council:
    """A borough that has not set single sign-on up."""
    return found_council()


@pytest.fixture
def council(bare: Council) -> Council:
    """A borough in which it is in use, beside the other ways."""
    return bare.in_use()
