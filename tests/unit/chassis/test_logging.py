"""Log lines: useful to operators, and silent about families."""

import io
import json
import logging as standard
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from chassis import context, logging
from chassis.errors import Stale
from chassis.logging import REDACTED, redact

PERSONAL = ["Sinead Doyle", "07700 900123", "943 476 5919", "9434765919", "sinead@example.org", "SE15 5AB", "was crying all night"]


class Lines(io.StringIO):
    """What was logged, line by line."""

    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    def one(self) -> dict[str, Any]:
        (line,) = self.all()
        return line


@pytest.fixture
def lines() -> Iterator[Lines]:
    stream = Lines()
    root = standard.getLogger()
    before = root.handlers[:], root.level
    logging.configure("json", service="referrals", stream=stream)
    yield stream
    root.handlers[:], root.level = before
    standard.captureWarnings(capture=False)
    structlog.reset_defaults()


def log(name: str = "services.referrals") -> Any:
    return structlog.get_logger(name)


def cleaned(**values: Any) -> dict[str, Any]:
    return dict(redact(None, "info", {"event": "referral.received", **values}))


def silent(shown: object) -> bool:
    return not any(personal in str(shown) for personal in PERSONAL)


# --- what stands on a line ----------------------------------------------------------------------------------------------


def test_a_line_says_what_happened_when_and_where(lines: Lines) -> None:
    referral_id = uuid4()
    log().info("referral.accepted", referral_id=referral_id)
    line = lines.one()
    assert line["event"] == "referral.accepted"
    assert line["referral_id"] == str(referral_id)
    assert (line["level"], line["service"], line["logger"]) == ("info", "referrals", "services.referrals")
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None


def test_a_line_carries_the_correlation_and_the_borough_of_the_work(lines: Lines) -> None:
    borough_id = uuid4()
    with context.entered(context.Context("corr-12345678", service="outreach", borough_id=borough_id)):
        log().info("case.opened")
    line = lines.one()
    assert (line["correlation_id"], line["borough_id"], line["service"]) == ("corr-12345678", str(borough_id), "outreach")


def test_a_line_without_a_borough_names_none(lines: Lines) -> None:
    log().info("service.started")
    assert "borough_id" not in lines.one()


def test_on_a_terminal_a_line_reads_well(capsys: pytest.CaptureFixture[str], lines: Lines) -> None:
    stream = io.StringIO()
    logging.configure("terminal", service="gateway", stream=stream)
    log().warning("sign_in.refused", attempts=3)
    shown = stream.getvalue()
    assert "sign_in.refused" in shown
    assert "attempts" in shown
    assert not shown.startswith("{")


# --- what must not stand on it ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "name",
        "given_name",
        "family_name",
        "person_name",
        "note",
        "notes",
        "reason",
        "why_now",
        "phone",
        "phone_number",
        "email",
        "address",
        "postcode",
        "nhs_number",
        "birth_date",
        "date_of_birth",
        "password",
        "token",
        "authorization",
        "body",
        "data",
        "payload",
        "answer",
        "words",
        "parents",
        "child",
        "agency_name",
        "params",
        "args",
        "yours",
        "safe_contact_times_text",
    ],
)
@pytest.mark.parametrize(
    "value", ["Sinead Doyle", 9434765919, ["Sinead Doyle"], {"given": "Sinead Doyle"}, datetime(2024, 7, 16, tzinfo=UTC)]
)
def test_what_stands_under_a_telling_key_is_never_shown(key: str, value: Any) -> None:
    shown = cleaned(**{key: value})[key]
    assert "Sinead" not in str(shown)
    assert "9434765919" not in str(shown)
    assert "2024" not in str(shown)


@pytest.mark.parametrize(
    "words",
    [
        "07700 900123",
        "07700900123",
        "020 7946 0000",
        "(020) 7946 0000",
        "+44 7700 900123",
        "+447700900123",
        "0044 20 7946 0000",
        "01632 960 001",
        "943 476 5919",
        "9434765919",
        "943-476-5919",
        "sinead.doyle@example.org",
        "SE15 5AB",
        "se155ab",
        "E1 6AN",
    ],
)
def test_numbers_addresses_and_postcodes_are_hidden_wherever_they_stand(words: str) -> None:
    shown = cleaned(status=f"call {words} today")["status"]
    assert shown == f"call {REDACTED} today"
    assert cleaned(outcomes=[words])["outcomes"] == [REDACTED]
    assert cleaned(detail={"inner": words})["detail"] == {"inner": REDACTED}


def test_a_number_is_hidden_whatever_digits_it_is_written_in() -> None:
    assert cleaned(seen="\N{ARABIC-INDIC DIGIT NINE}43 476 5919")["seen"] == REDACTED


def test_an_nhs_number_as_a_number_is_hidden() -> None:
    assert cleaned(found=9434765919)["found"] == REDACTED


def test_secrets_in_addresses_and_tokens_are_hidden() -> None:
    shown = cleaned(where="amqp://user:s3cret@rabbit:5672//", status="eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2ln")
    assert "s3cret" not in str(shown)
    assert "eyJ" not in str(shown)


def test_an_object_is_shown_by_its_type_only() -> None:
    class Family:
        def __repr__(self) -> str:
            return "Sinead Doyle and Finn"

    assert cleaned(family=Family(), referral=Family()) == {"event": "referral.received", "family": "<Family>", "referral": "<Family>"}


