"""`make bench-registry`: a million families in 153 boroughs, and ten thousand beside them. Prints, and writes build/bench-registry.json.

``FAMILIES``, ``BOROUGHS``, ``FEW`` and ``BENCH_SECONDS`` of the environment make it smaller. The disk that it takes it gives back.
"""

import json
import os
import signal
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.load.bench.figures import Figures
from tests.load.registry.land import SERVICES, Land, land
from tests.load.registry.questions import Question, Somebody, people, searches
from tests.support.rabbitmq import running_rabbitmq

FAMILIES = int(os.environ.get("FAMILIES", "1000000"))
FEW = int(os.environ.get("FEW", "10000"))
BOROUGHS = int(os.environ.get("BOROUGHS", "153"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "20"))
CONNECTIONS, ASKED, ROUNDS = 16, 1500, 7
LEAST_MS = {"search": 200, "duplicates": 300, "board": 150}
"""What the slowest of twenty may wait."""
WRITTEN = Path("build/bench-registry.json")


def main() -> None:
    """Fill, measure, print; also whoever ends it early gets the disk back."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="stayplay-registry-", dir=os.environ.get("BENCH_FOLDER"))))
        broker = stack.enter_context(running_rabbitmq())
        many = stack.enter_context(land(folder / "many", stack.enter_context(broker.virtual_host()), FAMILIES, BOROUGHS))
        print(f"{FAMILIES:,} families in {BOROUGHS} boroughs: filled in {many.took:.0f} s, {many.gigabytes:.1f} GB", flush=True)
        load = os.getloadavg()[0]
        found = measured(many)
        few = stack.enter_context(land(folder / "few", stack.enter_context(broker.virtual_host()), FEW, BOROUGHS))
        ratio = ratio_of_reads(few, many)
    for what, unit in (("p50", "ms"), ("CPU", "ms CPU")):
        few_cost, many_cost, times = (ratio[f"{what}_{side}"] for side in ("few", "many", "ratio"))
        print(
            f"a read, one at a time: {few_cost} {unit} among {FEW:,}, {many_cost} {unit} among {FAMILIES:,}: {times} times  (at most 1.2)"
        )
    print(f"load of the machine before the first measurement: {load:.1f} of {os.cpu_count()} processors")
    WRITTEN.parent.mkdir(exist_ok=True)
    kinds = {name: asdict(figures) for name, figures in found.items()}
    WRITTEN.write_text(
        json.dumps({"families": FAMILIES, "boroughs": BOROUGHS, **kinds, "reads": ratio, "processes": SERVICES, "load": load}, indent=1)
    )


def measured(place: Land) -> dict[str, Figures]:
    """Return how long each kind of question takes at sixteen at once: over the broker, and through the gateway."""
    with place.administering(place.admin_url) as cursor:
        somebody = people(cursor, place.families, ASKED)
        met = people(cursor, place.families, ASKED * 8, list(place.slugs))
    asked = questions(somebody)
    print(f"{CONNECTIONS} callers at once, {SERVICES} processes of the referrals service, {os.cpu_count()} processors", flush=True)
    found = {kind: said(kind, place.ask(kind, asked[kind], CONNECTIONS, SECONDS)) for kind in ("search", "duplicates", "board", "read")}
    through = questions(met)
    for kind, path in (("search", "families/search"), ("board", "referrals/board")):
        found[f"{kind}, whole"] = said(f"{kind}, whole", place.request(path, through[kind], CONNECTIONS, SECONDS))
    return found


def questions(somebody: list[Somebody]) -> dict[str, list[Question]]:
    """Return what is asked, by kind."""
    accepted = [one for one in somebody if one.status == "accepted"]
    return {
        "search": searches(somebody),
        "duplicates": [Question(one.borough, {"family_id": one.family}) for one in somebody],
        "board": [Question(one.borough, {}) for one in somebody],
        "read": [Question(one.borough, {"family_id": one.family}) for one in accepted],
    }


def said(kind: str, figures: Figures) -> Figures:
    """Print one measurement as it comes, with what was aimed at."""
    aim = LEAST_MS.get(kind.partition(",")[0])
    line = f"{kind:18} p50 {figures.p50_ms:8.1f} ms  p95 {figures.p95_ms:8.1f} ms  {figures.rps:6.0f} a second"
    if figures.server_cpu:
        line += f"  CPU a call: service {figures.server_cpu:.1f} ms, PostgreSQL {figures.database_cpu:.1f} ms"
    print(line + (f"  (at most {aim})" if aim else ""), flush=True)
    return figures


def ratio_of_reads(few: Land, many: Land) -> dict[str, float]:
    """Return the cost of a read among few families and among many, asked in turn, one call at a time.

    Both as a caller waits (p50) and as the service and PostgreSQL spend it (CPU); the ratios are the medians of those of the pairs.
    """
    rounds = []
    for _ in range(ROUNDS):
        pair = []
        for place in (few, many):
            with place.administering(place.admin_url) as cursor:
                asked = questions(people(cursor, place.families, 600))["read"]
            figures = place.ask("read", asked, 1, 3)
            pair.append({"p50": figures.p50_ms, "CPU": figures.server_cpu + figures.database_cpu})
        rounds.append(pair)
    return {name: cost for what in ("p50", "CPU") for name, cost in _medians(what, [(one[what], other[what]) for one, other in rounds])}


def _medians(what: str, pairs: list[tuple[float, float]]) -> list[tuple[str, float]]:
    few, many = (round(median(side), 2) for side in zip(*pairs, strict=True))
    return [(f"{what}_few", few), (f"{what}_many", many), (f"{what}_ratio", round(median(high / low for low, high in pairs), 3))]


if __name__ == "__main__":
    main()
