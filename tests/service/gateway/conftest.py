"""The gateway at work, alone: its own operations need no other service."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.support.gateway import Borough, Gateway, Someone, gateway_at_work
from tests.support.installation import Templates


@pytest.fixture(scope="module")
def gateway(postgres_url: str) -> Iterator[Gateway]:
    with gateway_at_work(Templates(postgres_url), f"inprocess://{uuid4().hex}") as running:
        yield running


@pytest.fixture(scope="module")
def southwark(gateway: Gateway) -> Borough:
    return gateway.onboard(name="Southwark")


@pytest.fixture(scope="module")
def lambeth(gateway: Gateway) -> Borough:
    return gateway.onboard(name="Lambeth", gss_code="E09000022", practice=False)


@pytest.fixture(scope="module")
def administrator(southwark: Borough) -> Someone:
    return southwark.administrator()


@pytest.fixture(scope="module")
def neighbour(lambeth: Borough) -> Someone:
    """The administrator of the other borough."""
    return lambeth.administrator()
