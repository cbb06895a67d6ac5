"""Onboarding, export, erasure and import killed in the middle, or tried while a service is down: run again, all is whole."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
import yaml

from stayplay.client import Client
from stayplay.journey import Borough
from tests.journeys.test_leaving import compared, everything
from tests.support.boroughs import described
from tests.support.elsewhere import another, made_once
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(300)
"""Whichever test comes first waits until five processes have started, beside whatever else the machine does."""
BY = "Olu Operator"


@dataclass
class Said:
    """How a command ended, and what it said."""

    code: int
    output: str


@dataclass
class Operator:
    """Runs commands in processes of their own, as operators do, and cuts them short."""

    platform: Platform
    folder: Path

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> Said:
        """Run a command to its end."""
        done = subprocess.run(self._command(arguments), env=self._env(env), capture_output=True, text=True, check=False, timeout=180)
        return Said(done.returncode, done.stdout + done.stderr)

    def cut_short(self, lines: int, *arguments: str, env: Mapping[str, str] | None = None) -> int:
        """Kill a command as soon as it has said so many lines; return its exit code."""
        with subprocess.Popen(self._command(arguments), env=self._env(env), stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(lines):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            return process.wait(30)

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-W", "ignore", "-m", "stayplay", "borough", *arguments]

    def _env(self, env: Mapping[str, str] | None) -> dict[str, str]:
        return {**self.platform.env, **(env or {})}

    @property
    def client(self) -> Client:
        """The operators' interface."""
        return Client(self.platform.url, token=self.platform.operator_token, patience=40)


