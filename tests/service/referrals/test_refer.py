"""A family is referred."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from dateutil.relativedelta import relativedelta

from chassis import clock
from chassis.caller import Caller
from chassis.errors import Forbidden, IdempotencyMismatch, Invalid, KeyNeeded, NotReady
from chassis.ids import new_id
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk


def refer(desk: Desk, by: Caller, *, key: str | None = None, **changed: Any) -> dict[str, Any]:
    return desk.ask(contract.REFER, by, key=key, **factories.referral_details(**changed))


def test_a_referral_arrives(referrals: Desk, health_visitor: Caller, clinician: Caller) -> None:
    details = factories.referral_details()
    received = referrals.ask(contract.REFER, health_visitor, **details)
    assert (received["status"], received["version"]) == ("received", 1)
    read = referrals.ask(contract.GET_REFERRAL, clinician, referral_id=received["id"])
    assert read["family"]["parents"][0]["given_name"] == details["parents"][0]["given_name"]
    assert read["child_birth_dates"] == [details["children"][0]["birth_date"]]
    assert read["referrer"]["service"] == details["referrer"]["service"]
    assert read["referred_by_name"] == "Grace Mensah"
    assert read["concern"] == factories.CLINICAL
    assert read["may_move_to"] == list(contract.MOVES["received"])


def test_it_is_told_once_and_without_anything_clinical(referrals: Desk, health_visitor: Caller, southwark: UUID) -> None:
    received = refer(referrals, health_visitor)
    (event,) = referrals.told("referrals", southwark)
    assert (event["type"], event["subject"], event["sequence"]) == ("referrals.referral.received", received["id"], 1)
    assert factories.CLINICAL not in str(event["data"])


def test_names_of_every_script_come_back_as_they_were_written(referrals: Desk, clinician: Caller) -> None:
    for given_name, family_name in factories.PARENT_NAMES:
        parent = factories.parent_details(given_name=given_name, family_name=family_name)
        received = refer(referrals, clinician, parents=[parent])
        assert received["family_name"].startswith(f"{given_name} {family_name} and ")


def test_the_same_request_again_changes_nothing_and_gets_the_same_answer(referrals: Desk, health_visitor: Caller, southwark: UUID) -> None:
    key, details = uuid4().hex, factories.referral_details()
    first = referrals.ask(contract.REFER, health_visitor, key=key, **details)
    again = referrals.ask(contract.REFER, health_visitor, key=key, **details)
    assert again == first
    assert len(referrals.told("referrals", southwark)) == 1


def test_the_same_key_for_another_family_is_refused(referrals: Desk, health_visitor: Caller, southwark: UUID) -> None:
    key = uuid4().hex
    refer(referrals, health_visitor, key=key)
    with pytest.raises(IdempotencyMismatch):
        refer(referrals, health_visitor, key=key, language="Welsh")
    assert len(referrals.told("referrals", southwark)) == 1


def test_a_referral_without_a_key_is_refused(referrals: Desk, health_visitor: Caller) -> None:
    with pytest.raises(KeyNeeded):
        referrals.client.call(contract.REFER, "no token is looked at", **factories.referral_details())


def test_a_child_older_than_the_boroughs_limit_is_refused_and_nothing_is_kept(
    referrals: Desk, health_visitor: Caller, clinician: Caller, southwark: UUID
) -> None:
    too_old = factories.child_details(birth_date=clock.today() - relativedelta(months=60) - timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        refer(referrals, health_visitor, children=[factories.child_details(), too_old])
    assert list(refused.value.faults["children"]) == ["1"]
    assert "up to 5 years old" in str(refused.value.faults)
    assert referrals.ask(contract.LIST_REFERRALS, clinician)["total"] == 0
    assert referrals.told("referrals", southwark) == []


def test_each_borough_has_its_own_limit(referrals: Desk) -> None:
    for months, let_in in ((36, False), (48, True)):
        caller = factories.caller(referrals.know(new_id(), child_max_age_months=months))
        child = factories.child_details(birth_date=clock.today() - relativedelta(months=40))
        if let_in:
            assert refer(referrals, caller, children=[child])["status"] == "received"
        else:
            with pytest.raises(Invalid):
                refer(referrals, caller, children=[child])


def test_a_borough_without_a_limit_of_its_own_has_sixty_months(referrals: Desk, neighbour: Caller) -> None:
    assert refer(referrals, neighbour, children=[factories.child_details(birth_date=clock.today() - relativedelta(months=60))])
    with pytest.raises(Invalid):
        refer(referrals, neighbour, children=[factories.child_details(birth_date=clock.today() - relativedelta(months=61))])


def test_the_age_is_that_on_the_day_of_the_referral(referrals: Desk, clinician: Caller) -> None:
    born = clock.today() - relativedelta(months=60) - timedelta(days=5)
    on = clock.today() - timedelta(days=9)
    received = refer(referrals, clinician, children=[factories.child_details(birth_date=born)], referred_on=on)
    assert received["referred_on"] == on


def test_a_referral_without_a_date_is_of_today(referrals: Desk, clinician: Caller) -> None:
    assert refer(referrals, clinician, referred_on=None)["referred_on"] == clock.today()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"referred_on": clock.today() + timedelta(days=1)}, "referred_on"),
        ({"family_agrees": False}, "family_agrees"),
        ({"parents": []}, "parents"),
        ({"why_now": "x" * 4001}, "why_now"),
        ({"urgency": "very"}, "urgency"),
    ],
)
def test_what_can_not_be_is_refused_by_the_service_too(
    referrals: Desk, health_visitor: Caller, southwark: UUID, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        refer(referrals, health_visitor, **changed)
    assert list(refused.value.faults) == [field]
    assert referrals.told("referrals", southwark) == []


def test_a_borough_that_the_service_has_not_heard_of_is_not_ready(referrals: Desk) -> None:
    with pytest.raises(NotReady):
        refer(referrals, factories.caller())


def test_who_may_not_refer_is_refused(referrals: Desk, southwark: UUID) -> None:
    with pytest.raises(Forbidden):
        refer(referrals, factories.caller(southwark, permissions=frozenset({"families.read"})))
    assert referrals.told("referrals", southwark) == []


def test_a_referrer_can_not_read_referrals(referrals: Desk, health_visitor: Caller) -> None:
    received = refer(referrals, health_visitor)
    with pytest.raises(Forbidden):
        referrals.ask(contract.GET_REFERRAL, health_visitor, referral_id=received["id"])
    with pytest.raises(Forbidden):
        referrals.ask(contract.LIST_REFERRALS, health_visitor)


def test_a_referral_may_be_dated_in_a_practice_borough(referrals: Desk, clinician: Caller) -> None:
    then = clock.now() - timedelta(days=200)
    born = clock.today() - relativedelta(months=18)
    received = refer(referrals, replace(clinician, at=then), referred_on=None, children=[factories.child_details(birth_date=born)])
    assert received["received_at"] == then
    assert received["referred_on"] == clock.london(then).date()
