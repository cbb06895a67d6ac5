"""What `make assets` built: everything served by ourselves, named by its content, and nothing that is not ours to use."""

import json
import re
from pathlib import Path

import pytest

STATIC = Path("gateway/static")
MANIFEST: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
HASHED = re.compile(r"\.[A-Z0-9]{8}\.\w+$")


@pytest.fixture(scope="module")
def stylesheet() -> str:
    return (STATIC / MANIFEST["main.css"]).read_text()


@pytest.mark.parametrize("name", MANIFEST)
def test_every_file_of_the_manifest_is_there_and_named_by_its_content(name: str) -> None:
    assert (STATIC / MANIFEST[name]).stat().st_size > 0
    assert HASHED.search(MANIFEST[name])


def test_nothing_lies_there_that_the_manifest_does_not_name() -> None:
    files = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()}
    assert files == {*MANIFEST.values(), "manifest.json"}


def test_there_are_a_stylesheet_a_script_and_a_typeface() -> None:
    assert {"main.css", "main.js"} <= set(MANIFEST)
    assert any(name.endswith("latin-wght-normal.woff2") for name in MANIFEST)


def test_the_stylesheet_fetches_nothing_from_elsewhere(stylesheet: str) -> None:
    fetched = re.findall(r"url\(([^)]*)\)", stylesheet)
    assert fetched
    assert all(address.strip("\"'").startswith(("./fonts/", "./images/", "data:")) for address in fetched)


def test_the_typeface_is_ours_and_never_the_governments(stylesheet: str) -> None:
    assert "Atkinson Hyperlegible Next" in stylesheet
    assert "GDS Transport" not in stylesheet
    assert "font-display:swap" in stylesheet


def test_no_crown_is_served() -> None:
    assert not [path for path in STATIC.rglob("*") if "crown" in path.name or "govuk-crest" in path.name or "opengraph" in path.name]


def test_pages_load_quickly_on_a_phone() -> None:
    assert (STATIC / MANIFEST["main.css"]).stat().st_size < 160_000
    assert (STATIC / MANIFEST["main.js"]).stat().st_size < 120_000
