"""A referral that just came in, and the people around it."""

from typing import Any

import pytest

from chassis import clock
from chassis.caller import Caller
from services.referrals import contract
from services.referrals.models import Referral
from tests import factories


def received(**details: Any) -> Referral:
    """Return a referral as just received."""
    request = contract.ReferRequest().load(factories.as_json(contract.ReferRequest, factories.referral_details(**details)))
    return Referral.from_request(request, factories.caller(permissions=factories.REFERRER), clock.now(), clock.today())


@pytest.fixture
def referral() -> Referral:
    return received()


@pytest.fixture
def clinician() -> Caller:
    return factories.caller()


@pytest.fixture
def receive() -> Any:
    return received
