"""The command line: quick to start, and says what it can do."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from chassis.settings import SERVICES, Settings
from chassis.signing import private_key, public_key
from stayplay.cli import COMMANDS, main


def invoked(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def secrets() -> dict[str, str]:
    return dict(line.split("=", 1) for line in invoked("keys").splitlines())


def test_help_names_every_command_and_what_it_does() -> None:
    listed = invoked("--help")
    for name, (_, words) in COMMANDS.items():
        assert name in listed
        assert words.split()[0] in listed


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_how_it_is_used(name: str) -> None:
    assert "Usage:" in invoked(name, "--help")


def test_help_imports_none_of_the_commands() -> None:
    looked = "import sys, click; from click.testing import CliRunner; from stayplay.cli import main; CliRunner().invoke(main, ['--help']); "
    loaded = subprocess.run([sys.executable, "-c", f"{looked}print(*sys.modules)"], check=True, capture_output=True, text=True).stdout
    assert "nameko" not in loaded
    assert "sqlalchemy" not in loaded


def test_an_unknown_command_is_refused_by_name() -> None:
    result = CliRunner().invoke(main, ["discharge"])
    assert result.exit_code == 2
    assert "discharge" in result.output


def test_keys_are_all_that_settings_ask_for() -> None:
    made = {
        **secrets(),
        "AMQP_URI": "inprocess://x",
        "POSTGRES_ADMIN_URL": "postgresql://localhost/postgres",
        "PUBLIC_URL": "https://x.example",
    }
    for service in SERVICES:
        assert Settings.read(service, made).service == service


def test_each_service_has_a_key_pair_of_its_own() -> None:
    made = secrets()
    for service in SERVICES:
        private = private_key(made[f"{service.upper()}_SIGNING_KEY"])
        assert private.public_key() == public_key(made[f"{service.upper()}_PUBLIC_KEY"])


def test_no_two_sets_of_keys_share_anything() -> None:
    assert not set(secrets().values()) & set(secrets().values())


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_without_settings_stops_with_one_line_that_names_the_first_missing(service: str) -> None:
    done = subprocess.run([sys.executable, "-m", "stayplay", "serve", service], check=False, capture_output=True, text=True, env={})
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1:] == done.stderr.splitlines()
    assert "AMQP_URI" in done.stderr


def test_migrate_without_settings_stops_with_one_line() -> None:
    done = subprocess.run([sys.executable, "-m", "stayplay", "migrate"], check=False, capture_output=True, text=True, env={})
    assert done.returncode == 2
    assert done.stderr.startswith("stayplay: REFERRALS_OWNER_DATABASE_URL")
    assert done.stderr.count("\n") == 1


def test_health_of_a_service_that_does_not_run_is_an_error() -> None:
    result = CliRunner().invoke(main, ["health", "--port", "9"])
    assert result.exit_code == 1
    assert "not ready" in result.output
