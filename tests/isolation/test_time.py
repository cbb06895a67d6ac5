"""How long an answer takes does not tell a foreign thing from one that nobody has.

Made from the OpenAPI document: every operation about one thing of a borough is asked, by somebody who may.
"""

from itertools import cycle
from statistics import median

import pytest

from chassis.ids import new_id
from tests.support.gateway import application
from tests.support.isolation.answers import Asker
from tests.support.isolation.requests import Operation, Request, operations
from tests.support.isolation.side_by_side import SideBySide
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)
EACH = 20
TRIES = 4
OFTEN = 0.75
"""How often a foreign thing's answer would have to be the slower of two, or the quicker, to be told by it: 0.5 is chance."""


def about_one_thing(operation: Operation) -> bool:
    """Tell whether the address of an operation within a borough ends in an identifier, or in what is done with what it names."""
    return "borough" in operation.path and any(schema.get("format") == "uuid" for schema in operation.path.values())


TAKEN = {
    "POST /api/v1/{borough}/families/{family_id}/contacts": "a contact is written down before its family is heard of, whoever's it is",
}
"""Operations that take an unknown thing as it is, each with the reason: there is nothing to be told by time."""

EVERY = [
    one.name
    for one in operations(application().test_client().get("/api/openapi.json").get_json())
    if about_one_thing(one) and one.name not in TAKEN
]


def who_may(boroughs: SideBySide, operation: Operation, request: Request) -> Asker:
    """Return somebody who is told of an unknown thing that it was not found, or that there is nothing about it."""
    told = {404} if operation.method != "GET" else {404, 200}
    unknown = request.having(request.ids()[0], str(new_id()))
    for asker in boroughs.askers.values():
        if asker.ask(operation, unknown).status in told:
            return asker
    pytest.fail(f"{operation.name}: nobody here is told that an unknown thing was not found")


def test_there_are_many() -> None:
    tell(f"{len(EVERY)} operations are timed")
    assert len(EVERY) > 50


@pytest.mark.parametrize("name", EVERY)
def test_a_foreign_thing_is_not_found_as_quickly_as_an_unknown_one(boroughs: SideBySide, name: str) -> None:
    """Interleaved, so that a busy machine slows both; tried again where it seems to tell, so that chance alone does not fail it."""
    operation = next(one for one in boroughs.operations if one.name == name)
    request = boroughs.made.request(operation)
    asker = who_may(boroughs, operation, request)
    seen = []
    for _ in range(TRIES):
        unknown, foreign = measured(boroughs, operation, request, asker)
        seen.append((slower(foreign, unknown), median(foreign) - median(unknown)))
        if 1 - OFTEN < seen[-1][0] < OFTEN:
            return
    pytest.fail(f"{name} can be told by time: {seen}")


def measured(boroughs: SideBySide, operation: Operation, request: Request, asker: Asker) -> tuple[list[float], list[float]]:
    """Return seconds of answers to unknown and to foreign identifiers, asked in turn, now one first and now the other."""
    place = request.ids()[0]
    theirs = cycle([one for one in boroughs.theirs.named(request.at(place).of) if one not in boroughs.known] or sorted(boroughs.secret))
    unknown: list[float] = []
    foreign: list[float] = []
    told = set()
    for number in range(EACH):
        boroughs.calm()
        for kept, sent in [(unknown, str(new_id())), (foreign, next(theirs))][:: 1 if number % 2 else -1]:
            boroughs.tried.add(sent)
            answer = asker.ask(operation, request.having(place, sent))
            told.add(answer.status)
            kept.append(answer.seconds)
    assert len(told) == 1
    return unknown, foreign


def slower(ones: list[float], others: list[float]) -> float:
    """Return how often one of ``ones`` took longer than one of ``others``, over all pairs (the statistic of Mann and Whitney)."""
    return sum((one > other) + (one == other) / 2 for one in ones for other in others) / (len(ones) * len(others))


def test_the_statistic_tells_what_is_slower_and_not_what_is_noisy() -> None:
    plain = [0.010 + number / 10_000 for number in range(EACH)]
    noisy = [one + (0.5 if number % 7 == 0 else 0) for number, one in enumerate(plain)]
    assert slower([one + 0.004 for one in plain], plain) > OFTEN
    assert 1 - OFTEN < slower(noisy, plain) < OFTEN
    assert slower(plain, plain) == 0.5
