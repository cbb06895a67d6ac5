"""Nothing of one borough reaches another: every operation of the document, with every identifier of another borough.

Made from the OpenAPI document, so it grows by itself: a new operation is asked, a new field that holds an identifier is
filled with the other borough's, and where the other borough holds none of that kind the test says so.
"""

import pytest

from chassis.ids import new_id
from tests.support.isolation.side_by_side import IS_DEEP, MAY_NOT_AT_ALL, OF_ONE_PERSON, SideBySide, of_our_own_trail
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)


def test_every_kind_of_identifier_that_can_be_sent_is_held_by_both_boroughs(boroughs: SideBySide) -> None:
    missing = set()
    for operation in boroughs.operations:
        request = boroughs.made.request(operation)
        for place in request.ids():
            kind = request.at(place).of
            if kind in OF_ONE_PERSON:
                continue
            if not boroughs.theirs.named(kind) or not boroughs.ours.named(kind):
                missing.add(f"{kind} of {operation.name}")
    assert missing == set(), "make tests/support/isolation/neighbours.py live through what has these"


def test_an_identifier_of_another_borough_is_answered_as_an_unknown_one(boroughs: SideBySide) -> None:
    attempts, found = 0, []
    for operation in sorted(boroughs.operations, key=lambda one: not of_our_own_trail(one.address)):  # before it says what was tried
        request = boroughs.made.request(operation)
        for place in request.ids():
            for who, asker in boroughs.askers.items():
                unknown = asker.ask(operation, boroughs.made.fresh(request.having(place, str(new_id()))))
                once = unknown.status in MAY_NOT_AT_ALL and not IS_DEEP  # refused before anybody looks which one is meant
                for foreign in boroughs.foreign(request.at(place))[: 1 if once else None]:
                    attempts += 1
                    different = boroughs.differences(asker, operation, request, place, foreign)
                    found += [f"{operation.name} {place} as {who}: {what}" for what in different]
    tell(f"{len(boroughs.operations)} operations, {attempts} attempts with identifiers")
    assert found == [], "\n".join(found[:20])
