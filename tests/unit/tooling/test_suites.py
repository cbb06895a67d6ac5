"""What `make` runs of the tests: each in one suite, and every suite known to whoever reads the README and to whoever takes changes in."""

import re
from pathlib import Path

import pytest

from tests.support.suite import AFTERWARDS, FAULTS, ISOLATION, RUNS, SUITES, Run

TARGETS = re.findall(r"^\.PHONY: (test\S*|check|bench\S*)$", Path("Makefile").read_text(), re.MULTILINE)


def files(run: Run) -> list[Path]:
    """Return the test modules that a run runs."""
    left_out = [Path(option.removeprefix("--ignore=")) for option in run.options if option.startswith("--ignore=")]
    named = [Path("tests") / folder for folder in run.folders]
    found = [file for path in named for file in ([path] if path.is_file() else sorted(path.rglob("test_*.py")))]
    return [file for file in found if not any(path == file or path in file.parents for path in left_out)]


def test_every_test_is_in_one_run_of_one_suite() -> None:
    run = [file for each in (*RUNS, *AFTERWARDS, *ISOLATION, *FAULTS) for file in files(each)]
    assert sorted(run) == sorted(Path("tests").rglob("test_*.py"))


@pytest.mark.parametrize("name", SUITES)
def test_whatever_a_suite_names_is_there(name: str) -> None:
    for run in SUITES[name]:
        assert files(run)
        assert all((Path("tests") / folder).exists() for folder in run.folders)
        assert all(Path(option.removeprefix("--ignore=")).exists() for option in run.options if option.startswith("--ignore="))


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_has_a_target_of_its_name(name: str) -> None:
    target = name if name == "test" else f"test-{name}"
    assert target in TARGETS
    assert f"tests.support.suite {name}\n" in Path("Makefile").read_text()


@pytest.mark.parametrize("target", TARGETS)
def test_the_readme_says_what_a_target_proves(target: str) -> None:
    assert re.search(rf"^(\| `)?make {target}[ `]", Path("README.md").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", SUITES)
def test_no_change_is_taken_in_without_any_of_them(name: str) -> None:
    target = name if name == "test" else f"test-{name}"
    assert f"make {target}\n" in Path(".ci/run").read_text()
