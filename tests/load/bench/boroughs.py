"""Ten boroughs against a thousand: two platforms side by side, asked in turn, so that a noisy machine is as unkind to both.

Also how long onboarding takes: the operator's request alone, and all of it until the first referral has been received.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from stayplay.client import Client
from stayplay.journey import Borough
from stayplay.journey.family import referral
from stayplay.postgres import Postgres
from tests.support.platform import Platform
from tests.support.rabbitmq import Broker

FEW, MANY = 10, 1000
MET = 10
"""Boroughs of each platform in which people sign in and read; the others are there."""
ROUNDS = 12
SIGN_INS, READS = 20, 100
HANDS = 8


class Place:
    """One borough that is met: its practitioner signs in, and reads a referral."""

    def __init__(self, operator: Client) -> None:
        started = time.perf_counter()
        self._borough = Borough(operator, "Bench", f"met-{uuid4().hex[:10]}", "E09000028")
        self._borough.onboard()
        self._borough.invite("camhs", "Ruth Osei", "practitioner", "camhs")
        practitioner = self._borough["camhs"]
        made = practitioner.post(f"{self._borough.base}/referrals", referral("Doyle", date.today() - timedelta(days=1)))
        self.seconds = time.perf_counter() - started
        self._address = f"{self._borough.base}/referrals/{made['id']}"

    def sign_in(self) -> None:
        """Sign the practitioner in."""
        member = self._borough.members["camhs"]
        member.client.post("/api/v1/session", {"email": member.email, "password": self._borough.password})

    def read(self) -> None:
        """Read the referral."""
        self._borough["camhs"].get(self._address)


class Land:
    """A platform with so many boroughs."""

    def __init__(self, platform: Platform, boroughs: int) -> None:
        self._operator = Client(platform.url, token=platform.operator_token, timeout=60, patience=20)
        with ThreadPoolExecutor(HANDS) as hands:
            self.onboarded = list(hands.map(lambda _: self._onboard(), range(boroughs - MET)))
        self.met = [Place(self._operator) for _ in range(MET)]
        self._next = cycle(self.met)

    def _onboard(self) -> float:
        """Onboard a borough whose administrator joins; return how long the operator waited, in seconds."""
        slug = f"b-{uuid4().hex[:10]}"
        started = time.perf_counter()
        made = self._operator.post("/api/v1/operator/boroughs", described(slug))
        took = time.perf_counter() - started
        self._operator.with_token("").post(f"/api/v1/invitations/{made['invitation']['token']}", {"password": "three quiet words"})
        return took

    def p50_ms(self, what: Callable[[Place], None], times: int) -> float:
        """Return the median of so many requests, one after the other, in one borough after the other."""
        took = []
        for _ in range(times):
            place, started = next(self._next), time.perf_counter()
            what(place)
            took.append(time.perf_counter() - started)
        return median(took) * 1000


def described(slug: str) -> dict[str, Any]:
    """Return a borough as an operator describes it."""
    kinds = ("camhs", "adult_mental_health", "childrens_centre", "referring")
    return {
        "slug": slug,
        "name": "Bench",
        "gss_code": "E09000028",
        "programme_name": "Bench Stay & Play",
        "practice": True,
        "agencies": [{"name": f"Agency for {kind}", "kind": kind} for kind in kinds],
        "administrator": {"name": "Ada Minister", "email": f"ada@{slug}.example"},
    }


def measured(folder: Path, broker: Broker) -> dict[str, float]:
    """Return milliseconds, and the ratios of a thousand boroughs to ten."""
    with land(folder / "few", broker, FEW) as few, land(folder / "many", broker, MANY) as many:
        sign_in = [(few.p50_ms(Place.sign_in, SIGN_INS), many.p50_ms(Place.sign_in, SIGN_INS)) for _ in range(ROUNDS)]
        read = [(few.p50_ms(Place.read, READS), many.p50_ms(Place.read, READS)) for _ in range(ROUNDS)]
    return {
        "onboarding_p50_ms": round(median(many.onboarded) * 1000, 1),
        "until_first_referral_p50_ms": round(median(place.seconds for place in many.met) * 1000, 1),
        **compared("sign_in", sign_in),
        **compared("read", read),
    }


def compared(name: str, rounds: list[tuple[float, float]]) -> dict[str, float]:
    """Return the medians of both, and the median of the ratios of each round."""
    return {
        f"{name}_few_ms": round(median(few for few, _ in rounds), 2),
        f"{name}_many_ms": round(median(many for _, many in rounds), 2),
        f"{name}_ratio": round(median(many / few for few, many in rounds), 3),
    }


@contextmanager
def land(folder: Path, broker: Broker, boroughs: int) -> Iterator[Land]:
    """Run a platform with so many boroughs, on a PostgreSQL and a virtual host of its own."""
    folder.mkdir()
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres(folder / "postgres"))
        platform = Platform(folder, postgres.url, stack.enter_context(broker.virtual_host()))
        platform.migrate()
        platform.start()
        stack.callback(platform.stop)
        yield Land(platform, boroughs)
