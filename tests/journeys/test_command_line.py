"""What operators do from the command line, against a platform that runs."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from stayplay.cli import main
from stayplay.client import Client
from tests.support.platform import Platform

DESCRIPTION = """
slug: {slug}
name: Southwark
gss_code: E09000028
programme_name: Southwark Stay & Play
practice: true
agencies:
  - {{name: CAMHS, kind: camhs}}
  - {{name: Adult mental health team, kind: adult_mental_health}}
administrator: {{name: Ada Minister, email: administrator@{slug}.example}}
"""


def called(platform: Platform, *arguments: str, token: str = "") -> Result:
    return CliRunner(env={"OPERATOR_TOKEN": token or platform.operator_token, "PUBLIC_URL": platform.url}).invoke(main, arguments)


def boroughs(platform: Platform) -> dict[str, str]:
    listed = Client(platform.url, token=platform.operator_token).get("/api/v1/operator/boroughs", limit=100)["items"]
    return {borough["slug"]: borough["id"] for borough in listed}


@pytest.fixture
def slug(platform: Platform) -> Iterator[str]:
    name = f"command-{uuid4().hex[:6]}"
    yield name
    if name in boroughs(platform):
        Client(platform.url, token=platform.operator_token).delete(f"/api/v1/operator/boroughs/{boroughs(platform)[name]}")


@pytest.fixture
def described(slug: str, tmp_path: Path) -> str:
    file = tmp_path / "borough.yaml"
    file.write_text(DESCRIPTION.format(slug=slug))
    return str(file)


def test_a_borough_is_onboarded_from_a_file_and_its_administrator_invited(platform: Platform, slug: str, described: str) -> None:
    result = called(platform, "borough", "onboard", described)
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["invitation"]
    assert slug in boroughs(platform)


def test_the_same_file_again_finds_the_same_borough_and_says_so(platform: Platform, described: str) -> None:
    first = called(platform, "borough", "onboard", described)
    again = called(platform, "borough", "onboard", described)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "was onboarded from this description before. Nothing was changed." in again.stderr
    assert json.loads(again.stdout)["id"] == json.loads(first.stdout)["id"]
    assert json.loads(again.stdout)["invitation"]["link"] == json.loads(first.stdout)["invitation"]["link"]


def test_a_name_that_another_description_has_taken_is_refused_at_its_line(platform: Platform, slug: str, described: str) -> None:
    assert called(platform, "borough", "onboard", described).exit_code == 0
    Path(described).write_text(DESCRIPTION.format(slug=slug).replace("name: Southwark\n", "name: Lambeth\n"))
    again = called(platform, "borough", "onboard", described)
    assert again.exit_code == 1
    assert "line 2: slug: Another borough has this name in addresses." in again.output


def test_a_borough_is_suspended_listed_and_resumed(platform: Platform, slug: str, described: str) -> None:
    called(platform, "borough", "onboard", described)
    assert called(platform, "borough", "suspend", slug, "--reason", "Accounts were misused").exit_code == 0
    assert "suspended" in called(platform, "borough", "list", "--search", slug, "--state", "suspended").output
    assert called(platform, "borough", "suspend", slug, "--reason", "Again").exit_code == 1
    assert called(platform, "borough", "resume", slug, "--reason", "Cleared up").exit_code == 0
    assert called(platform, "borough", "list", "--state", "suspended", "--search", slug).output == ""
    assert called(platform, "borough", "suspend", "nowhere-at-all", "--reason", "None").exit_code == 1


def test_a_fault_in_the_file_is_named_and_nothing_is_onboarded(platform: Platform, slug: str, described: str) -> None:
    Path(described).write_text(DESCRIPTION.format(slug=slug).replace("E09000028", "somewhere"))
    result = called(platform, "borough", "onboard", described)
    assert result.exit_code == 1
    assert "gss_code" in result.output
    assert slug not in boroughs(platform)


def test_without_the_operators_token_nothing_is_onboarded(platform: Platform, slug: str, described: str) -> None:
    assert called(platform, "borough", "onboard", described, token="x" * 40).exit_code == 1
    assert slug not in boroughs(platform)


@pytest.mark.parametrize("role", ["referrals", "gateway"])
def test_health_tells_that_a_service_is_ready(platform: Platform, role: str) -> None:
    result = called(platform, "health", "--port", str(platform.health_port(role)))
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["ready"] is True


def test_migrating_a_platform_that_runs_changes_nothing(platform: Platform) -> None:
    done = subprocess.run([sys.executable, "-m", "stayplay", "migrate"], check=True, capture_output=True, text=True, env=platform.env)
    assert done.stdout.count("up to date") == 5