@pytest.fixture(scope="module")
def operator(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    return Operator(platform, tmp_path_factory.mktemp("cut-short"))


@pytest.fixture
def leaving(operator: Operator) -> Borough:
    """A suspended borough with people and a venue."""
    borough = Borough(operator.client, "Camden", f"cut-{uuid4().hex[:6]}", "E09000007")
    borough.onboard()
    borough.invite("camhs", "Ruth Osei", "practitioner", "camhs")
    borough["administrator"].post(f"{borough.base}/venues", {"name": "The hall"})
    operator.client.post(f"/api/v1/operator/boroughs/{borough.id}/suspend", {"reason": "It leaves"})
    return borough


@pytest.fixture
def archive(operator: Operator, leaving: Borough) -> tuple[Path, str]:
    """Its archive, with the checksum."""
    file = operator.folder / f"{leaving.slug}.zip"
    said = operator.run("export", leaving.slug, "--to", str(file), "--by", BY)
    assert said.code == 0, said.output
    return file, said.output.split()[-1]


def description(operator: Operator) -> tuple[str, Path]:
    slug = f"cut-{uuid4().hex[:6]}"
    file = operator.folder / f"{slug}.yaml"
    file.write_text(yaml.safe_dump(described(slug=slug, venues=[{"name": "The hall"}, {"name": "The library"}])))
    return slug, file


@pytest.mark.parametrize("after", [0.0, 0.05, 0.2])
def test_the_gateway_killed_while_it_onboards_leaves_all_of_the_borough_or_nothing(operator: Operator, after: float) -> None:
    slug, file = description(operator)
    killing = Thread(target=killed, args=(operator.platform, "gateway", after))
    killing.start()
    operator.run("onboard", str(file))
    killing.join()
    assert len(rows_called(operator, slug)) in (0, 1)
    again = operator.run("onboard", str(file))
    assert again.code == 0, again.output
    (found,) = rows_called(operator, slug)
    whole = operator.client.get(f"/api/v1/operator/boroughs/{found['id']}")
    assert len(whole["agencies"]) == 4
    assert [one["state"] for one in whole["administrators"]] == ["open"]
    venues = until(lambda: everything(operator.platform.env, found["id"])["sessions"]["venues"], 2)
    assert sorted(venue["name"] for venue in venues) == ["The hall", "The library"]


def killed(platform: Platform, role: str, after: float) -> None:
    """Kill a role a moment after a command began to speak, and start it again."""
    sleep(1.2 + after)  # the command itself takes about a second to begin
    platform.kill(role)
    platform.start(role)


def rows_called(operator: Operator, slug: str) -> list[dict[str, Any]]:
    return [one for one in operator.client.get("/api/v1/operator/boroughs", q=slug)["items"] if one["slug"] == slug]


def until(found: Any, count: int) -> Any:
    """Return what is found once there are so many."""
    for _ in range(150):
        result = found()
        if len(result) == count:
            return result
        sleep(0.1)
    raise AssertionError(f"there are {len(found())}, not {count}")


@pytest.mark.parametrize("lines", [1, 30])
def test_an_export_that_was_killed_leaves_no_archive_and_is_made_again(operator: Operator, leaving: Borough, lines: int) -> None:
    file = operator.folder / f"{leaving.slug}-{lines}.zip"
    assert operator.cut_short(lines, "export", leaving.slug, "--to", str(file), "--by", BY) == -signal.SIGKILL
    assert not file.exists(), "a file that has its name is whole"
    said = operator.run("export", leaving.slug, "--to", str(file), "--by", BY)
    assert said.code == 0, said.output
    assert [name.name for name in operator.folder.glob("*.unfinished")] == []
    with ZipFile(file) as package:
        assert package.testzip() is None
        assert json.loads(package.read("manifest.json"))["borough"]["slug"] == leaving.slug


@pytest.mark.parametrize("lines", [1, 3])
def test_an_erasure_that_was_killed_is_finished_by_the_same_command(
    operator: Operator, leaving: Borough, archive: tuple[Path, str], lines: int
) -> None:
    certificate = operator.folder / f"{leaving.slug}.json"
    erase = ("erase", leaving.slug, "--checksum", archive[1], "--by", BY, "--to", str(certificate), "--typed", leaving.slug, leaving.slug)
    assert operator.cut_short(lines, *erase) == -signal.SIGKILL
    assert not certificate.exists()
    said = operator.run(*erase)
    assert said.code == 0, said.output
    gone(operator, leaving.id)
    assert operator.run("verify-certificate", str(certificate)).code == 0


def gone(operator: Operator, borough_id: str) -> None:
    """Hold every table of every database against nothing, but for marks and notes of events."""
    for tables in everything(operator.platform.env, borough_id).values():
        left = {name: rows for name, rows in tables.items() if rows and name not in {"boroughs", "inbox", "outbox"}}
        assert left == {}
        assert [row["slug"] for row in tables["boroughs"]] == [""]


def test_an_erasure_is_not_certified_while_a_service_is_down_and_goes_on_when_it_is_back(
    operator: Operator, leaving: Borough, archive: tuple[Path, str]
) -> None:
    down = "outreach"
    certificate = operator.folder / f"{leaving.slug}.json"
    erase = ("erase", leaving.slug, "--checksum", archive[1], "--by", BY, "--to", str(certificate), "--typed", leaving.slug, leaving.slug)
    operator.platform.kill(down)
    try:
        refused = operator.run(*erase, "--wait", "2")
        assert refused.code == 1
        assert f"{down} " in refused.output.split("these are still there:")[1]
        assert not certificate.exists()
    finally:
        operator.platform.start(down)
    said = operator.run(*erase)
    assert said.code == 0, said.output
    gone(operator, leaving.id)


def test_a_borough_that_a_service_does_not_know_as_suspended_is_not_exported(operator: Operator) -> None:
    borough = Borough(operator.client, "Camden", f"cut-{uuid4().hex[:6]}", "E09000007")
    borough.onboard()
    until(lambda: everything(operator.platform.env, borough.id)["assessments"]["boroughs"], 1)
    operator.platform.kill("assessments")
    file = operator.folder / f"{borough.slug}.zip"
    try:
        operator.client.post(f"/api/v1/operator/boroughs/{borough.id}/suspend", {"reason": "It leaves"})
        refused = operator.run("export", borough.slug, "--to", str(file), "--by", BY, "--wait", "2")
        assert refused.code == 1
        assert "not every service knows" in refused.output
        assert not file.exists()
    finally:
        operator.platform.start("assessments")
    assert operator.run("export", borough.slug, "--to", str(file), "--by", BY).code == 0


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[dict[str, str]]:
    """Another installation, of which only the databases run."""
    with made_once() as data, another(data) as env:
        yield env


@pytest.mark.parametrize("lines", [1, 40])
def test_an_import_that_was_killed_shows_nobody_anything_and_is_done_by_the_same_command(
    operator: Operator, leaving: Borough, archive: tuple[Path, str], elsewhere: dict[str, str], lines: int
) -> None:
    before = everything(operator.platform.env, leaving.id)
    come = ("import", str(archive[0]), "--checksum", archive[1])
    operator.cut_short(lines, *come, env=elsewhere)
    assert everything(elsewhere, leaving.id)["gateway"]["profiles"] == [], "nobody reaches a borough that the gateway does not have"
    said = operator.run(*come, env=elsewhere)
    assert said.code == 0, said.output
    arrived = everything(elsewhere, leaving.id)
    for service, tables in before.items():
        assert compared(service, arrived[service]) == compared(service, before_the_export(tables)), service
    assert "was here already" in operator.run(*come, env=elsewhere).output


def before_the_export(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Leave out what was noted of the export itself: it is in the trail of the installation that made the archive."""
    return {**tables, "audit": [row for row in tables["audit"] if row["operation"] != "gateway.note_archive"]}


def test_an_archive_that_was_cut_off_or_changed_is_refused(
    operator: Operator, archive: tuple[Path, str], elsewhere: dict[str, str], leaving: Borough
) -> None:
    file, checksum = archive
    raw = file.read_bytes()
    for damaged in (raw[: len(raw) // 2], raw[:-30], _one_byte_changed(raw)):
        (operator.folder / "damaged.zip").write_bytes(damaged)
        refused = operator.run("import", str(operator.folder / "damaged.zip"), "--checksum", checksum, env=elsewhere)
        assert refused.code == 1
        assert "Traceback" not in refused.output
    assert all(not rows for tables in everything(elsewhere, leaving.id).values() for rows in tables.values())


def _one_byte_changed(raw: bytes) -> bytes:
    middle = len(raw) // 3
    return raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]
