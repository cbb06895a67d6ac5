"""Every operation of every service, carried out, leaves its entry: who, acting as what, from where, read or change, and what changed."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import pytest

from chassis.broker import Address
from chassis.contract import Operation
from chassis.rpc import RpcClient
from gateway.runtime import Runtime
from stayplay.roster import PACKAGES
from tests.support.desk import until
from tests.support.everything_done import Everything
from tests.support.installation import Templates
from tests.support.isolation.neighbours import neighbour
from tests.support.isolation.rows import Databases
from tests.support.isolation.side_by_side import settled
from tests.support.whole import whole_platform

pytestmark = pytest.mark.timeout(300)
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
    "gateway.onboard": "tests/service/gateway/boroughs/test_onboarding.py",
    "gateway.get_onboarded": "tests/service/gateway/boroughs/test_onboarding.py",
    "gateway.erase_borough": "tests/journeys/test_leaving.py",
    "gateway.erase_leaving": "tests/journeys/test_leaving.py",
}
CHANGES_NO_ROW: Mapping[str, str] = {
    **{f"gateway.{name}": "sessions belong to a person, not to the borough" for name in ("end_member_session", "end_member_sessions")},
    "gateway.reset_factors": "second factors belong to a person, not to the borough",
    "gateway.note_archive": "a file was made",
    "gateway.note_sign_on_check": "says whether it answered",
}
"""Changes of something that is no row of the borough, each with what it is."""


@pytest.fixture(scope="module")
def entries(postgres_url: str, broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entries]:
    """What one borough's trails hold, by operation, when everything was done there once."""
    mails = tmp_path_factory.mktemp("mails").as_uri()
    with whole_platform(Templates(postgres_url), broker, MAIL_URL=mails) as whole:
        settings = whole.containers["gateway"].config["settings"]
        names = {service: urlsplit(one.config["settings"].database_url).path.strip("/") for service, one in whole.containers.items()}
        databases = Databases(postgres_url, names)
        lived = neighbour(whole, "Camberwell", "Doyle")
        database = settings.database()
        Everything(lived, Runtime.of(settings, database, RpcClient(Address(settings.amqp_uri)))).do()
        until(lambda: settled(databases), within=30)
        database.close()
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for table, rows in lived.holdings(databases).rows.items():
            if table.endswith(".public.audit"):
                for row in map(json.loads, rows):
                    found[row["operation"]].append(row)
        yield found


def test_each_is_here_or_says_why_it_leaves_nothing() -> None:
    named = {operation.full_name for operation in OPERATIONS}
    assert {*LEAVES_NOTHING, *ELSEWHERE, *CHANGES_NO_ROW} <= named
    assert not {operation.full_name for operation in OPERATIONS if operation.changes} & LEAVES_NOTHING.keys()


def test_every_operation_left_an_entry(entries: Entries) -> None:
    expected = {operation.full_name for operation in OPERATIONS} - {*LEAVES_NOTHING, *ELSEWHERE}
    assert expected - entries.keys() == set(), "let tests/support/everything_done.py do these too"
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
        assert kinds == set() or kinds & ({"change", "security"} if operation.changes else {"read", "security"}), operation.full_name
        assert operation.changes or "change" not in kinds, operation.full_name


def test_a_change_says_what_was_there_before_and_what_after(entries: Entries) -> None:
    for operation in OPERATIONS:
        if operation.changes and operation.full_name not in {*CHANGES_NO_ROW, *ELSEWHERE}:
            rows = [row for entry in entries[operation.full_name] for row in entry["changes"] or [] if "asked" not in row]
            assert any(row.get("before") or row.get("after") for row in rows), operation.full_name


def test_a_list_says_what_was_asked_for_and_how_many_there_were(entries: Entries) -> None:
    lists = [operation.full_name for operation in OPERATIONS if operation.lists and operation.full_name not in LEAVES_NOTHING]
    assert len(lists) > 15
    for name in lists:
        assert any({"query", "count"} <= entry["facts"].keys() for entry in entries[name]), name


def test_no_entry_holds_a_password_a_token_or_a_code(entries: Entries) -> None:
    told = json.dumps(entries)
    for secret in ("password", "practice only", "token_hash", "client_secret", "x" * 40):
        assert secret not in told, secret
