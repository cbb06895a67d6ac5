"""Every operation of every service, carried out, leaves its entry: who, acting as what, from where, read or change, and what changed."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from chassis.broker import Address
from chassis.contract import Operation
from chassis.rpc import RpcClient
from gateway.runtime import Runtime
from stayplay.journey.borough import PASSWORD
from stayplay.roster import PACKAGES
from tests.support.desk import until
from tests.support.everything_done import SECRET, Everything
from tests.support.installation import Templates
from tests.support.isolation.neighbours import neighbour
from tests.support.isolation.rows import Databases
from tests.support.isolation.side_by_side import settled
from tests.support.whole import whole_platform

pytestmark = pytest.mark.timeout(300)
WRITTEN = (
    "Sinead", "Finn", "Rye Lane", "SE15", "07700", "helen.vance", "Yoruba", "voicemail", "stopped going out", "alone with him",
    "Low mood", "Cautious", "Wants to meet", "Not yet, says", "Who else lives", "Her mother", "rhyme time", "Too old", "Sent twice",
    "moved away", "answered the door", "He is ill", "They decided", "nursery rang", "All is well", "It is over",
)  # fmt: skip
"""What is written of families by `Everything` and by those whom it follows."""


@dataclass(frozen=True)
class Kept:
    """What was kept of everything that was done.

    Attributes:
        entries: by operation.
        shown: the whole trail as an administrator is shown it.
    """

    entries: Mapping[str, list[dict[str, Any]]]
    shown: str


Entries = Mapping[str, list[dict[str, Any]]]

OPERATIONS: tuple[Operation, ...] = tuple(
    operation for package in PACKAGES.values() for operation in import_module(f"{package}.contract").OPERATIONS
)
_SETTINGS = "settings that every member may see, or whose owner asks: nothing of anybody"
LEAVES_NOTHING: Mapping[str, str] = {
    **dict.fromkeys(("referrals.triage_summary", "outreach.outreach_summary"), "numbers alone"),
    **{f"gateway.{name}": _SETTINGS for name in ("get_borough", "get_policy", "get_set_up", "get_branding", "get_sign_on")},
    "gateway.me": "one's own membership, at every request of a page",
    "gateway.own_scopes": "what one's own token allows",
    "gateway.list_boroughs": "belongs to no borough, so to nobody's trail: it names nobody",
}
"""Operations without an entry, each with the reason."""
ELSEWHERE: Mapping[str, str] = {
    "gateway.open_borough": "tests/service/gateway/boroughs/test_opening.py",
    "gateway.erase_leaving": "tests/service/gateway/leaving/test_leaving_in_order.py",
    "gateway.relax_sign_on": "tests/service/gateway/single_sign_on",
}
"""Operations that a practice borough at work can't show, each with the tests that look at its entry."""
CHANGES_NO_ROW: Mapping[str, str] = {
    **{f"gateway.{name}": "sessions belong to a person, not to the borough" for name in ("end_member_session", "end_member_sessions")},
    "gateway.reset_factors": "second factors belong to a person, not to the borough",
    "gateway.note_sign_on_check": "says whether it answered",
    **{
        f"referrals.{name}": "a file under review is nobody's record yet"
        for name in ("start_import", "decide_import_rows", "cancel_import")
    },
    "gateway.retry_delivery": "figures of an attempt; what is told is in the trail of referrals",
    "referrals.undo_import": "its referrals go by one statement: the entry says of which file, and how many",
    "referrals.erase": "what was written of an erased family is erased from its trail too",
    "referrals.review_pack": "a pack is a copy of records: the entry says on how many was decided",
}
"""Changes of something that is no row of the borough, each with what it is."""


POSTED_READS = {"referrals.find_restricted", "gateway.note_archive"}
"""Reads that are sent as changes: no name may stand in an address, and an archive was read already."""
ERASURES = {"gateway.erase_borough", "gateway.erase_leaving"}
"""Changes that can be sent twice without a key."""
CHANGES = [one for one in OPERATIONS if (one.changes or one.full_name in ERASURES) and one.full_name not in POSTED_READS]


