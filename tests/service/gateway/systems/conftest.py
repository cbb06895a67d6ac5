"""Systems of the tests: each begins without wrong tokens noted of any address."""

from collections.abc import Iterator

import pytest

from tests.support.gateway import Borough, Gateway, Someone
from tests.support.mailing import change
from tests.support.systems import Made, made


@pytest.fixture(autouse=True)
def clean(gateway: Gateway) -> Iterator[None]:
    change(gateway.database, "DELETE FROM identity.attempts")
    yield
    change(gateway.database, "DELETE FROM identity.attempts")


@pytest.fixture
def given(southwark: Borough, administrator: Someone) -> Made:
    """A token of the test's own, with every scope."""
    return made(southwark, administrator)
