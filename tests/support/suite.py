"""`make test`, `make test-isolation`, `make test-faults` and `make test-inprocess`: every test, in as few minutes as the machine allows.

Several runs of pytest, because a process is either on eventlet or not (see `green`): what runs services in its own process, and
what drives the whole platform from outside. They go beside each other on one RabbitMQ. What each
says goes to `build/tests` while it runs, and is shown whole at the end, what failed last.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.support import chromium
from tests.support.debian import Missing, program
from tests.support.rabbitmq import running_rabbitmq

TESTS = Path("tests")
OUTPUT = Path("build/tests")


@dataclass(frozen=True)
class Run:
    """One run of pytest over some folders of `tests`."""

    name: str
    title: str
    folders: Sequence[str]
    options: Sequence[str] = ()

    def outcome(self, env: dict[str, str]) -> "Outcome":
        """Run it to its end."""
        log = OUTPUT / f"{self.name}.log"
        print(f"Testing {self.title} ({log})", flush=True)
        started = time.monotonic()
        with log.open("w", encoding="utf-8") as output, subprocess.Popen(self._command(), env=env, stdout=output, stderr=output) as running:
            RUNNING.append(running)
            code = running.wait()
        print(f"Tested {self.title}: {'passed' if code == 0 else 'FAILED'} after {time.monotonic() - started:.0f} s", flush=True)
        return Outcome(self.title, code, log.read_text(encoding="utf-8"))

    def _command(self) -> list[str]:
        paths = [str(TESTS / folder) for folder in self.folders]
        return [sys.executable, "-m", "pytest", "-q", "--durations=8", *self.options, *paths]


@dataclass(frozen=True)
class Outcome:
    """How a run ended, and what it said."""

    title: str
    code: int
    output: str

    def show(self) -> None:
        """Print it."""
        print(f"\n----- {self.title}\n{self.output.rstrip()}", flush=True)


RUNNING: list[subprocess.Popen[bytes]] = []
"""What was started, to be stopped with us."""

FOUNDATION = ("chassis", "messaging", "stayplay")
"""Folders of `tests/service` about what every service stands on: they stop, kill and starve brokers, which takes a while."""

FOUNDATIONS = [f"service/{name}" for name in FOUNDATION]
ON_RABBITMQ = ("--broker", "rabbitmq")
APART = (*FOUNDATION, "gateway", "referrals")
"""Folders of `tests/service` that have runs of their own."""
COMING_IN = [f"service/gateway/{name}" for name in ("people", "factors", "single_sign_on", "systems")]
OF_BOROUGHS = [f"service/gateway/{name}" for name in ("audit", "boroughs", "branding", "leaving")]
TWICE = [
    *(f"service/{name}" for name in ("chassis", "messaging", "referrals", "assessments", "sessions", "outreach")),
    *(f"service/{name}.py" for name in ("test_every_operation", "test_every_event", "test_suspension")),
    "service/gateway/test_services_through_the_api.py",
]
"""What is run on both brokers: services, and what carries their calls and events. The gateway stands behind an API of its own."""
BY_PAGE = ["isolation/test_pages.py", "isolation/test_clinical_words.py"]
BY_ROLE = ["isolation/test_time.py", "isolation/test_with_every_role.py"]
"""What takes longest of `tests/isolation`, in two."""
AT_ONCE = ["isolation/families", "isolation/test_catalogue.py", "isolation/test_restricted_tables.py"]
"""What of `tests/isolation` is quick: what every table's catalogue says of its locks, and what families read."""
PAGE_BY_PAGE = [f"browser/test_{name}.py" for name in ("pages", "records", "restricted", "using", "without_script", "working")]
"""A third of `tests/browser`, in the order that pytest gives them: some mark the register that others then close."""
COMING_THROUGH = ("first_referral", "leaving_pages", "operators", "single_sign_on")
SIGNING_IN = ["browser/factors", *(f"browser/test_{name}.py" for name in COMING_THROUGH)]
"""Another third of it: boroughs of their own, and how one comes into them."""
EVERY_PAGE = "browser/test_worth_a_look.py"
"""Asks whether every page was looked at: the runs that look write down what they saw in `SEEN`."""
SEEN = Path("build/looked")


