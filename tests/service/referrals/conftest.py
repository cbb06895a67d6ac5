"""The referrals service at work, on each broker."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from chassis.caller import Caller
from chassis.ids import new_id
from services.referrals.service import ReferralsService
from tests import factories
from tests.support.desk import Desk, desk
from tests.support.installation import Templates


@pytest.fixture(scope="module")
def referrals(postgres_url: str, broker: str) -> Iterator[Desk]:
    with desk(Templates(postgres_url), broker, ReferralsService) as running:
        yield running


@pytest.fixture
def southwark(referrals: Desk) -> UUID:
    """A borough of the test's own."""
    return referrals.know(new_id(), child_max_age_months=60)


@pytest.fixture
def lambeth(referrals: Desk) -> UUID:
    """Another borough."""
    return referrals.know(new_id())


@pytest.fixture
def clinician(southwark: UUID) -> Caller:
    return factories.caller(southwark)


@pytest.fixture
def health_visitor(southwark: UUID) -> Caller:
    return factories.caller(southwark, kind="referring", permissions=factories.REFERRER, name="Grace Mensah")


@pytest.fixture
def facilitator(southwark: UUID) -> Caller:
    return factories.caller(southwark, kind="childrens_centre", permissions=factories.FACILITATOR, name="Amina Khan")


@pytest.fixture
def neighbour(lambeth: UUID) -> Caller:
    """A clinician of the other borough, with every permission there."""
    return factories.caller(lambeth, name="Lena Neighbour")
