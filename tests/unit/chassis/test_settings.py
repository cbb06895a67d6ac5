"""Settings: complete and sensible, or one line that names what is not."""

from pathlib import Path
from typing import Any

import pytest

from chassis import signing
from chassis.keys import fresh_secrets
from chassis.settings import BadSetting, MigrationSettings, Settings

SECRETS = fresh_secrets()


def environment(**changes: str | None) -> dict[str, str]:
    """Return a complete environment for referrals and the gateway, with some settings changed or (None) left out."""
    full = {
        **SECRETS,
        "AMQP_URI": "amqp://referrals:s3cret@rabbitmq:5672//",
        "OPERATOR_TOKEN": "o" * 32,
        "PUBLIC_URL": "https://stayandplay.example.org/",
    }
    for service in ("REFERRALS", "GATEWAY"):
        for kind in ("", "_OPERATOR", "_OWNER", "_IDENTITY"):
            role = f"{service}{kind or '_app'}".lower()
            full[f"{service}{kind}_DATABASE_URL"] = f"postgresql://{role}:pass%2Fword@db:5432/stayplay_{service.lower()}"
    return {name: value for name, value in {**full, **changes}.items() if value is not None}


def fault(service: str = "referrals", **changes: str | None) -> str:
    with pytest.raises(BadSetting) as refusal:
        Settings.read(service, environment(**changes))
    said = str(refusal.value)
    assert "\n" not in said
    return said


def test_a_complete_environment_is_read() -> None:
    settings = Settings.read("referrals", environment())
    assert settings.database_url == "postgresql://referrals_app:pass%2Fword@db:5432/stayplay_referrals"
    assert settings.operator_database_url.startswith("postgresql://referrals_operator:")
    assert settings.public_keys["gateway"] == SECRETS["GATEWAY_PUBLIC_KEY"]
    assert settings.gateway is None


def test_what_is_not_said_has_a_sensible_default() -> None:
    settings = Settings.read("referrals", environment())
    assert (settings.log_format, settings.health_port, settings.max_workers) == ("json", None, 10)
    assert (settings.rpc_timeout_seconds, settings.stop_within_seconds) == (10.0, 20.0)
    assert settings.event_retry_seconds == (1.0, 5.0, 30.0, 120.0, 600.0)


def test_what_is_said_counts() -> None:
    said = environment(LOG_FORMAT="terminal", HEALTH_PORT="9001", MAX_WORKERS="3", RPC_TIMEOUT_SECONDS="2.5", EVENT_RETRY_SECONDS="0.1,2")
    settings = Settings.read("referrals", said)
    assert (settings.log_format, settings.health_port, settings.max_workers) == ("terminal", 9001, 3)
    assert (settings.rpc_timeout_seconds, settings.event_retry_seconds) == (2.5, (0.1, 2.0))


def test_the_gateway_listens_on_its_own_machine_unless_told_otherwise() -> None:
    asked = [Settings.read("gateway", environment(**given)).gateway for given in ({}, {"HOST": "0.0.0.0"})]  # noqa: S104 - the case
    assert [settings.host for settings in asked if settings] == ["127.0.0.1", "0.0.0.0"]  # noqa: S104 - the case


def test_the_gateway_has_settings_of_its_own() -> None:
    settings = Settings.read("gateway", environment(PORT="8080"))
    assert settings.gateway is not None
    assert (settings.gateway.port, settings.gateway.public_url, settings.gateway.is_secure) == (
        8080,
        "https://stayandplay.example.org",
        True,
    )
    assert settings.identity_database_url.startswith("postgresql://gateway_identity:")


@pytest.mark.parametrize(
    "name",
    [
        "AMQP_URI",
        "REFERRALS_DATABASE_URL",
        "REFERRALS_OPERATOR_DATABASE_URL",
        "REFERRALS_SIGNING_KEY",
        "GATEWAY_PUBLIC_KEY",
        "OUTREACH_PUBLIC_KEY",
    ],
)
def test_a_missing_setting_is_named(name: str) -> None:
    assert fault("referrals", **{name: None}) == f"{name} is not set"


