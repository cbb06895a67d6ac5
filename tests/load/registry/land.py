"""A platform with a filled registry."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psutil
import psycopg2

from stayplay.client import Client
from stayplay.journey import Borough
from stayplay.journey.family import referral
from stayplay.postgres import FORGETFUL, Postgres
from stayplay.roster import store
from tests.load.bench.figures import Figures, from_json
from tests.load.bench.http_load import load
from tests.load.registry.fill import fill
from tests.load.registry.questions import Question
from tests.support.platform import ROLES, Platform

SERVICES = int(os.environ.get("SERVICES", str(max(1, (os.cpu_count() or 2) - 1))))
"""Processes of the referrals service, as operators run them at that scale: one for each processor but one, which PostgreSQL is left."""
WARM_UP = 10
"""Times that each caller asks before it is timed."""
MET = 8
"""Boroughs in which people sign in; the others are there, and asked over the broker."""
REFERRALS = ("referrals", *(f"referrals {number}" for number in range(2, SERVICES + 1)))
"""Those processes, as `Platform` names them."""
ROOMY = {"shared_buffers": "1GB", "work_mem": "16MB", "effective_cache_size": "4GB", "max_wal_size": "4GB"}
"""A server with memory, as one for a country has."""
FILLING = {**FORGETFUL, **ROOMY, "autovacuum": "off"}
SERVING = {**ROOMY, "autovacuum_naptime": "5s"}
"""The audit trail, empty at first, is analysed as soon as it grows; till then long connections have plans for an empty one."""


@dataclass
class Land:
    """A platform, its boroughs, and how to ask it.

    Attributes:
        boroughs: ids of all.
        tokens: session tokens of a practitioner, by the id of a borough that people sign in to; ``slugs`` are its name in addresses.
        took: seconds that filling it took; ``gigabytes`` of its database.
    """

    folder: Path
    families: int
    amqp_uri: str
    boroughs: list[UUID] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    took: float = 0.0
    gigabytes: float = 0.0
    platform: Any = None
    admin_url: str = ""

    def prepare(self, postgres_url: str, boroughs: int) -> None:
        """Make the platform and its first boroughs through the public interface, and fill the rest in."""
        self.platform = Platform(self.folder, postgres_url, self.amqp_uri)
        self.platform.migrate()
        self.platform.start()
        self._meet(min(MET, boroughs))
        self.platform.stop()
        self.boroughs += [uuid4() for _ in range(boroughs - len(self.boroughs))]
        with self.administering(postgres_url) as cursor:
            self.took = fill(cursor, self.families, self.boroughs)
            cursor.execute("SELECT pg_database_size(current_database()) / 1e9")
            self.gigabytes = float(cursor.fetchone()[0])

    @contextmanager
    def administering(self, postgres_url: str) -> Iterator[Any]:
        """Ask the database of referrals past every policy."""
        connection = psycopg2.connect(urlsplit(postgres_url)._replace(path=f"/{store('referrals').database}").geturl())
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
        connection.close()

    def ask(self, kind: str, questions: list[Question], callers: int, seconds: float) -> Figures:
        """Measure calls over the broker."""
        asked = self.folder / "asked.json"
        told = {
            "amqp": self.amqp_uri,
            "kind": kind,
            "callers": callers,
            "seconds": seconds,
            "warm_up": WARM_UP,
            "questions": [asdict(one) for one in questions],
        }
        asked.write_text(json.dumps(told), encoding="utf-8")
        command = [sys.executable, "-W", "ignore", "-m", "tests.load.registry.asking", str(asked)]
        before = self._spent()
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **self.platform.env})
        figures = from_json(done.stdout.splitlines()[-1])
        calls = figures.rps * seconds + WARM_UP * callers
        service, database = ((after - was) / calls * 1000 for was, after in zip(before, self._spent(), strict=True))
        return replace(figures, server_cpu=round(service, 2), database_cpu=round(database, 2))

    def request(self, path: str, questions: list[Question], connections: int, seconds: float) -> Figures:
        """Measure requests through the gateway; posted where there is something to send."""
        port = urlsplit(self.platform.url).port
        assert port is not None
        sent = [(self.slugs[one.borough], self.tokens[one.borough], one.values) for one in questions if one.borough in self.slugs]
        return load(Requests(port, path, tuple((slug, token, json.dumps(values)) for slug, token, values in sent)), connections, seconds)

    def _spent(self) -> tuple[float, float]:
        """Return the CPU seconds of the referrals service, and of PostgreSQL with all its processes, up to now."""
        postmaster = psutil.Process(int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0]))
        ours = [psutil.Process(self.platform.pid(name)).cpu_times() for name in REFERRALS]
        servers = [times for process in (postmaster, *postmaster.children(recursive=True)) if (times := _times(process))]
        gone = postmaster.cpu_times()
        database = sum(times.user + times.system for times in servers) + gone.children_user + gone.children_system
        return sum(times.user + times.system for times in ours), database

    def _meet(self, number: int) -> None:
        """Onboard boroughs, each with a practitioner; in the first, a family is referred and accepted: the pattern of all."""
        operator = Client(self.platform.url, token=self.platform.operator_token, timeout=60, patience=20)
        for _ in range(number):
            borough = Borough(operator, "Bench", f"met-{uuid4().hex[:10]}", "E09000028")
            borough.onboard()
            borough.invite("camhs", "Ruth Osei", "practitioner", "camhs")
            self.boroughs.append(UUID(borough.id))
            self.tokens[borough.id], self.slugs[borough.id] = borough["camhs"].token, borough.slug
            if len(self.boroughs) == 1:
                made = borough["camhs"].post(f"{borough.base}/referrals", referral("Doyle", date.today() - timedelta(days=1)))
                borough["camhs"].post(f"{borough.base}/referrals/{made['id']}/accept", {"version": made["version"], "reason": "Fits."})


def _times(process: psutil.Process) -> Any:
    """Return what a process of PostgreSQL has spent; nothing where it has just ended, since its parent counts it from then on."""
    try:
        return process.cpu_times()
    except psutil.NoSuchProcess:
        return None


@dataclass(frozen=True)
class Requests:
    """Requests of several people in turn: slug, token and JSON body; an empty body is a GET."""

    port: int
    path: str
    sent: tuple[tuple[str, str, str], ...]

    def bytes(self) -> Iterator[bytes]:
        """Return the requests, one after the other, without end."""
        for slug, token, body in cycle(self.sent):
            method, content = ("GET", b"") if body == "{}" else ("POST", body.encode())
            head = f"{method} /api/v1/{slug}/{self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {token}\r\n"
            length = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n" if content else ""
            yield f"{head}{length}\r\n".encode() + content


@contextmanager
def land(folder: Path, amqp_uri: str, families: int, boroughs: int) -> Iterator[Land]:
    """Run a platform with so many families in a ``with`` block: filled carelessly, measured on a server that keeps its word."""
    folder.mkdir()
    made = Land(folder, families, amqp_uri)
    with Postgres(folder / "postgres", **FILLING) as forgetful:
        made.prepare(forgetful.url, boroughs)
    with Postgres(folder / "postgres", **SERVING) as server:
        made.admin_url = server.url
        made.platform.start(*ROLES, *REFERRALS[1:])
        try:
            yield made
        finally:
            made.platform.stop()
