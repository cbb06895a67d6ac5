"""`make test`: every test, in as few minutes as the machine allows.

Three runs of pytest, because a process is either on eventlet or not (see `green`): what runs services in its own process, on
RabbitMQ and once more on the in-process broker; and what drives the whole platform from outside. Two go beside each other on
one RabbitMQ. What each says is shown whole, one after the other, and what failed last.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.support.debian import Missing, program
from tests.support.rabbitmq import running_rabbitmq

TESTS = Path("tests")


@dataclass(frozen=True)
class Run:
    """One run of pytest over some folders of `tests`."""

    title: str
    folders: Sequence[str]
    options: Sequence[str] = ()

    def outcome(self, env: dict[str, str]) -> "Outcome":
        """Run it to its end."""
        paths = [str(TESTS / folder) for folder in self.folders if (TESTS / folder).is_dir()]
        command = [sys.executable, "-m", "pytest", "-q", *self.options, *paths]
        done = subprocess.run(command, env=env, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return Outcome(self.title, done.returncode, done.stdout)


@dataclass(frozen=True)
class Outcome:
    """How a run ended, and what it said."""

    title: str
    code: int
    output: str

    def show(self) -> None:
        """Print it."""
        print(f"\n----- {self.title}\n{self.output.rstrip()}", flush=True)


INSIDE = (
    Run("units and services, on RabbitMQ", ["unit", "service", "isolation"], ["--broker", "rabbitmq"]),
    Run("services once more, on the in-process broker", ["service"], ["--broker", "inprocess", "-m", "inprocess"]),
)
OUTSIDE = (Run("the whole platform, from outside", ["journeys", "faults", "browser"]),)


def main() -> int:
    """Run everything; return 0 only if everything passed."""
    try:
        program("chromium", package="chromium")
        with running_rabbitmq() as broker:
            management = broker.management.url_with_password if broker.management else ""
            env = {**os.environ, "AMQP_URI": broker.uri, "RABBITMQ_MANAGEMENT_URL": management}
            with ThreadPoolExecutor(2) as beside:
                lanes = [beside.submit(_one_after_the_other, lane, env) for lane in (INSIDE, OUTSIDE)]
                outcomes = [outcome for lane in lanes for outcome in lane.result()]
    except Missing as fault:
        print(fault, file=sys.stderr)
        return 2
    outcomes.sort(key=lambda outcome: outcome.code != 0)
    for outcome in outcomes:
        outcome.show()
    return max(outcome.code for outcome in outcomes)


def _one_after_the_other(runs: Sequence[Run], env: dict[str, str]) -> list[Outcome]:
    return [run.outcome(env) for run in runs]


if __name__ == "__main__":
    raise SystemExit(main())
