"""Onboarding a borough from a file: what the file must be."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from stayplay.boroughs import borough, described


def test_a_file_that_describes_a_borough_is_read(tmp_path: Path) -> None:
    file = tmp_path / "southwark.yaml"
    file.write_text("slug: southwark\nname: Southwark\nagencies:\n  - {name: CAMHS, kind: camhs}\n")
    assert described(file) == {"slug": "southwark", "name": "Southwark", "agencies": [{"name": "CAMHS", "kind": "camhs"}]}


@pytest.mark.parametrize("content", [b"- just\n- a list\n", b"", b"one: [unclosed", b"\xff\xfe broken"])
def test_a_file_that_does_not_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_bytes(content)
    with pytest.raises(click.ClickException, match=r"wrong\.yaml"):
        described(file)


def test_a_missing_file_is_refused() -> None:
    result = CliRunner().invoke(borough, ["--url", "http://localhost:1", "--operator-token", "x", "onboard", "nowhere.yaml"])
    assert result.exit_code == 2
    assert "nowhere.yaml" in result.output


def test_without_a_token_nothing_is_sent() -> None:
    result = CliRunner(env={"OPERATOR_TOKEN": ""}).invoke(borough, ["--url", "http://localhost:1", "onboard", __file__])
    assert result.exit_code == 2
    assert "--operator-token" in result.output
