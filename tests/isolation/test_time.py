"""How long an answer takes does not tell a foreign thing from one that nobody has."""

from itertools import cycle
from statistics import median

import pytest

from chassis.ids import new_id
from tests.support.isolation.requests import Operation, Request
from tests.support.isolation.side_by_side import SideBySide

pytestmark = pytest.mark.timeout(300)
EACH = 40
TRIES = 4
OFTEN = 0.75
"""How often a foreign thing's answer would have to be the slower of two, or the quicker, to be told by it: 0.5 is chance."""

SAMPLE = {
    "GET /api/v1/{borough}/families/{family_id}": "camhs",
    "GET /api/v1/{borough}/referrals/{referral_id}": "camhs",
    "GET /api/v1/{borough}/assessments/{assessment_id}": "adult",
    "GET /api/v1/{borough}/groups/{group_id}": "facilitator",
    "GET /api/v1/{borough}/sessions/{session_id}/register": "facilitator",
    "GET /api/v1/{borough}/outreach/cases/{case_id}": "facilitator",
    "POST /api/v1/{borough}/referrals/{referral_id}/accept": "camhs",
    "POST /api/v1/{borough}/invitations/{invitation_id}/withdraw": "administrator",
}
"""Operations of every service, each asked by somebody who may."""


@pytest.mark.parametrize("name", SAMPLE)
def test_a_foreign_thing_is_not_found_as_quickly_as_an_unknown_one(boroughs: SideBySide, name: str) -> None:
    """Interleaved, so that a busy machine slows both; tried again where it seems to tell, so that chance alone does not fail it."""
    operation = next(one for one in boroughs.operations if one.name == name)
    request = boroughs.made.request(operation)
    seen = []
    for _ in range(TRIES):
        unknown, foreign = measured(boroughs, operation, request, SAMPLE[name])
        seen.append((slower(foreign, unknown), median(foreign) - median(unknown)))
        if 1 - OFTEN < seen[-1][0] < OFTEN:
            return
    pytest.fail(f"{name} can be told by time: {seen}")


def measured(boroughs: SideBySide, operation: Operation, request: Request, who: str) -> tuple[list[float], list[float]]:
    """Return seconds of answers to unknown and to foreign identifiers, asked in turn, now one first and now the other."""
    place = request.ids()[0]
    theirs = cycle([one for one in boroughs.theirs.named(request.at(place).of) if one not in boroughs.known])
    unknown: list[float] = []
    foreign: list[float] = []
    for number in range(EACH):
        for kept, sent in [(unknown, str(new_id())), (foreign, next(theirs))][:: 1 if number % 2 else -1]:
            answer = boroughs.askers[who].ask(operation, request.having(place, sent))
            assert answer.status == 404
            kept.append(answer.seconds)
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
