"""What the borough decides for itself holds where families are referred: who may come, what is told, and from when on."""

from datetime import timedelta
from uuid import UUID

import pytest
from dateutil.relativedelta import relativedelta

from chassis import clock
from chassis.caller import Caller
from chassis.database.tenants import Borough, keep_borough
from chassis.errors import Invalid, NotOpen
from chassis.ids import new_id
from gateway.access.roles import permissions_of
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk


def test_a_child_younger_than_the_borough_lets_come_is_refused(referrals: Desk) -> None:
    caller = factories.caller(referrals.know(new_id(), child_min_age_months=6))
    born = clock.today() - relativedelta(months=6)
    young = factories.child_details(birth_date=born + timedelta(days=3))
    with pytest.raises(Invalid) as refused:
        referrals.ask(contract.REFER, caller, **factories.referral_details(children=[young]))
    assert list(refused.value.faults["children"]) == ["0"]
    old_enough = factories.child_details(birth_date=born)
    assert referrals.ask(contract.REFER, caller, **factories.referral_details(children=[old_enough]))["status"] == "received"


@pytest.mark.parametrize(
    ("borough", "family", "told"),
    [
        ("status", "status", "accepted"),
        ("outcome", "status", "accepted"),
        ("nothing", "status", "received"),
        ("nothing", "outcome", "received"),
        ("status", "nothing", "received"),
    ],
)
def test_a_referrer_is_told_the_less_of_what_the_borough_and_the_family_let_them_know(
    referrals: Desk, borough: str, family: str, told: str
) -> None:
    borough_id = referrals.know(new_id(), referrers_told=borough)
    helen = factories.caller(borough_id, kind="referring", permissions=permissions_of(["referrer"], "referring"), name="Helen Vance")
    asked = factories.referral_details(referrer=factories.referrer_details(may_be_told=family))
    received = referrals.ask(contract.REFER, helen, **asked)
    referrals.ask(contract.ACCEPT, factories.caller(borough_id), referral_id=received["id"], version=1, reason="Fits")
    (own,) = referrals.ask(contract.OWN_REFERRALS, helen)["items"]
    assert own["told"] == told


def opened(referrals: Desk, borough_id: UUID, *, sequence: int, is_open: bool) -> None:
    """Let the service hear of a borough that is open, or not."""
    with referrals.work("referrals", borough_id) as work:
        names = (f"b-{borough_id.hex[-8:]}", "Southwark", "Stay & Play")
        keep_borough(work, Borough(borough_id, *names, sequence=sequence, opened=is_open))


def test_a_borough_takes_referrals_as_soon_as_the_service_hears_that_it_is_open(referrals: Desk) -> None:
    borough_id = new_id()
    caller: Caller = factories.caller(borough_id)
    opened(referrals, borough_id, sequence=1, is_open=False)
    with pytest.raises(NotOpen):
        referrals.ask(contract.REFER, caller, **factories.referral_details())
    assert referrals.ask(contract.LIST_REFERRALS, caller)["total"] == 0
    assert referrals.told("referrals", borough_id) == []
    opened(referrals, borough_id, sequence=3, is_open=True)
    opened(referrals, borough_id, sequence=2, is_open=False)  # news that was overtaken
    assert referrals.ask(contract.REFER, caller, **factories.referral_details())["status"] == "received"
