"""A signed-in read and a referral received, through the gateway of a whole platform: a process a service."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psutil

from stayplay.client import Client
from stayplay.journey import Borough
from stayplay.journey.family import referral
from tests.load.bench.figures import Figures
from tests.load.bench.http_load import Request, load
from tests.support.platform import Platform

MEGABYTE = 1024 * 1024


class ThroughGateway:
    """A platform with one borough and one referral to read."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._borough = Borough(Client(platform.url, token=platform.operator_token), "Bench", f"bench-{uuid4().hex[:6]}", "E09000028")
        self._borough.onboard()
        self._borough.invite("camhs", "Ruth Osei", "practitioner", "camhs")
        self._body = referral("Doyle", date.today() - timedelta(days=1))
        practitioner = self._borough["camhs"]
        self._referral_id = practitioner.post(f"{self._borough.base}/referrals", self._body)["id"]
        self._token = practitioner.token

    def read(self) -> Request:
        """Return the read of one referral."""
        return self._request(f"referrals/{self._referral_id}", None)

    def write(self) -> Request:
        """Return a referral received: state, event and audit entry in one transaction."""
        return self._request("referrals", self._body)

    def measured(self, request: Callable[[], Request], connections: int, seconds: float) -> Figures:
        """Measure requests; CPU and memory are those of gateway and referrals together."""
        busy = [psutil.Process(self.platform.pid(role)) for role in ("gateway", "referrals")]
        before = sum(_cpu(process) for process in busy)
        figures = load(request(), connections, seconds)
        # the warm-up is a fifth more, and is paid for too
        spent = (sum(_cpu(process) for process in busy) - before) / 1.2
        memory = sum(process.memory_info().rss for process in busy) / MEGABYTE
        return replace(figures, server_cpu=round(spent / (figures.rps * seconds) * 1000, 3), server_mb=round(memory, 1))

    def _request(self, path: str, body: dict[str, object] | None) -> Request:
        port = urlsplit(self.platform.url).port
        assert port is not None
        return Request(port, f"{self._borough.base}/{path}", self._token, body)


@contextmanager
def through_gateway(folder: Path, postgres_url: str, amqp_uri: str) -> Iterator[ThroughGateway]:
    """Run a platform for the length of a ``with`` block."""
    platform = Platform(folder, postgres_url, amqp_uri)
    platform.migrate()
    platform.start()
    try:
        yield ThroughGateway(platform)
    finally:
        platform.stop()


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
