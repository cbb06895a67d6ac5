"""Every query of referrals goes by an index that begins with the borough."""

from collections.abc import Callable
from typing import Any

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.repository import Work
from tests import factories
from tests.support.desk import Desk
from tests.support.plans import plans

SEARCH: dict[str, Any] = {"status": None, "mine": None, "sort": "oldest", "after": None, "limit": 25}
QUERIES: dict[str, Callable[[Work], object]] = {
    "the oldest": lambda work: work.referrals.search(**SEARCH),
    "the newest": lambda work: work.referrals.search(**{**SEARCH, "sort": "newest"}),
    "of one status": lambda work: work.referrals.search(**{**SEARCH, "status": ["received"]}),
    "of two statuses": lambda work: work.referrals.search(**{**SEARCH, "status": ["received", "closed"]}),
    "ones own": lambda work: work.referrals.own(None, 25),
    "of a family": lambda work: work.referrals.of_family(new_id()),
    "one": lambda work: work.referrals.find(new_id()),
    "a draft": lambda work: work.drafts.find(new_id()),
    "ones own drafts": lambda work: work.drafts.of_person(new_id(), clock.now()),
    "what waits": lambda work: work.referrals.waiting(),
    "families": lambda work: work.families.by_name(None, 25),
    "a family": lambda work: work.families.find(new_id()),
    "waiting lists": lambda work: work.imports.listed(None, 25),
    "a waiting list": lambda work: work.imports.with_content(new_id()),
    "waiting lists whose time is over": lambda work: work.imports.expired(),
    "rows of a waiting list": lambda work: work.import_rows.listed(new_id(), "faulty", None, 25),
    "every row of a waiting list": lambda work: work.import_rows.of(new_id()),
    "how the rows of waiting lists stand": lambda work: work.import_rows.counted([new_id(), new_id()]),
    "families that share something with a row": lambda work: work.import_rows.families_by_key(["phone 07700900123", "born 2024-07-16"]),
    "what a family agreed to": lambda work: work.consents.of_family(new_id()),
    "what was shared of a family": lambda work: work.sharing_decisions.of_family(new_id()),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_goes_by_an_index_of_the_borough(referrals: Desk, clinician: Caller, query: Callable[[Work], object]) -> None:
    found = plans(referrals.databases["referrals"], Work, caller_of_the_service(clinician), query)
    assert found
    for plan in found:
        assert "Seq Scan" not in plan
        assert "Index Cond: (" in plan
        assert plan.count("borough_id = ") >= plan.count(" on ")


def test_the_next_page_begins_at_its_place_in_the_index(referrals: Desk, clinician: Caller) -> None:
    for _ in range(3):
        referrals.ask(contract.REFER, clinician, **factories.referral_details())
    after = referrals.ask(contract.LIST_REFERRALS, clinician, limit=1)["next"]
    (plan,) = plans(
        referrals.databases["referrals"],
        Work,
        caller_of_the_service(clinician),
        lambda work: work.referrals.search(**{**SEARCH, "after": after}),
    )
    assert "ROW(received_at, id) > ROW(" in plan.split("Index Cond:")[1].splitlines()[0]
    assert "Sort" not in plan


@pytest.mark.parametrize("wanted", [{}, {"sort": "newest"}, {"status": ["received"]}, {"mine": True}], ids=str)
def test_a_page_is_read_in_order_without_sorting(referrals: Desk, clinician: Caller, wanted: dict[str, Any]) -> None:
    page, _ = plans(
        referrals.databases["referrals"],
        Work,
        caller_of_the_service(clinician),
        lambda work: work.referrals.search(**{**SEARCH, **wanted}),
    )
    assert "Sort" not in page


def caller_of_the_service(caller: Caller) -> Caller:
    return Caller.service("referrals", caller.borough_id)
