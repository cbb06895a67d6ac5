"""The steps of a file, each one transaction: looking at some more rows, holding them against each other, referring them all."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Final
from uuid import UUID, uuid4

import structlog

from chassis import clock
from chassis.ids import new_id
from chassis.sheets import Row, rows_of
from services.referrals.contract.importing import COMMIT_IMPORT
from services.referrals.importing import Found, Judge, Judged, candidate_keys, households_alike, rows_alike
from services.referrals.matching import household
from services.referrals.models import Import, ImportRow, Referral, check_ages, keys_of, record_of
from services.referrals.repository import Work

log = structlog.get_logger(__name__)

AT_ONCE: Final = 100
"""Rows of one step: people who look at the page see it go on, and nobody else waits long for the process."""
FLUSHED: Final = 50


def check_some(work: Work, found: Import) -> None:
    """Look at the next rows; after the last one hold them all against each other, and let somebody review the file."""
    rows = _next_rows(found)
    if rows:
        _check(work, found, rows)
        found.looked_at(len(rows), rows[-1].next_line, rows[-1].number + 1)
        work.publish(found.stepped())
    else:
        _compare(work, found)
        found.begin_review()
        log.info("import.checked", import_id=found.id, rows=found.checked)


def _next_rows(found: Import) -> list[Row]:
    text = (found.content or b"").decode()
    rest = rows_of(text, str(found.reading["separator"]), found.next_line, int(found.reading["number"]))
    return list(islice((row for row in rest if not row.is_blank), AT_ONCE))


def _check(work: Work, found: Import, rows: Sequence[Row]) -> None:
    """Add the rows with what is wrong with each, and the families that seem to be the same.

    Of restricted families none is among them, for colleagues look through a file together, and a row that is marked for no reason that
    they can see would tell them of one. Whoever may see it is told of the match once the row is a referral. That a row is like one is kept
    where nobody is shown it.
    """
    judge = _judge(work, found)
    judged = [(row, judge.judged(row.cells)) for row in rows]
    records = {row.number: record_of(one.request) for row, one in judged if one.request is not None}
    keys = {number: candidate_keys(keys_of(uuid4(), record)) for number, record in records.items()}
    with work.session.reading_as_nobody():
        shown = _alike(work, records, keys)
    hidden = _alike(work, records, keys, restricted=True)
    for row, one in judged:
        made = _row(found, row, one, keys.get(row.number, []), [match.kept() for match in shown.get(row.number, ())])
        made.unshown = [str(match.family_id) for match in hidden.get(row.number, ())]
        work.import_rows.add(made)


def _judge(work: Work, found: Import) -> Judge:
    oldest, youngest = work.oldest_child_months, work.youngest_child_months

    def check(request: dict[str, Any]) -> None:
        check_ages(request["children"], request["referred_on"], oldest, youngest)

    return Judge(found.headings, check)


def _alike(
    work: Work, records: Mapping[int, dict[str, Any]], keys: Mapping[int, Sequence[str]], *, restricted: bool = False
) -> dict[int, list[Found]]:
    """Return, by row, the families that it seems to be: of all that the work sees now, or of the ``restricted`` ones alone."""
    known = work.import_rows.families_by_key(key for row_keys in keys.values() for key in row_keys)
    candidates: Collection[UUID] = {family_id for families in known.values() for family_id in families}
    if restricted:
        candidates = work.restrictions.among(candidates)
    households = {family_id: household(family_id, record) for family_id, record in work.import_rows.records(candidates).items()}
    near = {number: {family_id for key in row_keys for family_id in known.get(key, ())} for number, row_keys in keys.items()}
    return {
        number: households_alike(household(uuid4(), record), [households[one] for one in near[number] if one in households])
        for number, record in records.items()
    }


def _row(found: Import, row: Row, judged: Judged, keys: list[str], matches: list[dict[str, Any]]) -> ImportRow:
    made = ImportRow(
        id=new_id(), import_id=found.id, number=row.number, cells=row.cells, faults=judged.faults, keys=keys, same_rows=[],
        matches=matches, state="", allowed=False, referral_id=None,
    )  # fmt: skip
    made.settle()
    return made


def _compare(work: Work, found: Import) -> None:
    """Hold the rows of a file against each other."""
    judge = _judge(work, found)
    rows = {row.number: row for row in work.import_rows.of(found.id)}
    keys = {number: row.keys for number, row in rows.items()}
    often: dict[str, int] = {}
    for row_keys in keys.values():
        for key in row_keys:
            often[key] = often.get(key, 0) + 1
    shared = [number for number, row_keys in keys.items() if any(often[key] > 1 for key in row_keys)]
    requests = {number: judge.judged(rows[number].cells).request for number in shared}
    households = {number: household(uuid4(), record_of(request)) for number, request in requests.items() if request is not None}
    for number, others in rows_alike(keys, households).items():
        rows[number].same_rows = others
    for row in rows.values():
        row.keys = []
        row.settle()


def refer_all(work: Work, found: Import) -> None:
    """Make referrals of all rows that are ready. Where one has faults by now, none is referred, and the file is reviewed again."""
    rows = work.import_rows.of(found.id, "ready")
    judge = _judge(work, found)
    judged = [(row, judge.judged(row.cells)) for row in rows]
    if any(one.request is None for _, one in judged):
        _back_to_review(found, judged)
        return
    work.caller, work.operation = found.on_behalf(), COMMIT_IMPORT.full_name
    today = clock.today()
    for place, (row, one) in enumerate(judged, 1):
        if one.request is not None:
            row.refer_as(_refer(work, one.request, today))
        if place % FLUSHED == 0:
            work.session.flush()
    found.finish(work.now)
    work.saw(subject_id=found.id, rows=len(rows))
    log.info("import.imported", import_id=found.id, rows=len(rows))


def _back_to_review(found: Import, judged: Sequence[tuple[ImportRow, Judged]]) -> None:
    for row, one in judged:
        row.faults = one.faults
        row.settle()
    found.begin_review()


def _refer(work: Work, request: dict[str, Any], today: date) -> UUID:
    """Make one referral, received on the day that the waiting list says."""
    at = _received(request["referred_on"], today, work.now)
    told = {**request, "intake": {"received_on": request["referred_on"]}}
    referral = work.referrals.add(Referral.from_request(told, work.caller, at, today))
    work.publish(referral.arrived())
    return referral.id


def _received(on: date, today: date, now: datetime) -> datetime:
    return now if on == today else datetime.combine(on, time(12), clock.LONDON)
