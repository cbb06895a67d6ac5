"""`stayplay run`: the whole platform on a laptop, with nothing to install."""

import socket
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from click.testing import CliRunner

from stayplay.client import Client
from stayplay.demo import DEMO_PASSWORD
from stayplay.journey import Borough, FamilyJourney
from stayplay.journey.waiting import until
from stayplay.smoke import smoke
from tests.support.embedded import Embedded


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="stayplay-") as folder:
        yield Path(folder) / "home"


@pytest.fixture(scope="module")
def begun() -> Iterator[Path]:
    """A home that was made by a first start, with nothing in its databases yet: copied for whoever needs one."""
    with TemporaryDirectory(prefix="stayplay-") as folder:
        first = Embedded(Path(folder) / "home")
        first.start()
        assert first.stop() == 0
        yield first.home


@pytest.fixture
def embedded(home: Path, begun: Path) -> Iterator[Embedded]:
    subprocess.run(["cp", "-a", str(begun), str(home)], check=True)
    made = Embedded(home)
    made.start()
    yield made
    made.stop()


def postgres_runs(home: Path) -> bool:
    return (home / "postgres" / "postmaster.pid").exists()


def test_it_passes_the_smoke_test(embedded: Embedded) -> None:
    result = CliRunner().invoke(smoke, ["--url", embedded.url, "--operator-token", embedded.operator_token()])
    assert result.exit_code == 0, result.output


def test_it_says_where_it_answers(embedded: Embedded) -> None:
    embedded.wait_for_log(f"Stay & Play is ready: {embedded.url}")  # said when its pages answer already


def test_it_writes_mails_into_its_home(embedded: Embedded) -> None:
    borough = Borough(Client(embedded.url, token=embedded.operator_token(), patience=20), "Written", f"w-{uuid4().hex[:6]}", "E09000028")
    borough.onboard()
    (mail,) = until("the mail is written", lambda: list((embedded.home / "mail").glob("*.eml")))
    said = message_from_bytes(mail.read_bytes(), policy=default)
    assert f"{embedded.url}/invitation/" in said.get_content()


def test_ctrl_c_stops_it_cleanly_and_its_database_too(embedded: Embedded) -> None:
    assert postgres_runs(embedded.home)
    assert embedded.stop() == 0
    assert not postgres_runs(embedded.home)
    assert "Traceback" not in embedded.log()


def test_a_family_is_where_it_was_after_a_stop_and_a_power_cut(embedded: Embedded) -> None:
    journey = FamilyJourney(
        Borough(Client(embedded.url, token=embedded.operator_token(), patience=20), "Kept", f"kept-{uuid4().hex[:6]}", "E09000028")
    )
    steps = journey.steps()
    for number, (_, step) in enumerate(steps):
        if number == len(steps) // 3:
            embedded.stop()
            embedded.start()
        elif number == 2 * len(steps) // 3:
            embedded.kill()
            embedded.start()
        step()


def test_a_second_one_from_the_same_folder_is_refused_in_one_line(embedded: Embedded) -> None:
    said = Embedded(embedded.home).refused()
    assert "STAYPLAY_HOME" in said
    assert said.count("\n") == 1


def test_a_port_in_use_is_refused_in_one_line(home: Path) -> None:
    wanted = Embedded(home)
    with socket.create_server(("127.0.0.1", int(wanted.url.rpartition(":")[2]))):
        said = wanted.refused()
    assert "PORT=" in said
    assert said.count("\n") == 1


@pytest.fixture
def shown(home: Path) -> Iterator[Embedded]:
    made = Embedded(home, "--demo", "--families", "6")
    made.start()
    yield made
    made.stop()


@pytest.mark.timeout(300)
def test_the_demo_borough_is_filled_once_even_if_the_first_filling_is_stopped_half_way(shown: Embedded) -> None:
    shown.wait_for_log("week 0 of")
    shown.stop()
    shown.start()
    shown.wait_for_log("Ctrl-C stops it")
    shown.stop()
    shown.start()
    shown.wait_for_log("Ctrl-C stops it", times=2)
    filled = shown.log().count("Filling the practice borough")
    families = signed_in_to_the_demo(shown).get("/api/v1/southwark/families", limit=100)["items"]
    assert shown.stop() == 0
    assert filled == 2
    assert 0 < len(families) <= 6


def signed_in_to_the_demo(shown: Embedded) -> Client:
    email = next(line.split()[0] for line in shown.log().splitlines() if line.strip().startswith("facilitator@"))
    return Client(shown.url).signed_in(email, DEMO_PASSWORD)
