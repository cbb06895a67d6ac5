"""What is installed is what was locked: every file by its hash, and no address to fetch it from."""

import json
import re
import tomllib
from pathlib import Path

import pytest

LOCKS = sorted(Path("requirements").glob("*.txt"))
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(\[[a-z0-9,-]+\])?==\S+")


def requirements(lock: Path) -> list[str]:
    text = lock.read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_with_its_hashes(lock: Path) -> None:
    assert requirements(lock)
    for line in requirements(lock):
        assert PINNED.match(line), line
        assert "--hash=sha256:" in line, line


@pytest.mark.parametrize("lock", [*LOCKS, Path("package-lock.json")], ids=lambda lock: lock.name)
def test_a_lock_holds_no_address(lock: Path) -> None:
    assert "://" not in re.sub(r'"(url|funding)": "[^"]*"', "", lock.read_text())


def test_every_npm_package_is_pinned_with_its_hash() -> None:
    packages = json.loads(Path("package-lock.json").read_text())["packages"]
    assert all("integrity" in package for path, package in packages.items() if path)


def test_the_lock_holds_everything_that_the_project_asks_for() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    wanted = {"run": project["dependencies"], "dev": [*project["dependencies"], *project["optional-dependencies"]["dev"]]}
    for name, asked in wanted.items():
        locked = {line.split("==")[0].split("[")[0] for line in requirements(Path(f"requirements/{name}.txt"))}
        for requirement in asked:
            named = re.match(r"[A-Za-z0-9._-]+", requirement)
            assert named
            assert named[0].lower() in locked


def versions(name: str) -> dict[str, str]:
    return {line.split("==")[0]: line.split("==")[1].split()[0] for line in requirements(Path(f"requirements/{name}.txt"))}


def test_running_and_developing_use_the_same_versions() -> None:
    assert versions("run").items() <= versions("dev").items()
