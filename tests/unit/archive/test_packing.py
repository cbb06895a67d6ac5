"""Writing an archive: what is in the file, and what is not left behind when something fails."""

import csv
import io
import json
import stat
from pathlib import Path
from zipfile import ZipFile

import pytest

from chassis.archive import manifest
from chassis.archive.packing import packing
from tests.unit.archive.some_archive import BOROUGH, SAID, packed

AWKWARD = {
    "id": "1", "text": '=HYPERLINK("http://x")', "plus": "+44 20", "minus": "-1", "at": "@x", "tab": "\tx", "words": 'a, "b"\nc',
    "amount": -2.50, "yes": True, "nothing": None, "list": ["=1", {"a": 1}],
}  # fmt: skip


def rows_of(file: Path, name: str) -> list[dict[str, str]]:
    with ZipFile(file) as package:
        return list(csv.DictReader(io.StringIO(package.read(name).decode(), newline="")))


def test_json_lines_hold_every_row_word_for_word(tmp_path: Path) -> None:
    line = json.dumps(AWKWARD, ensure_ascii=False)
    packed(tmp_path / "a.zip", {"referrals/families": [line]})
    with ZipFile(tmp_path / "a.zip") as package:
        assert package.read("referrals/families.jsonl").decode() == f"{line}\n"


@pytest.mark.parametrize("column", ["text", "plus", "minus", "at", "tab"])
def test_no_cell_of_the_csv_is_taken_for_a_formula(tmp_path: Path, column: str) -> None:
    packed(tmp_path / "a.zip", {"referrals/families": [json.dumps(AWKWARD)]}, columns=list(AWKWARD))
    assert rows_of(tmp_path / "a.zip", "referrals/families.csv")[0][column] == f"'{AWKWARD[column]}"


def test_other_cells_are_as_people_read_them(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", {"referrals/families": [json.dumps(AWKWARD)]}, columns=list(AWKWARD))
    row = rows_of(tmp_path / "a.zip", "referrals/families.csv")[0]
    assert (row["words"], row["amount"], row["yes"], row["nothing"]) == ('a, "b"\nc', "-2.5", "true", "")
    assert json.loads(row["list"]) == AWKWARD["list"]


def test_a_number_keeps_every_digit_in_the_csv(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", {"referrals/families": ['{"n": 0.10000000000000000001}']}, columns=["n"])
    assert rows_of(tmp_path / "a.zip", "referrals/families.csv")[0]["n"] == "0.10000000000000000001"


def test_an_empty_table_has_a_heading_and_no_row(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", {"referrals/families": []}, columns=["id", "name"])
    with ZipFile(tmp_path / "a.zip") as package:
        assert package.read("referrals/families.csv") == b"id,name\r\n"
        assert package.read("referrals/families.jsonl") == b""


def test_the_manifest_counts_rows_and_not_the_heading(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", {"referrals/families": ['{"id": 1}', '{"id": 2}']})
    with ZipFile(tmp_path / "a.zip") as package:
        said = manifest.read(package.read(manifest.NAME))
    assert [(file["path"], file["rows"]) for file in said["files"]] == [("referrals/families.jsonl", 2), ("referrals/families.csv", 2)]
    assert said["borough"]["slug"] == BOROUGH["slug"]


def test_the_checksum_is_that_of_the_manifest(tmp_path: Path) -> None:
    checksum = packed(tmp_path / "a.zip", {"referrals/families": ['{"id": 1}']})
    with ZipFile(tmp_path / "a.zip") as package:
        assert checksum == manifest.checksum(package.read(manifest.NAME))


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", {})
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_text("mine")
    with pytest.raises(FileExistsError), packing(tmp_path / "a.zip"):
        pass
    assert (tmp_path / "a.zip").read_text() == "mine"


def test_what_fails_leaves_no_file_behind(tmp_path: Path) -> None:
    def broken() -> list[str]:
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"), packing(tmp_path / "a.zip") as packer:
        packer.add("referrals/families", ["id"], broken)
    assert list(tmp_path.iterdir()) == []


def test_two_exports_to_one_file_at_once_do_not_mix(tmp_path: Path) -> None:
    with packing(tmp_path / "a.zip") as packer:
        with pytest.raises(FileExistsError), packing(tmp_path / "a.zip"):
            pass
        packer.finish(**SAID)
    assert ZipFile(tmp_path / "a.zip").testzip() is None


def test_what_an_export_that_was_killed_left_is_written_over(tmp_path: Path) -> None:
    left = tmp_path / "a.zip.unfinished"
    left.write_bytes(b"half an archive" * 1000)
    left.chmod(0o644)
    packed(tmp_path / "a.zip", {"referrals/families": ['{"id": 1}']})
    assert not left.exists()
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o600
    with ZipFile(tmp_path / "a.zip") as package:
        assert package.testzip() is None
        assert package.read("referrals/families.jsonl") == b'{"id": 1}\n'


def test_nothing_is_written_through_a_link_that_somebody_put_there(tmp_path: Path) -> None:
    (tmp_path / "a.zip.unfinished").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError), packing(tmp_path / "a.zip"):
        pass
    assert not (tmp_path / "elsewhere").exists()
