"""The gateway at work: alone, where its own operations need no other service, and with all of them by real HTTP."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from services.referrals.contract import ReferRequest
from tests import factories
from tests.support.gateway import Borough, Gateway, Someone, gateway_at_work
from tests.support.installation import Templates
from tests.support.whole import Person, Town, Whole, whole_platform


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


@pytest.fixture(scope="module")
def whole(postgres_url: str, broker: str) -> Iterator[Whole]:
    """Every service, on each broker."""
    with whole_platform(Templates(postgres_url), broker) as running:
        yield running


@pytest.fixture(scope="module")
def peckham(whole: Whole) -> Town:
    return whole.borough("Southwark")


@pytest.fixture(scope="module")
def brixton(whole: Whole) -> Town:
    return whole.borough("Lambeth")


@pytest.fixture(scope="module")
def clinician(peckham: Town) -> Person:
    return peckham.member("Ruth Osei", "practitioner", "camhs")


@pytest.fixture(scope="module")
def health_visitor(peckham: Town) -> Person:
    return peckham.member("Helen Vance", "referrer", "referring")


@pytest.fixture(scope="module")
def facilitator(peckham: Town) -> Person:
    return peckham.member("Jo Marsh", "facilitator", "childrens_centre")


@pytest.fixture(scope="module")
def other_clinician(brixton: Town) -> Person:
    """A practitioner of the other borough."""
    return brixton.member("Lena Neighbour", "practitioner", "camhs")


@pytest.fixture
def referral(peckham: Town, health_visitor: Person) -> dict[str, Any]:
    """A referral that waits for triage."""
    return peckham.refer(health_visitor, described())


def described() -> dict[str, Any]:
    """Return a referral as a client sends it."""
    return factories.as_json(ReferRequest, factories.referral_details())