def without(*folders: str) -> list[str]:
    """Return the options that leave folders out."""
    return [f"--ignore={TESTS / folder}" for folder in folders]


RUNS = (
    Run("browser", "what people do, in a browser", ["browser"], without(*PAGE_BY_PAGE, *SIGNING_IN, EVERY_PAGE)),
    Run("foundation", "what services stand on, every table's locks, what families read", [*AT_ONCE, *FOUNDATIONS], ON_RABBITMQ),
    Run("gateway", "the gateway", ["service/gateway"], [*ON_RABBITMQ, *without(*COMING_IN, *OF_BOROUGHS)]),
    Run("referrals", "referrals and the registry", ["service/referrals"], ON_RABBITMQ),
    Run("page-by-page", "page by page, in a browser", PAGE_BY_PAGE),
    Run("signing-in", "coming into a borough, in a browser", SIGNING_IN),
    Run("services", "the other services", ["service"], [*ON_RABBITMQ, *without(*(f"service/{name}" for name in APART))]),
    Run("people", "people, second factors, single sign-on and systems", COMING_IN, ON_RABBITMQ),
    Run("journeys", "the whole platform, from outside", ["journeys"]),
    Run("boroughs", "boroughs: their trail, their looks, how they come and go", OF_BOROUGHS, ON_RABBITMQ),
    Run("units", "units", ["unit"]),
)
"""They go beside each other, half as many again as there are processors, since each waits for half its time; the longest begin first."""

AFTERWARDS = (Run("looked", "whether a browser looked at every page", [EVERY_PAGE]),)
"""What asks what the others did, once they have ended."""

ISOLATION = (
    Run("isolation", "whether one borough can reach another", ["isolation"], [*ON_RABBITMQ, *without(*BY_PAGE, *BY_ROLE, *AT_ONCE)]),
    Run("by-page", "whether one borough can reach another by a page", BY_PAGE, ON_RABBITMQ),
    Run("by-role", "whether time tells, and every role's requests", BY_ROLE, ON_RABBITMQ),
)
"""A suite of its own, since it tries every operation and every page as everybody with everything of a neighbour: `make test-isolation`."""

FAULTS = (Run("faults", "what is killed half-way", ["faults"]),)
"""A suite of its own, since it waits for processes to come back: `make test-faults`."""

INPROCESS = (Run("inprocess", "services once more, on the in-process broker", TWICE, ["--broker", "inprocess", "-m", "inprocess"]),)
"""A suite of its own, since every test of it has been on RabbitMQ already: `make test-inprocess`."""

SUITES = {"test": RUNS, "isolation": ISOLATION, "faults": FAULTS, "inprocess": INPROCESS}
"""By the word that names each on the command line."""


def main(runs: Sequence[Run]) -> int:
    """Run everything; return 0 only if everything passed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(SEEN, ignore_errors=True)
    SEEN.mkdir(parents=True)
    try:
        program("chromium", package="chromium")  # its profile is looked into
        browser = chromium.found()
        with running_rabbitmq() as broker:
            management = broker.management.url_with_password if broker.management else ""
            given = {"AMQP_URI": broker.uri, "RABBITMQ_MANAGEMENT_URL": management, "LOOKED_IN": str(SEEN), "CHROMIUM": browser}
            env = {**os.environ, **given}
            with ThreadPoolExecutor((os.cpu_count() or 2) * 3 // 2) as beside:
                waiting = [beside.submit(run.outcome, env) for run in runs]
                try:
                    outcomes = [each.result() for each in waiting]
                    outcomes += [run.outcome(env) for run in AFTERWARDS if runs is RUNS]
                except BaseException:
                    beside.shutdown(wait=False, cancel_futures=True)
                    for each in RUNNING:
                        each.terminate()
                    raise
    except Missing as fault:
        print(fault, file=sys.stderr)
        return 2
    outcomes.sort(key=lambda outcome: outcome.code != 0)
    for outcome in outcomes:
        outcome.show()
    return max(outcome.code for outcome in outcomes)


if __name__ == "__main__":
    raise SystemExit(main(SUITES[sys.argv[1]]))
