"""`stayplay audit`: what operators run to prove the trails of a whole installation."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg2
import pytest
from click.testing import CliRunner, Result

from chassis.auditing.trail import seal_chains
from chassis.caller import Caller
from chassis.database import Database, UnitOfWork, open_work
from chassis.database.tenants import Borough, keep_borough
from chassis.signing import Signer, new_pair
from stayplay.audit import audit
from stayplay.roster import PACKAGES
from tests.support.installation import Installation, Templates, installation

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def installed(postgres_url: str) -> Iterator[Installation]:
    """Every service's database."""
    templates = Templates(postgres_url)
    urls = templates.fresh()
    yield installation(urls, f"inprocess://{uuid4().hex}")
    templates.drop(urls)


@pytest.fixture
def run(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, value in installed.env.items():
        monkeypatch.setenv(name, value)

    def command(*words: str) -> Result:
        return CliRunner().invoke(audit, words)

    return command


class Southwark:
    """A borough with three entries in the trail of outreach, sealed."""

    def __init__(self, installed: Installation) -> None:
        settings = installed.settings("outreach")
        self.admin = installed.env["OUTREACH_DATABASE_URL"]
        self.database = Database(settings.database_url, settings.operator_database_url)
        self.id, self.slug = uuid4(), f"s-{uuid4().hex[:8]}"
        self.caller = Caller.service("outreach", self.id)
        with open_work(UnitOfWork, self.database, self.caller) as work:
            keep_borough(work, Borough(self.id, self.slug, "Southwark", "Stay & Play", sequence=1))
        self.grow(3)
        seal_chains(self.database, "outreach", Signer(settings.signing_key))

    def grow(self, times: int) -> None:
        for _ in range(times):
            with open_work(UnitOfWork, self.database, self.caller, operation="outreach.open_case") as work:
                work.saw(family_id=uuid4())
                work.because("Sinead Doyle rang")


@pytest.fixture
def southwark(installed: Installation) -> Iterator[Southwark]:
    made = Southwark(installed)
    yield made
    made.database.close()


def tampered(southwark: Southwark, postgres_url: str, statement: str) -> None:
    database = urlsplit(southwark.admin).path
    connection = psycopg2.connect(urlsplit(postgres_url)._replace(path=database).geturl())
    with connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, (str(southwark.id),))
    connection.close()


def test_a_borough_that_nobody_touched_is_whole(run: Run, southwark: Southwark) -> None:
    result = run("verify", "--borough", southwark.slug)
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [f"outreach {southwark.slug}: 3 entries, 1 seal: whole", "3 entries in 1 chain: whole"],
    )


def test_a_removed_entry_is_named_and_the_command_fails(run: Run, southwark: Southwark, postgres_url: str) -> None:
    tampered(southwark, postgres_url, "DELETE FROM audit WHERE borough_id = %s AND number = 2")
    result = run("verify", "--borough", southwark.slug, "--service", "outreach")
    assert result.exit_code == 1
    assert f"outreach {southwark.slug}: entry 2 was removed" in result.output
    assert result.output.splitlines()[-1] == "2 entries in 1 chain: 1 fault"


def test_nothing_that_an_entry_says_is_printed(run: Run, southwark: Southwark, postgres_url: str) -> None:
    tampered(southwark, postgres_url, "UPDATE audit SET reason = 'Sinead Doyle wrote' WHERE borough_id = %s AND number = 2")
    result = run("verify", "--borough", str(southwark.id))
    assert (result.exit_code, "Doyle" in result.output) == (1, False)


def test_heads_that_were_kept_find_what_was_undone_together_with_its_seals(
    run: Run, southwark: Southwark, postgres_url: str, tmp_path: Path
) -> None:
    kept = tmp_path / "heads.jsonl"
    kept.write_text(run("heads").output)
    assert run("verify", "--borough", southwark.slug, "--heads", str(kept)).exit_code == 0
    tampered(southwark, postgres_url, "DELETE FROM audit WHERE borough_id = %s")
    tampered(southwark, postgres_url, "DELETE FROM audit_seals WHERE borough_id = %s")
    assert run("verify", "--borough", southwark.slug).exit_code == 0
    result = run("verify", "--borough", southwark.slug, "--heads", str(kept))
    assert result.exit_code == 1
    assert "entries 1 to 3 were removed from the end: the end was kept elsewhere" in result.output


def test_a_borough_gone_without_a_trace_is_missed_where_its_head_was_kept(run: Run, tmp_path: Path) -> None:
    gone = UUID(int=7)
    kept = tmp_path / "heads.jsonl"
    kept.write_text(json.dumps({"service": "outreach", "borough_id": str(gone), "number": 4, "hash": "00"}) + "\n")
    result = run("verify", "--borough", str(gone), "--heads", str(kept))
    assert (result.exit_code, "entries 1 to 4 were removed" in result.output) == (1, True)


def test_log_lines_of_seals_are_heads_and_other_lines_are_passed_over(run: Run, southwark: Southwark, tmp_path: Path) -> None:
    (head,) = [line for line in run("heads").output.splitlines() if str(southwark.id) in line]
    kept = tmp_path / "log.jsonl"
    sealed = {**json.loads(head), "event": "audit.sealed", "level": "info"}
    kept.write_text("\n".join([json.dumps({"event": "timer.failed", "service": "outreach"}), json.dumps(sealed), ""]))
    assert run("verify", "--borough", southwark.slug, "--heads", str(kept)).exit_code == 0


@pytest.mark.parametrize("line", ["nonsense", "[1]", '{"service": "outreach", "borough_id": "x", "number": 1, "hash": "00"}'])
def test_a_file_that_holds_no_heads_is_refused_by_its_line(run: Run, southwark: Southwark, tmp_path: Path, line: str) -> None:
    kept = tmp_path / "heads.jsonl"
    kept.write_text(line + "\n")
    result = run("verify", "--heads", str(kept))
    assert (result.exit_code, "line 1 is not a line that `stayplay audit heads` wrote" in result.output) == (1, True)


def test_an_unknown_borough_is_refused(run: Run, southwark: Southwark) -> None:
    result = run("verify", "--borough", "atlantis")
    assert (result.exit_code, "there is no such borough" in result.output) == (1, True)


def test_a_key_that_is_none_is_refused(run: Run, southwark: Southwark) -> None:
    result = run("verify", "--former-key", "x")
    assert (result.exit_code, "not an Ed25519 key" in result.output) == (1, True)


def test_a_service_with_another_key_calls_its_former_seals_forged_until_it_is_told(
    run: Run, southwark: Southwark, installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_PUBLIC_KEY", new_pair().public)
    words = ("verify", "--borough", southwark.slug, "--service", "outreach")
    assert "the seal on entry 3 is forged" in run(*words).output
    assert run(*words, "--former-key", installed.env["OUTREACH_PUBLIC_KEY"]).exit_code == 0


def test_a_missing_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OUTREACH_PUBLIC_KEY")
    result = run("verify", "--service", "outreach")
    assert result.exit_code == 2


def test_a_database_that_is_away_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFERRALS_OPERATOR_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    for words in (["verify"], ["heads"]):
        result = run(*words)
        assert (result.exit_code, result.output.startswith("Error: referrals: ")) == (1, True)


def test_heads_say_whose_they_are(run: Run, southwark: Southwark) -> None:
    services = {json.loads(line)["service"] for line in run("heads").output.splitlines()}
    assert "outreach" in services
    assert services <= set(PACKAGES)
