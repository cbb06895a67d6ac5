"""Past the gateway: every operation of the services' contracts over the broker, with every identifier of another borough.

The gateway's schemas stand between a person and these; here they do not, and a token that the gateway signed for one
borough is all that the services have.
"""

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from marshmallow import ValidationError

from chassis.contract import Operation
from gateway.access.roles import ROLES, permissions_of
from services.assessments.contract import AGENCY_KINDS
from services.referrals.contract import GET_RESTRICTION, LIFT_RESTRICTION
from tests import factories
from tests.support.isolation.answers import Answer
from tests.support.isolation.calls import CONTRACTS, Calling, calling, schemas
from tests.support.isolation.requests import Id, Made, Place, Request
from tests.support.isolation.side_by_side import SideBySide, says_what_was_tried
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)
EVERYTHING = frozenset(permission for kind in AGENCY_KINDS for permission in permissions_of(ROLES, kind))


@pytest.fixture(scope="module")
def caller(boroughs: SideBySide) -> Iterator[Calling]:
    """Somebody of our borough who may do everything that anybody may."""
    broker = boroughs.whole.containers["referrals"].config["AMQP_URI"]
    with calling(broker, factories.caller(UUID(boroughs.here.borough.id), permissions=EVERYTHING)) as client:
        yield client


def test_a_service_answers_for_an_identifier_of_another_borough_as_for_an_unknown_one(boroughs: SideBySide, caller: Calling) -> None:
    components, asked = schemas()
    made = Made(components, boroughs.ours, boroughs.databases, boroughs.here.borough.slug)
    before, found = boroughs.attempts, []
    for operation in sorted(CONTRACTS, key=lambda one: says_what_was_tried(one.name)):  # before it says so
        request = made.fitting(Request(body=made.value("", asked[operation.full_name], operation.name)))
        for place in request.ids():

            def ask(sent: str, operation: Operation = operation, request: Request = request, place: Place = place) -> Answer:
                return caller.ask(operation, made.fresh(request.having(place, sent)).body)

            different = boroughs.compared(ask, request.at(place), changes=operation.changes, address=operation.name)
            found += [f"{operation.full_name} {place}: {what}" for what in different]
    open_again(boroughs, caller)
    attempts = boroughs.attempts - before
    tell(f"{len(CONTRACTS)} operations of the contracts, {attempts} attempts over the broker")
    assert attempts > len(CONTRACTS)
    assert found == [], "\n".join(found[:20])


def open_again(boroughs: SideBySide, caller: Calling) -> None:
    """Lift what was restricted to this caller and to people who are nowhere: else what is asked next would be hidden from all who ask."""
    for family_id in boroughs.ours.named("family_id"):
        found = json.loads(caller.ask(GET_RESTRICTION, {"family_id": family_id}).body)
        if found.get("in_force"):
            lifted = {"family_id": family_id, "version": found["version"], "reason": "All was tried."}
            assert caller.ask(LIFT_RESTRICTION, lifted).status == 200
    boroughs.settle()


def test_a_list_over_the_broker_holds_nothing_of_another_borough(boroughs: SideBySide, caller: Calling) -> None:
    components, asked = schemas()
    made = Made(components, boroughs.ours, boroughs.databases, boroughs.here.borough.slug)
    for operation in CONTRACTS:
        if operation.changes:
            continue
        request = Request(body=made.value("", asked[operation.full_name], operation.name))
        for changed in (request, without_ids(request)):
            try:
                operation.request().load(changed.body)
            except ValidationError:
                continue
            assert boroughs.leaks(caller.ask(operation, changed.body), address=operation.name) == set(), operation.full_name


def without_ids(request: Request) -> Request:
    """Return the request with every list and every field that names something left out."""
    return Request(body={name: value for name, value in request.body.items() if not holds_id(Request(body=value))})


def holds_id(request: Request) -> list[Place]:
    return request.ids() if isinstance(request.body, (dict, list)) else [()] if isinstance(request.body, Id) else []
