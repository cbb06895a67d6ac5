"""What the audit trail costs: ``python -m tests.load.audit``. Figures depend on the machine; the ratios say more than they do.

It makes a server of its own, a sample service's database and one borough with 200,000 entries, and prints: proving that
chain, pages of it, and how fast sixteen processes write in one borough, in sixteen, and without any chain.
"""

import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import psycopg2

from chassis.auditing.proving import Chain
from chassis.auditing.repository import Entries
from chassis.auditing.trail import seal_chains
from chassis.caller import Caller
from chassis.database import Database
from chassis.database.tenants import Borough, keep_borough
from chassis.settings import AuditSettings
from chassis.signing import Signer, Verifier, new_pair
from stayplay.audit.source import Source
from stayplay.postgres import Postgres
from tests.support.database import Prepared, prepared
from tests.support.people import note_keeper, working
from tests.support.sample_service import STORE
from tests.support.sample_service.models import Note

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
WRITERS, SECONDS = 16, 5.0
KEYS = new_pair()
_FILL = """
    INSERT INTO audit (borough_id, id, at, person_id, person_name, agency, operation, kind, family_id, facts, correlation_id, roles, changes)
    SELECT %(borough)s, gen_random_uuid(), now() - n * interval '1 minute', md5((n %% 50)::text)::uuid, 'Ruth Osei', 'CAMHS',
           CASE WHEN n %% 20000 = 0 THEN 'sample.rare' ELSE 'sample.get_note' END, CASE WHEN n %% 10 = 0 THEN 'change' ELSE 'read' END,
           md5((n %% 400)::text)::uuid, '{}', 'bench', 'practitioner',
           CASE WHEN n %% 10 = 0 THEN '[{"table": "notes", "id": null, "before": {"words": "Quiet"}, "after": {"words": "Quiet again"}}]'::jsonb END
    FROM generate_series(1, %(many)s) n
"""  # noqa: E501 - a statement
WANTED: dict[str, dict[str, Any]] = {
    "newest": {},
    "one person": {"person_id": UUID("c4ca4238-a0b9-2382-0dcc-509a6f75849b")},
    "one family": {"family_id": UUID("c4ca4238-a0b9-2382-0dcc-509a6f75849b")},
    "one rare operation": {"operation": "sample.rare"},
    "changes": {"kind": "change"},
    "signing in, of which there is none": {"kind": "security"},
    "words in a reason that nobody wrote": {"reason": "nobody wrote this"},
}


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory(prefix="stayplay-audit-") as folder, Postgres(Path(folder) / "postgres") as server:
        sample = prepared(STORE, server.url)
        database = sample.open()
        borough = known(database)
        filling(sample, borough)
        proving(sample, database, borough.borough_id)
        pages(database, borough)
        database.close()
        writing(sample)


def filling(sample: Prepared, borough: Caller) -> None:
    """Write the entries as the application's role does, through the trigger."""
    with psycopg2.connect(sample.urls["app"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.borough_id', %s, true)", (str(borough.borough_id),))
        with told(f"{ENTRIES:,} entries written, each chained", each=ENTRIES):
            cursor.execute(_FILL, {"borough": str(borough.borough_id), "many": ENTRIES})
    connection.close()
    with sample_admin(sample) as cursor:
        cursor.execute("ANALYZE audit")


def proving(sample: Prepared, database: Database, borough_id: UUID) -> None:
    """Seal the chain and prove it."""
    seal_chains(database, "sample", Signer(KEYS.private))
    source = Source(AuditSettings("sample", sample.urls["app"], sample.urls["operator"], KEYS.public))
    before = memory()
    with told("proved", each=ENTRIES), source.trail(borough_id) as (seals, entries):
        proof = Chain("sample", seals, [Verifier(KEYS.public)]).prove(entries)
    print(f"  {proof.entries:,} entries, faults: {proof.faults}, memory grew by {memory() - before:.0f} MB")


def pages(database: Database, borough: Caller) -> None:
    """Read the first page, and one far back, of each way to narrow the list down."""
    for name, wanted in WANTED.items():
        with told(f"first page, {name}"):
            after = page(database, borough, None, wanted)
        for _ in range(100):
            after = page(database, borough, after, wanted) if after else None
        if after:
            with told(f"page 102, {name}"):
                page(database, borough, after, wanted)


def page(database: Database, borough: Caller, after: str | None, wanted: dict[str, Any]) -> str | None:
    """Read one page; return the cursor of the next."""
    with working(database, borough) as work:
        return Entries(work).page(after, 25, **wanted).next


def writing(sample: Prepared) -> None:
    """Write notes, each with its entry, from many processes at once."""
    one, many = (rate(sample, boroughs) for boroughs in (1, WRITERS))
    with sample_admin(sample) as cursor:
        cursor.execute("ALTER TABLE audit DISABLE TRIGGER chain; ALTER TABLE audit ALTER number DROP NOT NULL, ALTER hash DROP NOT NULL")
    without = rate(sample, WRITERS)
    print(f"{WRITERS} writers: {one:.0f} a second in one borough, {many:.0f} in {WRITERS}, {without:.0f} without a chain")


def rate(sample: Prepared, boroughs: int) -> float:
    """Return how many notes a second all writers write together."""
    database = sample.open()
    callers = [known(database) for _ in range(boroughs)]
    database.close()
    with ProcessPoolExecutor(WRITERS) as pool:
        list(pool.map(time.sleep, [0.05] * WRITERS))
        return sum(pool.map(written, [sample] * WRITERS, [callers[number % boroughs] for number in range(WRITERS)])) / SECONDS


def written(sample: Prepared, caller: Caller) -> int:
    """Write for a while; return how many notes it was."""
    database = sample.open(pool_size=1)
    number, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        with working(database, caller) as work:
            work.notes.add(Note(words="Said little", family_id=uuid4()))
        number += 1
    database.close()
    return number


def known(database: Database) -> Caller:
    """Return somebody of a new borough."""
    caller = note_keeper(roles=("practitioner",))
    with working(database, Caller.service("sample", caller.borough_id), "") as work:
        keep_borough(work, Borough(caller.borough_id, f"b-{caller.borough_id}", "Southwark", "Little Steps", sequence=1))
    return caller


@contextmanager
def told(what: str, each: int = 0) -> Iterator[None]:
    """Print how long it took."""
    began = time.perf_counter()
    yield
    took = time.perf_counter() - began
    print(f"{what}: {took * 1000:.1f} ms" + (f", {took / each * 1e6:.1f} microseconds each" if each else ""), flush=True)


@contextmanager
def sample_admin(sample: Prepared) -> Iterator[Any]:
    """Speak to the database as its administrator."""
    connection = psycopg2.connect(sample.admin_url)
    with connection, connection.cursor() as cursor:
        yield cursor
    connection.close()


def memory() -> float:
    """Return the most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
