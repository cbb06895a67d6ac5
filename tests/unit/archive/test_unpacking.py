"""Reading an archive that came from outside: whatever was changed, made up or meant to harm is refused."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from chassis.archive.manifest import BadArchive
from chassis.archive.unpacking import unpacking
from tests.unit.archive.some_archive import altered, packed, with_manifest

LINES = ['{"id": "1", "name": "Finn"}', '{"id": "2", "name": "Zoë"}']
PLACE = "referrals/families"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    packed(tmp_path / "a.zip", {PLACE: LINES})
    return tmp_path / "a.zip"


def refusal(file: Path, *, reading: bool = False) -> str:
    with pytest.raises(BadArchive) as refused, unpacking(file) as archive:
        if reading:
            list(archive.lines(f"{PLACE}.jsonl"))
        archive.verify()
    return str(refused.value)


def without(name: str) -> Callable[[dict[str, bytes]], None]:
    def take_away(contents: dict[str, bytes]) -> None:
        del contents[name]

    return take_away


def test_an_archive_gives_back_what_was_packed(file: Path) -> None:
    with unpacking(file) as archive:
        archive.verify()
        assert list(archive.lines(f"{PLACE}.jsonl")) == LINES
        assert archive.rows(f"{PLACE}.jsonl") == 2
        assert archive.rows("referrals/nothing.jsonl") == 0
        assert archive.has(f"{PLACE}.csv")
        assert not archive.has("referrals/nothing.csv")


@pytest.mark.parametrize("reading", [False, True])
def test_one_altered_letter_is_found(file: Path, *, reading: bool) -> None:
    def rename(contents: dict[str, bytes]) -> None:
        contents[f"{PLACE}.jsonl"] = contents[f"{PLACE}.jsonl"].replace(b"Finn", b"Fina")

    assert "checksum" in refusal(altered(file, rename), reading=reading)


@pytest.mark.parametrize("reading", [False, True])
def test_a_row_more_is_found(file: Path, *, reading: bool) -> None:
    def add(contents: dict[str, bytes]) -> None:
        contents[f"{PLACE}.jsonl"] += b'{"id": "3"}\n'

    assert "more in it" in refusal(altered(file, add), reading=reading)


@pytest.mark.parametrize("reading", [False, True])
def test_a_row_less_is_found(file: Path, *, reading: bool) -> None:
    def cut(contents: dict[str, bytes]) -> None:
        contents[f"{PLACE}.jsonl"] = contents[f"{PLACE}.jsonl"].splitlines(keepends=True)[0]

    assert "checksum" in refusal(altered(file, cut), reading=reading)


def test_a_last_line_that_is_cut_off_is_found(file: Path) -> None:
    def cut(contents: dict[str, bytes]) -> None:
        contents[f"{PLACE}.jsonl"] = contents[f"{PLACE}.jsonl"][:-1]

    assert "cut off" in refusal(altered(file, cut), reading=True)


def test_bytes_that_are_no_text_are_refused(file: Path) -> None:
    raw = b"\xff\xfe\n"

    def garble(contents: dict[str, bytes]) -> None:
        from hashlib import sha256

        said = json.loads(contents["manifest.json"])["files"]
        said[0] |= {"rows": 1, "size": len(raw), "sha256": sha256(raw).hexdigest()}
        contents[f"{PLACE}.jsonl"] = raw
        with_manifest(contents, files=said)

    assert "UTF-8" in refusal(altered(file, garble), reading=True)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "referrals/../gateway/members.jsonl", "C:\\x.jsonl", "referrals/families.jsonl/x", "extra.txt"],
)
def test_a_file_that_the_manifest_does_not_name_is_refused(file: Path, name: str) -> None:
    assert "other files" in refusal(altered(file, lambda contents: contents.update({name: b"x"})))


@pytest.mark.parametrize(
    "name", ["../up.jsonl", "/etc/passwd", "referrals/families.exe", "a/b/c.jsonl", "REFERRALS/x.jsonl", "referrals/x.jsonl\n"]
)
def test_a_manifest_that_names_a_path_of_its_own_is_refused(file: Path, name: str) -> None:
    def claim(contents: dict[str, bytes]) -> None:
        said = json.loads(contents["manifest.json"])["files"]
        with_manifest(contents, files=[{**said[0], "path": name}])

    assert "manifest" in refusal(altered(file, claim))


def test_a_file_that_is_missing_is_found(file: Path) -> None:
    assert "other files" in refusal(altered(file, without(f"{PLACE}.csv")))


def test_a_file_that_is_there_twice_is_refused(file: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(file, "a") as package:
        package.writestr(f"{PLACE}.jsonl", "another")
    assert "other files" in refusal(file)


def test_a_manifest_that_names_a_file_twice_is_refused(file: Path) -> None:
    def twice(contents: dict[str, bytes]) -> None:
        said = json.loads(contents["manifest.json"])["files"]
        with_manifest(contents, files=[*said, said[0]])

    assert "other files" in refusal(altered(file, twice))


def test_a_bomb_that_says_how_large_it_is_is_not_opened(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", {PLACE: ['{"id": "' + "0" * 100_000 + '"}'] * 200})
    assert "more than it can" in refusal(tmp_path / "a.zip")


def test_a_bomb_that_lies_about_its_size_is_cut_off(file: Path) -> None:
    """The manifest says a few bytes, the file would be a gigabyte: no more than the few are read."""
    huge = file.with_name("huge.zip")
    with ZipFile(file) as package, ZipFile(huge, "w", ZIP_DEFLATED) as bomb:
        for name in package.namelist():
            if name == f"{PLACE}.jsonl":
                with bomb.open(name, "w", force_zip64=True) as out:
                    for _ in range(64):
                        out.write(b"\0" * (1 << 20))
            else:
                bomb.writestr(name, package.read(name))
    assert "more in it" in refusal(huge)
    assert "more in it" in refusal(huge, reading=True)


@pytest.mark.parametrize("raw", [b"", b"no archive at all", b"PK\x03\x04 and then nothing"])
def test_what_is_no_archive_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(raw)
    assert "can't be read as an archive" in refusal(tmp_path / "a.zip")


def test_an_archive_without_a_manifest_is_refused(file: Path) -> None:
    assert "no manifest" in refusal(altered(file, without("manifest.json")))


@pytest.mark.parametrize("raw", [b"\xff", b"[]", b"null", b"{", b'{"format": 1}', b"[" * 100_000])
def test_a_manifest_that_is_none_is_refused(file: Path, raw: bytes) -> None:
    assert "manifest" in refusal(altered(file, lambda contents: contents.update({"manifest.json": raw})))


def test_a_manifest_of_another_format_is_refused(file: Path) -> None:
    assert "format" in refusal(altered(file, lambda contents: with_manifest(contents, format=2)))


def test_a_manifest_with_a_field_that_nobody_knows_is_refused(file: Path) -> None:
    assert "surprise" in refusal(altered(file, lambda contents: with_manifest(contents, surprise=1)))


def test_a_manifest_of_megabytes_is_refused(file: Path) -> None:
    assert "too large" in refusal(altered(file, lambda contents: contents.update({"manifest.json": b" " * 2_000_000})))


def corrupt_data(raw: bytearray) -> None:
    """Break the packed bytes of the first file."""
    name_length, extra_length = struct.unpack("<HH", raw[26:30])
    start = 30 + name_length + extra_length
    raw[start : start + 20] = b"\xff" * 20


def encrypted(raw: bytearray) -> None:
    """Say that the first file is encrypted."""
    raw[6] |= 1
    central = raw.index(b"PK\x01\x02")
    raw[central + 8] |= 1


@pytest.mark.parametrize("harm", [corrupt_data, encrypted])
def test_a_damaged_file_is_refused_without_a_crash(file: Path, harm: Callable[[bytearray], None]) -> None:
    raw = bytearray(file.read_bytes())
    harm(raw)
    file.write_bytes(raw)
    refusal(file)


def test_the_checksum_differs_as_soon_as_the_manifest_does(file: Path) -> None:
    with unpacking(file) as archive:
        before = archive.checksum
    with unpacking(altered(file, lambda contents: with_manifest(contents, made_by="Eve"))) as archive:
        assert archive.checksum != before