@pytest.mark.parametrize("name", ["OPERATOR_TOKEN", "PUBLIC_URL", "GATEWAY_IDENTITY_DATABASE_URL"])
def test_a_missing_setting_of_the_gateway_is_named(name: str) -> None:
    assert fault("gateway", **{name: None}) == f"{name} is not set"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AMQP_URI", "http://rabbit:s3cret@x", "must begin with amqp:// or amqps:// or inprocess://"),
        ("AMQP_URI", "", "must begin with"),
        ("REFERRALS_DATABASE_URL", "mysql://root:s3cret@x/y", "must begin with postgresql://"),
        ("REFERRALS_SIGNING_KEY", "s3cret", "not an Ed25519 key"),
        ("GATEWAY_PUBLIC_KEY", "s3cret", "not an Ed25519 key"),
        ("LOG_FORMAT", "s3cret", "Must be one of: json, terminal"),
        ("HEALTH_PORT", "s3cret", "Not a valid integer"),
        ("HEALTH_PORT", "70000", "Must be greater than or equal to 1 and less than or equal to 65535"),
        ("MAX_WORKERS", "0", "Must be greater than or equal to 1"),
        ("RPC_TIMEOUT_SECONDS", "-1", "Must be greater than or equal to 0.1"),
        ("EVENT_RETRY_SECONDS", "1,s3cret", "must be seconds with commas between"),
        ("EVENT_RETRY_SECONDS", "1,-1", "must be seconds with commas between"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_without_its_value(name: str, value: str, said: str) -> None:
    told = fault(**{name: value})
    assert told.startswith(f"{name} ")
    assert said in told
    assert "s3cret" not in told


def test_a_short_operators_token_is_refused() -> None:
    assert fault("gateway", OPERATOR_TOKEN="short") == "OPERATOR_TOKEN must have at least 32 characters"


def test_a_setting_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text(f"{SECRETS['REFERRALS_SIGNING_KEY']}\n")
    settings = Settings.read("referrals", environment(REFERRALS_SIGNING_KEY=None, REFERRALS_SIGNING_KEY_FILE=str(secret)))
    assert settings.signing_key == SECRETS["REFERRALS_SIGNING_KEY"]


def test_a_file_that_is_not_there_is_named_by_its_setting() -> None:
    told = fault(REFERRALS_SIGNING_KEY=None, REFERRALS_SIGNING_KEY_FILE="/nowhere/key")
    assert told == "REFERRALS_SIGNING_KEY_FILE names a file that can't be read"


def test_the_process_ends_with_one_line_and_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ending:
        Settings.read_or_exit("referrals", environment(AMQP_URI=None))
    assert ending.value.code == 2
    assert capsys.readouterr().err == "stayplay: AMQP_URI is not set\n"


def test_settings_never_show_their_secrets() -> None:
    shown = repr(Settings.read("gateway", environment()))
    for secret in ("s3cret", "pass%2Fword", "o" * 32, SECRETS["GATEWAY_SIGNING_KEY"]):
        assert secret not in shown


def test_on_ones_own_machine_addresses_follow_from_the_administrators() -> None:
    own: dict[str, Any] = {
        "POSTGRES_ADMIN_URL": "postgresql://postgres:@/postgres?host=/tmp/pg",
        "REFERRALS_DATABASE_URL": None,
        "REFERRALS_APP_PASSWORD": "pass/word",
    }
    settings = Settings.read("referrals", environment(**own))
    assert settings.database_url == "postgresql://referrals_app:pass%2Fword@/stayplay_referrals?host=/tmp/pg"


def test_migrating_needs_the_owner_and_takes_passwords_from_the_addresses() -> None:
    settings = MigrationSettings.read("gateway", environment())
    assert settings.owner_url.startswith("postgresql://gateway_owner:")
    assert settings.admin_url == ""
    assert settings.passwords == {f"gateway_{kind}": "pass/word" for kind in ("owner", "app", "operator", "identity")}


def test_migrating_without_an_owner_is_refused() -> None:
    with pytest.raises(BadSetting, match="REFERRALS_OWNER_DATABASE_URL is not set"):
        MigrationSettings.read("referrals", environment(REFERRALS_OWNER_DATABASE_URL=None))


def test_the_signing_key_fits_the_public_one() -> None:
    settings = Settings.read("referrals", environment())
    assert signing.public_of(settings.signing_key) == settings.public_keys["referrals"]


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example.org?from=play@example.org",
        "smtp://user:p%40ss@mail.example.org:2525?from=play@example.org",
        "smtps://mail.example.org:465?from=play@example.org",
        "file:///var/lib/stayplay/mail",
    ],
)
def test_mail_leaves_by_a_server_or_into_a_folder(url: str) -> None:
    settings = Settings.read("gateway", environment(MAIL_URL=url)).gateway
    assert settings is not None
    assert settings.mail_url == url
    assert "p%40ss" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example.org", "smtp://?from=play@example.org", "smtp://mail.example.org?from=play", "https://mail.example.org", "mail",
        "smtp://mail.example.org:x?from=play@example.org", "smtp://mail.example.org:70000?from=play@example.org", "file:mail", "file://mail",
    ],
)  # fmt: skip
def test_a_way_for_mail_that_makes_no_sense_is_named_without_its_password(url: str) -> None:
    said = fault("gateway", MAIL_URL=url)
    assert said.startswith("MAIL_URL must be smtp://")


def test_without_a_way_out_no_mail_leaves() -> None:
    settings = Settings.read("gateway", environment()).gateway
    assert settings is not None
    assert settings.mail_url == ""
