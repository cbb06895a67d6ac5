"""Nothing of one borough reaches another: every operation of the document, with every identifier of another borough.

Made from the OpenAPI document, so it grows by itself: a new operation is asked, a new field that holds an identifier is
filled with the other borough's, and where the other borough holds none of that kind the test says so.
"""

import pytest

from tests.support.isolation.answers import Answer, Asker
from tests.support.isolation.requests import Operation, Place, Request
from tests.support.isolation.side_by_side import OF_ONE_PERSON, SideBySide, of_our_own_trail
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
    before, found = boroughs.attempts, []
    for operation in sorted(boroughs.operations, key=lambda one: not of_our_own_trail(one.address)):  # before it says what was tried
        request = boroughs.made.request(operation)
        for place in request.ids():
            for who, asker in boroughs.askers.items():

                def ask(sent: str, asker: Asker = asker, about: tuple[Operation, Request, Place] = (operation, request, place)) -> Answer:
                    return asker.ask(about[0], boroughs.made.fresh(about[1].having(about[2], sent)))

                different = boroughs.compared(ask, request.at(place), changes=operation.method != "GET", address=operation.address)
                found += [f"{operation.name} {place} as {who}: {what}" for what in different]
    tell(f"{len(boroughs.operations)} operations, {boroughs.attempts - before} attempts with identifiers")
    assert found == [], "\n".join(found[:20])