@pytest.fixture(scope="module")
def kept(postgres_url: str, broker: str, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What is kept when everything was done in one borough."""
    mails = tmp_path_factory.mktemp("mails").as_uri()
    with whole_platform(Templates(postgres_url), broker, MAIL_URL=mails) as whole:
        settings = whole.containers["gateway"].config["settings"]
        names = {service: urlsplit(one.config["settings"].database_url).path.strip("/") for service, one in whole.containers.items()}
        databases = Databases(postgres_url, names)
        lived = neighbour(whole, "Camberwell", "Doyle")
        database = settings.database()
        everything = Everything(lived, Runtime.of(settings, database, RpcClient(Address(settings.amqp_uri))))
        everything.do()
        other = everything.another_borough()
        until(lambda: settled(databases), within=30)
        database.close()
        shown = " ".join(json.dumps(entry) for entry in everything.trail_as_shown())
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for holdings in (lived.holdings(databases), databases.of(other)):
            for row in (json.loads(row) for table, rows in holdings.rows.items() if table.endswith(".public.audit") for row in rows):
                found[row["operation"]].append(row)
    return Kept(found, shown)


@pytest.fixture(scope="module")
def entries(kept: Kept) -> Entries:
    return kept.entries


def test_each_is_here_or_says_why_it_leaves_nothing() -> None:
    named = {operation.full_name for operation in OPERATIONS}
    assert {*LEAVES_NOTHING, *ELSEWHERE, *CHANGES_NO_ROW} <= named
    assert not {operation.full_name for operation in OPERATIONS if operation.changes} & LEAVES_NOTHING.keys()


def test_what_is_looked_at_elsewhere_is_looked_at_there() -> None:
    for operation, place in ELSEWHERE.items():
        where = Path(place)
        told = [one.read_text(encoding="utf-8") for one in (where.glob("*.py") if where.is_dir() else [where])]
        assert any(operation.partition(".")[2] in one for one in told), operation


def test_every_operation_left_an_entry(entries: Entries) -> None:
    expected = {operation.full_name for operation in OPERATIONS} - {*LEAVES_NOTHING, *ELSEWHERE}
    missing = sorted(expected - entries.keys())
    assert missing == [], f"let tests/support/everything_done.py do these too: {missing}"
    assert LEAVES_NOTHING.keys() & entries.keys() == set(), "these leave an entry after all"
    print(f"\naudit: {len(expected)} operations left {sum(map(len, entries.values()))} entries")


def test_each_says_who_acting_as_what_and_from_where(entries: Entries) -> None:
    for operation in OPERATIONS:
        for entry in entries.get(operation.full_name, []):
            told = (entry["person_id"], entry["person_name"], entry["roles"], entry["at"], entry["correlation_id"])
            assert all(told), operation.full_name
            assert entry["address"] == "127.0.0.1", operation.full_name


def test_what_reads_is_a_read_and_what_changes_a_change(entries: Entries) -> None:
    for operation in OPERATIONS:
        kinds = {entry["kind"] for entry in entries.get(operation.full_name, [])}
        expected = {"change", "security"} if operation in CHANGES else {"read", "security"}
        assert kinds == set() or kinds & expected, operation.full_name
        assert operation in CHANGES or "change" not in kinds, operation.full_name


def test_a_change_says_what_was_there_before_and_what_after(entries: Entries) -> None:
    silent = []
    for operation in CHANGES:
        if operation.full_name not in {*CHANGES_NO_ROW, *ELSEWHERE, *ERASURES}:
            rows = [row for entry in entries[operation.full_name] for row in entry["changes"] or [] if "asked" not in row]
            silent += [] if any(row.get("before") or row.get("after") for row in rows) else [operation.full_name]
    assert silent == [], f"these say of no row what it was: {silent}"


def test_what_is_done_with_a_file_says_with_which(entries: Entries) -> None:
    """Its rows stay out of the trail, for most of them may never be referred: what was done with it stands in the entry itself."""
    for name in ("start_import", "decide_import_rows", "commit_import", "cancel_import", "undo_import"):
        assert any(entry["subject_id"] for entry in entries[f"referrals.{name}"]), name


def test_a_list_says_what_was_asked_for_and_how_many_there_were(entries: Entries) -> None:
    lists = [operation.full_name for operation in OPERATIONS if operation.lists and operation.full_name not in LEAVES_NOTHING]
    assert len(lists) > 15
    for name in lists:
        assert any({"query", "count"} <= entry["facts"].keys() for entry in entries[name]), name


def test_no_entry_holds_a_password_a_token_or_a_code(entries: Entries) -> None:
    told = json.dumps(entries)
    for secret in (PASSWORD, SECRET, "_hash", "client_secret"):
        assert secret not in told, secret


def test_an_administrator_is_shown_that_it_was_done_and_nothing_that_was_written_of_a_family(kept: Kept) -> None:
    written = [words for words in WRITTEN if words in json.dumps(kept.entries, ensure_ascii=False)]
    assert written == list(WRITTEN), "then this would prove nothing of the others"
    assert [words for words in WRITTEN if words in kept.shown] == []
    assert all(
        operation.full_name in kept.shown for operation in CHANGES if operation.full_name not in {*ELSEWHERE, *ERASURES, "gateway.onboard"}
    )
