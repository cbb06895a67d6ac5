"""Setting up on a machine that has little, and saying in one line what it lacks."""

import os
import re
import subprocess
from pathlib import Path

import pytest


def said(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, **env})


def test_a_python_that_will_do_is_found() -> None:
    found = said("deploy/machine/python.sh").stdout.strip()
    version = said(found, "-c", "import sys; print(*sys.version_info[:2])").stdout.split()
    assert ("3", "11") <= tuple(version) <= ("3", "13")


def test_without_one_it_says_in_one_line_what_to_install() -> None:
    done = said("deploy/machine/python.sh", PYTHON="/bin/false")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "python3-venv" in done.stderr


@pytest.mark.parametrize(("script", "programs"), [("uv.sh", [""]), ("node.sh", ["node", "npm"])])
def test_tools_are_found_or_fetched(script: str, programs: list[str]) -> None:
    found = Path(said(f"deploy/machine/{script}").stdout.strip())
    for program in programs:
        assert said(str(found / program), "--version").returncode == 0


def test_make_help_lists_every_target_that_people_call() -> None:
    makefile = Path("Makefile").read_text()
    listed = said("make", "help").stdout
    for target in re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE):
        if target != "clean":
            assert f"make {target} " in listed


def test_make_alone_explains_itself_and_changes_nothing() -> None:
    assert said("make").stdout == said("make", "help").stdout


def test_a_second_set_up_has_nothing_to_do() -> None:
    said("make", "setup")
    assert said("make", "--question", "setup").returncode == 0
