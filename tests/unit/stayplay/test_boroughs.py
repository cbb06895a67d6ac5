"""What operators do with boroughs from the command line, before anything is sent."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stayplay.boroughs import borough

NOWHERE = ["--url", "http://localhost:1", "--operator-token", "x"]
GOOD = """\
slug: southwark
name: Southwark
gss_code: E09000028
programme_name: Southwark Stay & Play
practice: yes
agencies: [{name: CAMHS, kind: camhs}]
administrator: {name: Ada Minister, email: ada@southwark.example}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "southwark.yaml"
    path.write_text(GOOD)
    return path


def called(*arguments: str) -> Result:
    return CliRunner().invoke(borough, [*NOWHERE, *arguments])


def test_a_good_file_can_be_checked_without_a_platform(file: Path) -> None:
    result = called("onboard", "--check", str(file))
    assert result.exit_code == 0
    assert "has no faults" in result.output


def test_every_fault_is_listed_at_once_and_nothing_is_sent(file: Path) -> None:
    file.write_text(GOOD.replace("E09000028", "somewhere").replace("kind: camhs", "kind: club"))
    result = called("onboard", str(file))
    assert result.exit_code == 1
    assert "southwark.yaml was not onboarded, it has 2 faults:" in result.output
    assert "line 3: gss_code" in result.output
    assert "line 6: agencies, 1, kind" in result.output


@pytest.mark.parametrize("content", [b"- just\n- a list\n", b"", b"one: [unclosed", b"\xff\xfe broken"])
def test_a_file_that_describes_nothing_is_refused_by_name(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    result = called("onboard", str(file))
    assert result.exit_code == 1
    assert "southwark.yaml was not onboarded, it has 1 fault:" in result.output


def test_a_missing_file_is_refused() -> None:
    result = called("onboard", "nowhere.yaml")
    assert result.exit_code == 2
    assert "nowhere.yaml" in result.output


def test_without_a_token_nothing_is_sent() -> None:
    result = CliRunner(env={"OPERATOR_TOKEN": ""}).invoke(borough, ["--url", "http://localhost:1", "onboard", __file__])
    assert result.exit_code == 2
    assert "--operator-token" in result.output


@pytest.mark.parametrize("what", ["suspend", "resume"])
def test_nothing_is_suspended_or_resumed_without_a_reason(what: str) -> None:
    result = called(what, "southwark")
    assert result.exit_code == 2
    assert "--reason" in result.output
