"""Every query of assessments goes by an index that begins with the borough."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.ids import new_id
from services.assessments.models import JointAssessment
from services.assessments.repository import Work
from tests.service.assessments.conftest import Open
from tests.support.desk import Desk
from tests.support.plans import plans

SEARCH: dict[str, Any] = {"status": None, "family_id": None, "sort": "oldest", "after": None, "limit": 25}
QUERIES: dict[str, Callable[[Work], object]] = {
    "the oldest": lambda work: work.assessments.search(**SEARCH),
    "of one status": lambda work: work.assessments.search(**{**SEARCH, "status": ["visited"]}),
    "of a family, as a list": lambda work: work.assessments.search(**{**SEARCH, "family_id": new_id()}),
    "of a family": lambda work: work.assessments.of_family(new_id()),
    "of a referral": lambda work: work.assessments.of_referral(new_id()),
    "counted": lambda work: work.assessments.standing_at("waiting"),
    "to sign, counted": lambda work: work.assessments.to_sign(),
    "to sign": lambda work: work.assessments.first_to_sign(10),
    "visits coming up": lambda work: work.visits.coming_up(clock.now()),
    "versions": lambda work: work.versions.of(new_id(), (1, 2)),
    "a visit": lambda work: work.visits.find(new_id()),
}


def begins_with_the_borough(plan: str) -> bool:
    return "Seq Scan" not in plan and "Index Cond: (" in plan and plan.count("borough_id = ") >= plan.count(" on ")


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_goes_by_an_index_of_the_borough(both: Desk, southwark: UUID, query: Callable[[Work], object]) -> None:
    found = plans(both.databases["assessments"], Work, Caller.service("assessments", southwark), query)
    assert found
    assert [plan for plan in found if not begins_with_the_borough(plan)] == []


def test_an_assessment_is_read_with_all_that_belongs_to_it_by_such_indexes(both: Desk, written: Open, southwark: UUID) -> None:
    assessment_id = written()["id"]

    def read(work: Work) -> list[Any]:
        row: JointAssessment = work.assessments.get(assessment_id)
        return [row.signatures, row.visits, row.versions, row.disagreements, row.family]

    found = plans(both.databases["assessments"], Work, Caller.service("assessments", southwark), read)
    assert len(found) >= 5
    assert [plan for plan in found if not begins_with_the_borough(plan)] == []