def test_what_operators_need_is_left_alone() -> None:
    known = {
        "referral_id": str(uuid4()),
        "family_id": uuid4(),
        "count": 12,
        "seconds": 0.25,
        "status": "accepted",
        "is_new": True,
        "queue": "events.referrals.on_borough",
        "attempts": 3,
        "code": "stale",
        "route": "/southwark/referrals",
        "session_id": str(uuid4()),
        "moment": datetime(2026, 3, 2, 10, tzinfo=UTC),
        "next_attempt_at": "2026-11-23T07:30:37.600443+00:00",
        "nothing": None,
    }
    shown = cleaned(**known)
    assert {key: shown[key] for key in known} == {
        key: str(value) if isinstance(value, (UUID, datetime)) else value for key, value in known.items()
    }


@given(st.uuids())
def test_no_id_is_ever_taken_for_a_number(identity: UUID) -> None:
    assert cleaned(referral_id=str(identity))["referral_id"] == str(identity)
    assert cleaned(referral_id=identity)["referral_id"] == str(identity)


@given(st.from_regex(r"\A0[1237]\d{2,3} ?\d{3} ?\d{3,4}\Z"))
def test_no_phone_number_passes(number: str) -> None:
    assert number not in str(cleaned(status=f"rang {number}."))


def test_a_sentence_cannot_be_an_event(lines: Lines) -> None:
    log().info("Sinead Doyle was referred")
    line = lines.one()
    assert line["event"] == "unnamed.event"
    assert silent(line)


def test_positional_arguments_do_not_bring_a_name_in(lines: Lines) -> None:
    log().info("referral.received %s", "Sinead Doyle")
    assert silent(lines.one())


# --- exceptions ---------------------------------------------------------------------------------------------------------


def test_an_exception_is_logged_by_type_and_place_without_what_it_says(lines: Lines) -> None:
    try:
        raise ValueError("Sinead Doyle, 07700 900123: was crying all night")
    except ValueError:
        log().exception("referral.failed")
    line = lines.one()
    assert line["error"] == "ValueError"
    assert line["where"][-1].startswith("tests/unit/chassis/test_logging.py:")
    assert silent(line)


def test_the_causes_of_an_exception_are_named_too(lines: Lines) -> None:
    try:
        try:
            raise KeyError("Sinead Doyle")
        except KeyError as cause:
            raise RuntimeError("was crying all night") from cause
    except RuntimeError:
        log().error("referral.failed", exc_info=True)
    line = lines.one()
    assert line["error"] == "RuntimeError < KeyError"
    assert silent(line)


def test_an_exception_may_be_handed_over(lines: Lines) -> None:
    log().warning("referral.failed", exc_info=Stale(yours={"words": "Sinead Doyle"}, theirs={"words": "Finn"}))
    line = lines.one()
    assert line["error"] == "chassis.errors.Stale(stale)"
    assert silent(line)


def test_a_local_variable_never_reaches_the_log(lines: Lines) -> None:
    def load(name: str) -> int:
        return int(name)

    try:
        load("Sinead Doyle")
    except ValueError:
        log().exception("form.failed")
    assert silent(lines.getvalue())


def test_no_exception_at_hand_is_no_error(lines: Lines) -> None:
    log().exception("referral.failed")
    assert "error" not in lines.one()


# --- libraries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("library", ["nameko.containers", "kombu.mixins", "amqp", "sqlalchemy.engine", "eventlet.wsgi", "somebody.elses"])
def test_a_librarys_line_comes_out_the_same_way_without_what_it_was_filled_with(lines: Lines, library: str) -> None:
    standard.getLogger(library).warning("could not deliver %s to %r", {"name": "Sinead Doyle"}, "07700 900123")
    line = lines.one()
    assert line["event"] == "could not deliver %s to %r"
    assert (line["logger"], line["level"], line["service"]) == (library, "warning", "referrals")
    assert silent(lines.getvalue())


def test_a_librarys_exception_is_logged_without_its_text(lines: Lines) -> None:
    try:
        raise OSError("Sinead Doyle")
    except OSError:
        standard.getLogger("kombu").exception("error handling worker %s", "Sinead Doyle")
    line = lines.one()
    assert line["error"] == "OSError"
    assert silent(lines.getvalue())


def test_a_library_that_logs_an_exception_itself_shows_its_type(lines: Lines) -> None:
    standard.getLogger("nameko").error(ValueError("Sinead Doyle"))
    assert lines.one()["event"] == "<ValueError>"


def test_a_library_that_filled_its_line_beforehand_is_searched_for_numbers(lines: Lines) -> None:
    standard.getLogger("kombu").warning("lost 07700 900123 at amqp://u:s3cret@host//")
    assert "07700" not in lines.getvalue()
    assert "s3cret" not in lines.getvalue()


def test_the_chatter_of_libraries_is_left_out(lines: Lines) -> None:
    standard.getLogger("sqlalchemy.engine").info("SELECT words FROM notes")
    standard.getLogger("nameko.rpc").debug("payload %s", "x")
    assert lines.getvalue() == ""


def test_a_warning_of_python_is_a_line_too(lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("something is old", UserWarning, stacklevel=1)
    assert lines.one()["logger"] == "py.warnings"


def test_a_statement_that_fails_shows_neither_its_values_nor_its_text(lines: Lines) -> None:
    engine = create_engine("postgresql+psycopg2://nobody:s3cret@127.0.0.1:1/nothing", hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT :name"), {"name": "Sinead Doyle"})
    except Exception:
        log().exception("database.failed")
    line = lines.one()
    assert "OperationalError" in line["error"]
    assert "s3cret" not in lines.getvalue()
    assert silent(lines.getvalue())
