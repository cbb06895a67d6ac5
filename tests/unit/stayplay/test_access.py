"""Every way into the platform says what it needs, and docs/access.md says the same."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from nameko.extensions import Entrypoint

from chassis.contract import Operation
from gateway.access import guard
from gateway.access.permissions import PERMISSIONS
from gateway.access.roles import OPERATOR, ROLES, permissions_of
from gateway.access.scopes import OF_EVERY_SYSTEM, SCOPES
from gateway.access.second_factor import reads_families
from services.assessments.contract import AGENCY_KINDS
from stayplay.access import access
from stayplay.access.needs import Entry, Way, entries, operations, ways
from stayplay.access.page import COLUMNS, access_page
from stayplay.roster import PACKAGES
from tests.unit.gateway.test_guard import OPEN_TO_ALL

WITHOUT_A_CALLER = {"timer", "website"}
"""Kinds of entrypoints that nobody outside can call: the clock, and the socket behind which every address has a need of its own."""

PAGES = ("docs/access.md", "docs/security.md")


@pytest.fixture(scope="module")
def every_way() -> Sequence[Way]:
    return ways()


@pytest.fixture(scope="module")
def every_entry() -> list[Entry]:
    return list(entries())


def held() -> set[str]:
    """Return every permission that a member of some borough can have."""
    return {permission for kind in ("", *AGENCY_KINDS) for permission in permissions_of(ROLES, kind)}


def test_every_address_declares_what_it_needs(every_way: Sequence[Way]) -> None:
    known = {
        guard.EVERYBODY,
        guard.SIGNED_IN,
        guard.HALF_SIGNED_IN,
        guard.OPERATORS,
        guard.BELONGING,
        guard.PUBLIC,
        *held(),
        *OF_EVERY_SYSTEM,
    }
    assert len(every_way) > 150
    assert [way for way in every_way if way.need not in known] == []


def test_what_is_open_to_everybody_is_in_the_one_list(every_way: Sequence[Way]) -> None:
    assert {way.endpoint for way in every_way if way.need == guard.EVERYBODY} == OPEN_TO_ALL


def test_every_operation_declares_a_permission_that_somebody_can_have() -> None:
    assert [one.full_name for one in operations() if one.permission not in held() | {OPERATOR, *OF_EVERY_SYSTEM}] == []


def test_every_entrypoint_of_every_service_declares_who_may_use_it(every_entry: list[Entry]) -> None:
    silent = [entry for entry in every_entry if entry.needs is None and entry.kind not in WITHOUT_A_CALLER]
    assert silent == []
    assert {entry.kind for entry in every_entry} <= {"rpc", "event", *WITHOUT_A_CALLER}, "say in stayplay.access.needs what it needs"


def test_every_operation_of_a_contract_is_answered_by_the_service_that_declares_it(every_entry: list[Entry]) -> None:
    answered = {(entry.service, entry.what): entry.needs for entry in every_entry if entry.kind == "rpc"}
    declared = {(one.service, one.name): one.permission for one in operations() if one.service != "gateway"}
    assert answered == declared


def test_an_event_is_believed_of_one_service_only(every_entry: list[Entry]) -> None:
    events = [entry for entry in every_entry if entry.kind == "event"]
    assert len(events) > 20
    assert {signer for entry in events for signer in (entry.needs or "").split()} <= set(PACKAGES)
    for entry in events:
        assert {name.split(".")[0] for name in entry.what.split()} == set((entry.needs or "").split())


def test_an_entrypoint_of_a_new_kind_is_found_and_has_no_permission_until_somebody_says_so() -> None:
    from stayplay.access.needs import _entry

    class Telegraph(Entrypoint):
        """A way in that nobody thought of."""

    found = _entry("referrals", "tell_everything", Telegraph())
    assert (found.kind, found.needs) == ("Telegraph", None)
    assert found.kind not in WITHOUT_A_CALLER


def test_an_operation_without_a_permission_is_found() -> None:
    from chassis.rpc import Rpc
    from chassis.schemas import Nothing
    from stayplay.access.needs import _entry

    careless = Operation("referrals", "tell_everything", "", Nothing, Nothing)
    assert _entry("referrals", "tell_everything", Rpc(careless)).needs is None


def test_every_permission_has_words_and_every_word_a_permission() -> None:
    assert set(PERMISSIONS) == held()
    assert len(set(PERMISSIONS.values())) == len(PERMISSIONS)
    assert {words[0] for words in PERMISSIONS.values()} <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_every_role_has_a_column() -> None:
    assert {role for role, _, _ in COLUMNS} == set(ROLES)


def test_a_system_is_given_nothing_that_reads_families_or_is_about_people() -> None:
    assert not reads_families(SCOPES)
    assert {scope for scope in SCOPES if scope.startswith(("people.", "audit.", "systems.", "boroughs.manage"))} == set()
    assert SCOPES.keys() <= held()
    assert not OF_EVERY_SYSTEM.keys() & held()


def test_the_page_is_what_the_code_says() -> None:
    assert Path("docs/access.md").read_text(encoding="utf-8") == access_page(), "run stayplay access"


def test_the_page_names_every_address_operation_and_event_handler(every_way: Sequence[Way], every_entry: list[Entry]) -> None:
    page = access_page()
    assert [way for way in every_way if f"`{way.method} {way.address}`" not in page] == []
    assert [one.full_name for one in operations() if f"`{one.full_name}`" not in page] == []
    assert [entry for entry in every_entry if entry.kind == "event" and f"`{entry.service}.{entry.method}`" not in page] == []


def test_a_page_that_says_otherwise_fails_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/access.md").write_text("Everybody may do everything.\n", encoding="utf-8")
    checked = CliRunner().invoke(access, ["--check"])
    assert checked.exit_code == 1
    assert "run stayplay access" in checked.output
    assert CliRunner().invoke(access, []).exit_code == 0
    assert CliRunner().invoke(access, ["--check"]).exit_code == 0


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    named = set(
        re.findall(
            r"`((?:tests|gateway|chassis|services|stayplay|deploy|docs)/[\w./-]+)(?:::\w+)?`", Path(page).read_text(encoding="utf-8")
        )
    )
    assert len(named) >= 5
    assert sorted(one for one in named if not Path(one).exists()) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_is_there(page: str) -> None:
    named = set(re.findall(r"`(tests/[\w./-]+)::(\w+)`", Path(page).read_text(encoding="utf-8")))
    assert page != "docs/security.md" or len(named) > 40
    assert sorted(f"{file}::{name}" for file, name in named if f"def {name}(" not in Path(file).read_text(encoding="utf-8")) == []


def test_a_row_says_which_test_shows_it_or_that_it_is_not_met() -> None:
    page = Path("docs/security.md").read_text(encoding="utf-8").partition("## What is not met")[0]
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith(("| Item", "| ---", "| What"))]
    untested = [row for row in rows if "`tests/" not in row and not re.search(r"\*\*(Not met|Partly)\*\*|no test of ours", row)]
    assert len(rows) > 80
    assert untested == []
