"""Who reads what of a borough's referrals: no more than they may, page by page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from chassis import clock
from chassis.caller import Caller
from chassis.database.tables import audit
from chassis.errors import Forbidden, Invalid, NotFound
from chassis.ids import new_id
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk

Refer = Callable[..., dict[str, Any]]


@pytest.fixture
def refer(referrals: Desk, clinician: Caller) -> Refer:
    def received(by: Caller | None = None, **changed: Any) -> dict[str, Any]:
        return referrals.ask(contract.REFER, by or clinician, **factories.referral_details(**changed))

    return received


@pytest.fixture
def dozen(refer: Refer, clinician: Caller) -> list[dict[str, Any]]:
    """Twelve referrals, one a day, the oldest first."""
    first = clock.now() - timedelta(days=20)
    return [refer(replace(clinician, at=first + timedelta(days=number)), referred_on=None) for number in range(12)]


def paged(desk: Desk, caller: Caller, operation: Any = contract.LIST_REFERRALS, **wanted: Any) -> list[dict[str, Any]]:
    items, after = [], None
    while True:
        page = desk.ask(operation, caller, after=after, limit=5, **wanted)
        items += page["items"]
        after = page["next"]
        if after is None:
            return items


@pytest.mark.parametrize("sort", ["oldest", "newest"])
def test_a_list_is_read_page_by_page(referrals: Desk, clinician: Caller, dozen: list[dict[str, Any]], sort: str) -> None:
    ids = [item["id"] for item in paged(referrals, clinician, sort=sort)]
    expected = [item["id"] for item in dozen]
    assert ids == (expected if sort == "oldest" else expected[::-1])


def test_the_first_page_counts_them_all(referrals: Desk, clinician: Caller, dozen: list[dict[str, Any]]) -> None:
    first = referrals.ask(contract.LIST_REFERRALS, clinician, limit=5)
    assert (first["total"], len(first["items"])) == (len(dozen), 5)
    assert referrals.ask(contract.LIST_REFERRALS, clinician, limit=5, after=first["next"])["total"] is None


def test_a_list_is_narrowed_by_status(referrals: Desk, clinician: Caller, dozen: list[dict[str, Any]]) -> None:
    for item, (operation, words) in zip(dozen, ((contract.DECLINE, {"because": "other"}), (contract.WITHDRAW, {})), strict=False):
        referrals.ask(operation, clinician, referral_id=item["id"], version=1, reason="Decided", **words)
    wanted = referrals.ask(contract.LIST_REFERRALS, clinician, status=["declined", "withdrawn"])
    assert [item["status"] for item in wanted["items"]] == ["declined", "withdrawn"]
    assert len(paged(referrals, clinician, status=["received"])) == 10


def test_a_list_is_narrowed_to_ones_own(referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID) -> None:
    colleague = factories.caller(southwark, name="Ada Nwosu")
    mine = refer(clinician)
    refer(colleague)
    assert [item["id"] for item in referrals.ask(contract.LIST_REFERRALS, clinician, mine=True)["items"]] == [mine["id"]]
    assert referrals.ask(contract.LIST_REFERRALS, clinician)["total"] == 2


def test_the_other_borough_lists_and_counts_nothing(referrals: Desk, neighbour: Caller, dozen: list[dict[str, Any]]) -> None:
    listed = referrals.ask(contract.LIST_REFERRALS, neighbour)
    assert (listed["items"], listed["next"], listed["total"]) == ([], None, 0)
    assert len(dozen) == 12


def test_the_other_boroughs_referral_is_not_found_just_as_an_unknown_one(referrals: Desk, refer: Refer, neighbour: Caller) -> None:
    received = refer()
    errors = []
    for referral_id in (received["id"], new_id()):
        with pytest.raises(NotFound) as refused:
            referrals.ask(contract.GET_REFERRAL, neighbour, referral_id=referral_id)
        errors.append(refused.value.to_wire())
    assert errors[0] == errors[1]


@pytest.mark.parametrize("after", ["nonsense", "W10", "eyJhIjoxfQ", "Ww"])
def test_a_cursor_that_is_none_is_refused(referrals: Desk, clinician: Caller, after: str) -> None:
    with pytest.raises(Invalid) as refused:
        referrals.ask(contract.LIST_REFERRALS, clinician, after=after)
    assert list(refused.value.faults) == ["after"]


@pytest.mark.parametrize("limit", [0, 101, -1])
def test_a_page_holds_one_to_a_hundred(referrals: Desk, clinician: Caller, limit: int) -> None:
    with pytest.raises(Invalid):
        referrals.ask(contract.LIST_REFERRALS, clinician, limit=limit)


def test_a_facilitator_reads_nothing_clinical(referrals: Desk, refer: Refer, facilitator: Caller) -> None:
    received = refer()
    read = referrals.ask(contract.GET_REFERRAL, facilitator, referral_id=received["id"])
    assert read["clinical_hidden"]
    assert factories.CLINICAL not in str(read)
    assert read["risks_to_visitors"] == "A large dog in the hall"


def test_a_clinician_without_the_permission_reads_nothing_clinical_even_when_triaging(
    referrals: Desk, refer: Refer, clinician: Caller
) -> None:
    lesser = replace(clinician, permissions=clinician.permissions - {"referrals.read_clinical"})
    moved = referrals.ask(contract.DECLINE, lesser, referral_id=refer()["id"], version=1, because="other", reason="Acute psychosis")
    assert factories.CLINICAL not in str(moved)
    assert "psychosis" not in str(moved)


def test_a_referrer_sees_their_own_referrals_only(referrals: Desk, refer: Refer, health_visitor: Caller, southwark: UUID) -> None:
    colleague = factories.caller(southwark, kind="referring", permissions=factories.REFERRER, agency_id=health_visitor.agency_id)
    mine = refer(health_visitor)
    refer(colleague)
    own = referrals.ask(contract.OWN_REFERRALS, health_visitor)
    assert [item["id"] for item in own["items"]] == [mine["id"]]
    assert own["total"] == 1


@pytest.mark.parametrize(("may_be_told", "told"), [("status", "declined"), ("outcome", "declined"), ("nothing", "received")])
def test_a_referrer_sees_what_the_family_agreed_to(
    referrals: Desk, refer: Refer, clinician: Caller, health_visitor: Caller, may_be_told: str, told: str
) -> None:
    received = refer(health_visitor, referrer=factories.referrer_details(may_be_told=may_be_told))
    referrals.ask(contract.DECLINE, clinician, referral_id=received["id"], version=1, because="other", reason="Acute psychosis")
    (own,) = referrals.ask(contract.OWN_REFERRALS, health_visitor)["items"]
    assert own["told"] == told
    shown = {"id", "reference", "family_name", "referred_on", "told", "told_words", "told_at"}
    assert set(own) == {*shown, "question", "question_id", "answer_until"}
    assert "psychosis" not in str(own)


def test_who_may_not_read_their_own_is_refused(referrals: Desk, facilitator: Caller) -> None:
    with pytest.raises(Forbidden):
        referrals.ask(contract.OWN_REFERRALS, facilitator)


def test_the_story_of_a_family_holds_nothing_clinical(referrals: Desk, refer: Refer, clinician: Caller, facilitator: Caller) -> None:
    received = refer()
    referrals.ask(contract.ACCEPT, clinician, referral_id=received["id"], version=1, reason="Drinks in the morning")
    story = referrals.ask(contract.FAMILY_STORY, facilitator, family_id=received["family_id"])
    kinds = [entry["kind"] for entry in story["entries"] if entry["kind"].startswith("referral.")]
    assert kinds == ["referral.accepted", "referral.received"]
    assert factories.CLINICAL not in str(story)
    assert "Drinks" not in str(story)


def test_the_story_of_another_boroughs_family_is_not_found(referrals: Desk, refer: Refer, neighbour: Caller) -> None:
    received = refer()
    for family_id in (received["family_id"], new_id()):
        with pytest.raises(NotFound):
            referrals.ask(contract.FAMILY_STORY, neighbour, family_id=family_id)


def test_every_read_of_a_referral_is_in_the_audit_trail(
    referrals: Desk, refer: Refer, clinician: Caller, facilitator: Caller, southwark: UUID
) -> None:
    received = refer()
    referrals.ask(contract.GET_REFERRAL, facilitator, referral_id=received["id"])
    with referrals.work("referrals", southwark) as work:
        kept = work.session.execute(select(audit).where(audit.c.borough_id == southwark).order_by(audit.c.id)).mappings().all()
    assert [(entry["operation"], entry["kind"], entry["person_name"], entry["family_id"]) for entry in kept] == [
        ("referrals.refer", "change", clinician.person_name, received["family_id"]),
        ("referrals.get_referral", "read", "Amina Khan", received["family_id"]),
    ]
    # what was written stands in what was changed, which can be erased, and nowhere else
    assert factories.CLINICAL in str(kept[0]["changes"])
    assert factories.CLINICAL not in str([{**entry, "changes": None} for entry in kept] + [kept[1]["changes"]])
