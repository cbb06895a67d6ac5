"""Boroughs come by event, and a practice borough goes by one, from both services."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from chassis.caller import Caller
from chassis.errors import BoroughSuspended, NotReady
from chassis.ids import new_id
from chassis.tenancy import BOROUGH_CHANGED, BOROUGH_ERASED, BOROUGH_ONBOARDED
from services.assessments import contract
from services.referrals import contract as referrals
from tests import factories
from tests.service.assessments.conftest import Open
from tests.support.desk import Desk, until

TABLES = {
    "referrals": ["referrals", "families", "parents", "children", "answers"],
    "assessments": ["assessments", "visits", "assessment_versions", "signatures", "families", "referrals", "answers"],
}


def facts(**changed: Any) -> dict[str, Any]:
    plain = {
        "slug": f"b-{new_id().hex[-8:]}",
        "name": "Southwark",
        "programme_name": "Stay & Play",
        "practice": True,
        "suspended": False,
        "policy": {"child_max_age_months": 36},
    }
    return {**plain, **changed}


def rows(desk: Desk, borough_id: UUID) -> dict[str, int]:
    counted = {}
    for service, tables in TABLES.items():
        with desk.work(service, borough_id) as work:
            for table in tables:
                counted[f"{service}.{table}"] = work.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0
    return counted


def test_an_onboarded_borough_takes_referrals_by_its_own_policy(both: Desk) -> None:
    borough_id = new_id()
    clinician = factories.caller(borough_id)
    with pytest.raises(NotReady):
        both.ask(referrals.REFER, clinician, **factories.referral_details())
    both.tell_as_gateway(borough_id, BOROUGH_ONBOARDED(borough_id, 1, **facts()))
    details = factories.referral_details(children=[factories.child_details(birth_date=factories.toddler_birth_date(20))])
    assert until(lambda: received(both, clinician, details))["status"] == "received"


def received(desk: Desk, by: Caller, details: dict[str, Any]) -> dict[str, Any]:
    try:
        return desk.ask(referrals.REFER, by, **details)
    except NotReady:
        return {}


def test_an_older_policy_that_comes_late_changes_nothing(both: Desk) -> None:
    borough_id = new_id()
    clinician = factories.caller(borough_id)
    details = factories.referral_details(children=[factories.child_details(birth_date=factories.toddler_birth_date(50))])
    both.tell_as_gateway(borough_id, BOROUGH_CHANGED(borough_id, 2, **facts(policy={"child_max_age_months": 60})))
    until(lambda: received(both, clinician, details))
    both.tell_as_gateway(borough_id, BOROUGH_ONBOARDED(borough_id, 1, **facts()))
    other = new_id()
    both.tell_as_gateway(other, BOROUGH_ONBOARDED(other, 1, **facts()))
    toddler = factories.referral_details(children=[factories.child_details(birth_date=factories.toddler_birth_date(20))])
    until(lambda: received(both, factories.caller(other), toddler))
    assert received(both, clinician, details)["status"] == "received"


def test_an_erased_practice_borough_leaves_no_row_of_a_family(both: Desk, written: Open, ruth: Caller, southwark: UUID) -> None:
    assessment = written()
    both.ask(contract.SIGN, ruth, assessment_id=assessment["id"], version=2)
    before = rows(both, southwark)
    assert all(before.values()), before
    both.tell_as_gateway(southwark, BOROUGH_ERASED(southwark, 2, borough_id=southwark))
    until(lambda: not any(rows(both, southwark).values()))


def test_erasing_one_borough_leaves_the_others(both: Desk, opened: Open, ruth: Caller, neighbour: Caller, southwark: UUID) -> None:
    opened()
    kept = opened(neighbour)
    both.tell_as_gateway(southwark, BOROUGH_ERASED(southwark, 2, borough_id=southwark))
    until(lambda: not any(rows(both, southwark).values()))
    assert both.ask(contract.GET_ASSESSMENT, neighbour, assessment_id=kept["id"])["id"] == kept["id"]
    with pytest.raises(BoroughSuspended):  # its mark lets nothing be written again
        both.ask(referrals.REFER, ruth, **factories.referral_details())
    assert not any(rows(both, southwark).values())


def test_a_real_borough_is_not_erased_by_an_event(both: Desk, neighbour: Caller) -> None:
    borough_id = new_id()
    both.tell_as_gateway(borough_id, BOROUGH_ONBOARDED(borough_id, 1, **facts(practice=False, policy={})))
    clinician = factories.caller(borough_id)
    until(lambda: received(both, clinician, factories.referral_details()))
    both.tell_as_gateway(borough_id, BOROUGH_ERASED(borough_id, 2, borough_id=borough_id))
    both.tell_as_gateway(neighbour.borough_id, BOROUGH_CHANGED(neighbour.borough_id, 9, **facts(policy={"child_max_age_months": 12})))
    until(lambda: both.policy("referrals", neighbour.borough_id).get("child_max_age_months") == 12)
    assert both.ask(referrals.LIST_REFERRALS, clinician)["total"] == 1
