"""kill -9 of any one service in the middle of the journey: nothing is lost, nothing is doubled."""

import random
import threading
import time
from collections import Counter
from uuid import uuid4

import pytest

from stayplay.client import Client
from stayplay.journey import Borough, FamilyJourney
from tests.support.platform import ROLES, Platform

pytestmark = pytest.mark.timeout(300)
"""Whichever test comes first waits until five processes have started, beside whatever else the machine does."""
EXPECTED = {
    "referral.received": 1, "referral.accepted": 1, "visit.arranged": 1, "visit.done": 1, "assessment.agreed": 1, "place.offered": 1,
    "place.started": 1, "family.attended": 2, "family.missed": 2, "case.opened": 2, "case.closed": 2,
    "contact.made": 1, "collection.done": 1,
}  # fmt: skip
"""How often each thing happened to the family, and so stands in its story."""

KILLED_AT = (4, 9, 13, 16)
"""Steps: triage accepts, both sign, a week missed that opens a case, the family is collected."""


@pytest.mark.parametrize("role", ROLES)
def test_a_killed_service_loses_nothing_and_doubles_nothing(platform: Platform, role: str) -> None:
    operator = Client(platform.url, token=platform.operator_token, patience=40)
    journey = FamilyJourney(Borough(operator, "Killed", f"killed-{role}-{uuid4().hex[:6]}", "E09000028"))
    for number, (_, step) in enumerate(journey.steps()):
        if number in KILLED_AT:
            with killed_meanwhile(platform, role, after=random.Random(f"{role}{number}").uniform(0, 0.05)):
                step()
        else:
            step()
    assert happened(journey) == EXPECTED


class killed_meanwhile:  # noqa: N801 - reads as a sentence where it is used
    """Kill a role a moment after the work of a ``with`` block begins, and start it again."""

    def __init__(self, platform: Platform, role: str, *, after: float) -> None:
        self._thread = threading.Thread(target=self._kill, args=(platform, role, after))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    @staticmethod
    def _kill(platform: Platform, role: str, after: float) -> None:
        time.sleep(after)
        platform.kill(role)
        platform.start(role)


def happened(journey: FamilyJourney) -> dict[str, int]:
    path = f"{journey.borough.base}/families/{journey.seen['family_id']}/story"
    entries = journey.borough["facilitator"].get(path)["entries"]
    counted = Counter(entry["kind"] for entry in entries)
    return {kind: counted[kind] for kind in EXPECTED}
