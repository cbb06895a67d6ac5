"""Every list of a borough's own things in the gateway goes by an index that begins with the borough."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from chassis.caller import Caller
from chassis.ids import new_id
from gateway.repository import Work
from tests.support.gateway import Borough, Gateway
from tests.support.plans import plans

ANYBODY: dict[str, Any] = {"role": None, "agency_kind": None, "member_id": None}
QUERIES: dict[str, Callable[[Work], object]] = {
    "members": lambda work: work.members.listed(None, 25, **ANYBODY),
    "members of a role": lambda work: work.members.listed(None, 25, **{**ANYBODY, "role": "facilitator"}),
    "members of a kind of agency": lambda work: work.members.listed(None, 25, **{**ANYBODY, "agency_kind": "camhs"}),
    "members by name": lambda work: work.members.listed(None, 25, **{**ANYBODY, "member_id": [new_id(), new_id()]}),
    "who a person is here": lambda work: work.members.of_person(new_id()),
    "administrators": lambda work: work.members.administrators(),
    "invitations": lambda work: work.invitations.listed(None, 25, waiting=False),
    "invitations that wait": lambda work: work.invitations.listed(None, 25, waiting=True),
    "whether somebody is invited": lambda work: work.invitations.is_open_to("jo@southwark.example"),
    "agencies": lambda work: work.agencies.listed(None, 25, retired=False),
    "notices": lambda work: work.notices.listed(new=None, after=None, limit=25),
    "notices that nobody looked at": lambda work: work.notices.listed(new=True, after=None, limit=25),
    "systems": lambda work: work.system_tokens.listed(None, 25),
    "the webhook of a system": lambda work: work.webhooks.of_system(new_id()),
    "what a system was told": lambda work: work.deliveries.listed(new_id(), None, 25),
    "whether less may be told": lambda work: work.deliveries.silenced_after(new_id(), new_id(), 3),
    "versions of the policy": lambda work: work.policies.listed(None, 25),
    "a version of the policy": lambda work: work.policies.numbered(1),
    "who accepted the terms": lambda work: work.acceptances.listed(),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_goes_by_an_index_of_the_borough(gateway: Gateway, southwark: Borough, query: Callable[[Work], object]) -> None:
    found = plans(gateway.database, Work, Caller.service("gateway", UUID(southwark.id)), query)
    assert found
    assert [plan for plan in found if not begins_with_the_borough(plan)] == []


@pytest.mark.parametrize("query", [lambda work: work.policies.upcoming(), lambda work: work.policies.due(date(2026, 9, 1))])
def test_what_is_to_come_of_a_policy_is_found_among_what_waits(
    gateway: Gateway, southwark: Borough, query: Callable[[Work], object]
) -> None:
    """By an index of the few versions that wait in all boroughs, or by the borough: never through all that ever was."""
    (plan,) = plans(gateway.database, Work, Caller.service("gateway", UUID(southwark.id)), query)
    assert "ix_policy_versions_waiting" in plan or begins_with_the_borough(plan)


def begins_with_the_borough(plan: str) -> bool:
    return "Seq Scan" not in plan and "Index Cond: (" in plan and plan.count("borough_id = ") >= plan.count(" on ")
