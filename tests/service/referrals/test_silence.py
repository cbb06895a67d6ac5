"""What referrals logs names nobody, whatever goes well or wrong."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from chassis import clock, logging
from chassis.caller import Caller
from chassis.errors import StayPlayError
from services.referrals import contract
from tests import factories
from tests.support.desk import Desk


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What is logged meanwhile, as a service would log it."""
    stream = StringIO()
    logging.configure("json", service="referrals", stream=stream)
    yield stream
    structlog.reset_defaults()


PERSONAL = {
    "parents": [
        factories.parent_details(
            given_name="Quetzalcoatl", family_name="Featherstonehaugh", phone="07700 900321", email="quetzal@example.org"
        )
    ],
    "children": [factories.child_details(given_name="Xanthippe", family_name="Featherstonehaugh")],
    "address": {"line": "221B Baker Street", "postcode": "SE15 5LX"},
}
WORDS = ("Quetzalcoatl", "Featherstonehaugh", "900321", "quetzal@example.org", "Xanthippe", "Baker Street", "SE15", factories.CLINICAL)


def tried(desk: Desk, operation: Any, by: Caller, **values: Any) -> dict[str, Any]:
    try:
        return desk.ask(operation, by, **values)
    except StayPlayError:
        return {}


def test_no_line_names_a_person_or_what_was_written(referrals: Desk, clinician: Caller, neighbour: Caller, lines: StringIO) -> None:
    received = referrals.ask(contract.REFER, clinician, **factories.referral_details(**PERSONAL))
    one = {"referral_id": received["id"], "version": 1, "reason": factories.CLINICAL}
    tried(referrals, contract.ACCEPT, neighbour, **one)
    tried(referrals, contract.ACCEPT, clinician, **one)
    tried(referrals, contract.DECLINE, clinician, **one, because="other")
    tried(referrals, contract.SEARCH_FAMILIES, clinician, query="Featherstonehaugh 07700 900321 SE15 5LX")
    tried(referrals, contract.CHANGE_FAMILY, clinician, family_id=received["family_id"], version=7, **family())
    tried(referrals, contract.REFER, clinician, **factories.referral_details(**PERSONAL, referred_on=clock.today().replace(year=1850)))
    told = lines.getvalue()
    assert told
    assert not [word for word in WORDS if word in told]


def family() -> dict[str, Any]:
    return factories.family_details(**PERSONAL)


def test_what_is_refused_does_not_quote_a_person(referrals: Desk, clinician: Caller) -> None:
    too_old = factories.child_details(given_name="Xanthippe", birth_date=clock.today().replace(year=2001, day=1))
    with pytest.raises(StayPlayError) as refused:
        referrals.ask(contract.REFER, clinician, **factories.referral_details(children=[too_old]))
    assert "Xanthippe" not in str(refused.value.to_wire())
