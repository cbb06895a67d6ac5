"""The folder of the embedded platform: one at a time, secrets made once and kept from others."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from stayplay.home import Home, InUse, fingerprint


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    with made.held():
        yield made


def test_secrets_are_made_once(home: Home) -> None:
    assert home.secrets() == Home(home.folder).secrets()
    assert len(home.secrets()["OPERATOR_TOKEN"]) >= 32


def test_secrets_are_readable_by_their_owner_only(home: Home) -> None:
    home.secrets()
    mode = stat.S_IMODE((home.folder / "secrets.env").stat().st_mode)
    assert mode == 0o600


def test_two_homes_have_different_secrets(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path)
    assert not set(home.secrets().values()) & set(other.secrets().values())


def test_secrets_survive_a_stop_in_the_middle_of_writing_them(home: Home) -> None:
    (home.folder / "secrets.new").write_text("half")
    assert "OPERATOR_TOKEN" in home.secrets()


def test_a_home_is_held_by_one_process_at_a_time(home: Home) -> None:
    with pytest.raises(InUse, match="STAYPLAY_HOME"), Home(home.folder).held():
        pass


def test_a_home_is_free_again_once_its_holder_is_gone(tmp_path: Path) -> None:
    for _ in range(2):
        with Home(tmp_path).held():
            assert (tmp_path / "lock").exists()


def test_a_note_is_remembered_until_it_says_something_else(home: Home) -> None:
    assert not home.is_noted("migrated", "0001")
    home.note("migrated", "0001")
    assert home.is_noted("migrated", "0001")
    assert not home.is_noted("migrated", "0002")


def test_a_fingerprint_changes_with_a_name_and_with_a_content(tmp_path: Path) -> None:
    one, other = tmp_path / "0001.py", tmp_path / "0002.py"
    one.write_text("a")
    before = fingerprint([one])
    other.write_text("a")
    assert fingerprint([one, other]) != before
    assert fingerprint([other]) != before
    one.write_text("b")
    assert fingerprint([one]) != before


def test_a_fingerprint_does_not_depend_on_the_order_of_the_files(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("0001.py", "0002.py")]
    for file in files:
        file.write_text(file.name)
    assert fingerprint(files) == fingerprint(reversed(files))
