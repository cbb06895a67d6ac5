"""Small archives for tests: right ones, and ones that somebody changed."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from chassis.archive.packing import packing

BOROUGH = {
    "id": UUID("01a20857-24ec-7792-916f-1bba70b5564c"), "slug": "southwark", "name": "Southwark", "gss_code": "E09000028",
    "programme_name": "Southwark Stay & Play", "practice": False, "suspended": True,
}  # fmt: skip
SAID: dict[str, Any] = {
    "product": "Stay & Play", "version": "0.1.0", "made_at": datetime(2026, 11, 23, 10, tzinfo=UTC), "made_by": "Olu Ops",
    "borough": BOROUGH, "revisions": {"referrals": "0004"}, "left_behind": [], "not_taken_in": [],
}  # fmt: skip


def packed(file: Path, tables: Mapping[str, Sequence[str]], columns: Sequence[str] = ("id",)) -> str:
    """Write an archive with these lines by place; return the checksum of its manifest."""
    with packing(file) as packer:
        for place, lines in tables.items():
            packer.add(place, columns, lambda lines=lines: list(lines))  # type: ignore[misc]  # mypy infers no default of a lambda
        return packer.finish(**SAID)


def altered(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write the archive anew with its contents, by name, changed; return the new file."""
    with ZipFile(file) as package:
        contents = {name: package.read(name) for name in package.namelist()}
    change(contents)
    other = file.with_name("altered.zip")
    with ZipFile(other, "w", ZIP_DEFLATED) as package:
        for name, raw in contents.items():
            package.writestr(name, raw)
    return other


def with_manifest(contents: dict[str, bytes], **changes: Any) -> None:
    """Change what the manifest says."""
    said = json.loads(contents["manifest.json"])
    contents["manifest.json"] = json.dumps({**said, **changes}).encode()
