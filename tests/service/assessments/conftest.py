"""Referrals and assessments at work together, on each broker."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.ids import new_id
from services.assessments import contract
from services.assessments.models import FamilyCopy
from services.assessments.service import AssessmentsService
from services.referrals import contract as referrals
from services.referrals.service import ReferralsService
from tests import factories
from tests.support.desk import Desk, desk, until
from tests.support.installation import Templates

Open = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def both(postgres_url: str, broker: str) -> Iterator[Desk]:
    with desk(Templates(postgres_url), broker, AssessmentsService, ReferralsService) as running:
        yield running


@pytest.fixture
def southwark(both: Desk) -> UUID:
    """A borough of the test's own."""
    return both.know(new_id())


@pytest.fixture
def ruth(southwark: UUID) -> Caller:
    """Ruth of CAMHS."""
    return factories.caller(southwark, name="Ruth Osei")


@pytest.fixture
def paul(southwark: UUID) -> Caller:
    """Paul of the adult mental health team."""
    return factories.caller(southwark, kind="adult_mental_health", name="Paul Lang")


@pytest.fixture
def facilitator(southwark: UUID) -> Caller:
    return factories.caller(southwark, kind="childrens_centre", permissions=factories.FACILITATOR, name="Amina Khan")


@pytest.fixture
def neighbour(both: Desk) -> Caller:
    """A clinician of another borough, with every permission there."""
    return factories.caller(both.know(new_id()), name="Lena Neighbour")


@pytest.fixture
def opened(both: Desk, ruth: Caller) -> Open:
    """Refer and accept a family; return its blank assessment once it is there."""

    def accepted(by: Caller | None = None, **changed: Any) -> dict[str, Any]:
        who = by or ruth
        received = both.ask(referrals.REFER, who, **factories.referral_details(**changed))
        both.ask(referrals.ACCEPT, who, referral_id=received["id"], version=1, reason="Fits")
        until(lambda: is_known(both, who.borough_id, received["family_id"]))
        return until(lambda: assessment_of(both, who, received["family_id"]))

    return accepted


def is_known(desk: Desk, borough_id: UUID, family_id: UUID) -> bool:
    """Tell whether a family has arrived at assessments whole, and not just its name."""
    with desk.work("assessments", borough_id) as work:
        family = work.session.get(FamilyCopy, (borough_id, family_id))
        return family is not None and family.sequence > 0


def assessment_of(desk: Desk, who: Caller, family_id: UUID) -> dict[str, Any]:
    """Return the assessment of a family, or nothing."""
    items = desk.ask(contract.LIST_ASSESSMENTS, who, family_id=family_id)["items"]
    return desk.ask(contract.GET_ASSESSMENT, who, assessment_id=items[0]["id"]) if items else {}


@pytest.fixture
def visited(both: Desk, ruth: Caller, paul: Caller, opened: Open) -> Open:
    """Open an assessment and have its visit done."""

    def done(**changed: Any) -> dict[str, Any]:
        blank = opened(**changed)
        visit = both.ask(
            contract.ARRANGE_VISIT,
            ruth,
            assessment_id=blank["id"],
            starts_at=clock.now() - timedelta(hours=2),
            minutes=90,
            assessors=factories.assessors(ruth, paul),
        )
        both.ask(contract.MARK_VISIT_DONE, ruth, visit_id=visit["id"])
        return blank

    return done


@pytest.fixture
def written(both: Desk, paul: Caller, visited: Open) -> Open:
    """Write and decide an assessment, as version 2, after its visit."""

    def edited(**changed: Any) -> dict[str, Any]:
        blank = visited()
        return both.ask(contract.EDIT, paul, assessment_id=blank["id"], version=1, **factories.halves_details(**changed))

    return edited
