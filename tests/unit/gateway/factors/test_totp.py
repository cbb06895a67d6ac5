"""Codes of an authenticator app, against the vectors of RFC 4226 and RFC 6238."""

import base64
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from gateway.people.factors import totp

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HERE = totp.step_at(NOON)
SECRET = totp.new_secret()


@pytest.mark.parametrize("count", range(10))
def test_the_vectors_of_rfc_4226(count: int) -> None:
    assert totp.code_at(RFC_SECRET, count) == RFC_4226[count]


@pytest.mark.parametrize("seconds", RFC_6238)
def test_the_vectors_of_rfc_6238(seconds: int) -> None:
    """The RFC's have eight digits; ours are the last six of them (RFC 4226 section 5.3: the number modulo 10^digits)."""
    moment = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_at(RFC_SECRET, totp.step_at(moment)) == RFC_6238[seconds][-6:]


def test_a_step_is_thirty_seconds() -> None:
    assert totp.step_at(datetime.fromtimestamp(29.99, UTC)) == 0
    assert totp.step_at(datetime.fromtimestamp(30, UTC)) == 1


@pytest.mark.parametrize("away", [-1, 0, 1])
def test_the_code_of_a_step_near_now_matches(away: int) -> None:
    assert totp.matching_step(SECRET, totp.code_at(SECRET, HERE + away), now=NOON, after=0) == HERE + away


@pytest.mark.parametrize("away", [-30, -2, 2, 30])
def test_the_code_of_a_step_further_off_does_not(away: int) -> None:
    codes_near = {totp.code_at(SECRET, HERE + near) for near in (-1, 0, 1)}
    code = totp.code_at(SECRET, HERE + away)
    assert code in codes_near or totp.matching_step(SECRET, code, now=NOON, after=0) is None


def test_a_used_step_and_those_before_it_do_not_match() -> None:
    for used in (HERE, HERE + 1):
        assert totp.matching_step(SECRET, totp.code_at(SECRET, HERE), now=NOON, after=used) is None
    assert totp.matching_step(SECRET, totp.code_at(SECRET, HERE), now=NOON, after=HERE - 1) == HERE


def test_a_clock_that_was_put_back_lets_no_used_code_in_again() -> None:
    earlier = NOON - timedelta(minutes=5)
    code = totp.code_at(SECRET, totp.step_at(earlier))
    assert totp.matching_step(SECRET, code, now=earlier, after=HERE) is None


@given(st.text(max_size=12))
def test_nothing_written_breaks_it(written: str) -> None:
    found = totp.matching_step(RFC_SECRET, written, now=NOON, after=0)
    assert found is None or "".join(written.split()) == totp.code_at(RFC_SECRET, found)


@pytest.mark.parametrize(
    ("written", "looks"), [("123456", True), (" 123 456 ", True), ("12345", False), ("12345a", False), ("٣" * 6, False)]
)
def test_six_digits_look_like_a_code(written: str, looks: bool) -> None:  # noqa: FBT001 - a parametrised value
    assert totp.looks_like_code(written) is looks


def test_a_secret_is_160_random_bits() -> None:
    secrets = {totp.new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


def test_the_address_for_the_app_says_whose_and_what_it_is() -> None:
    address = totp.address_of(RFC_SECRET, "ruth+work@southwark.example")
    parts, asked = urlsplit(address), parse_qs(urlsplit(address).query)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Stay & Play:ruth+work@southwark.example"
    assert asked == {"secret": [RFC_SECRET], "issuer": ["Stay & Play"]}


def test_the_qr_code_holds_exactly_that_address() -> None:
    """Its squares are those of the address's own matrix, which the drawing is read back to."""
    address = totp.address_of(RFC_SECRET, "ruth@southwark.example")
    drawn = totp.qr_code(address)
    expected = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    assert matrix_of(drawn) == [[int(bool(square)) for square in row] for row in expected]


def test_the_drawing_loads_nothing_runs_nothing_and_says_what_it_is() -> None:
    drawn = totp.qr_code(totp.address_of(RFC_SECRET, "ruth@southwark.example"))
    assert drawn.startswith("<svg")
    assert "<title>" in drawn
    assert not re.search(r"style=|href|<script|\son\w+=|secret|southwark", drawn)


def test_the_secret_is_spaced_for_whoever_types_it() -> None:
    assert totp.spaced("ABCDEFGHIJ") == "ABCD EFGH IJ"


def matrix_of(drawn: str) -> list[list[int]]:
    """Return the squares of a drawing: segno writes each dark run as a line of one square's width."""
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', drawn)[1])  # type: ignore[index]  # it is there, or the test fails
    scale = int(float((re.search(r"scale\((\d+)\)", drawn) or ["", "1"])[1]))
    found = [[0] * (size // scale) for _ in range(size // scale)]
    x, y = 0.0, 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.search(r'stroke="#000" d="([^"]+)"', drawn)[1]):  # type: ignore[index]  # as above
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if kind == "h":
            for place in range(int(x), int(x + values[0])):
                found[int(y)][place] = 1
            x += values[0]
        else:
            x, y = (values[0], values[1]) if kind == "M" else (x + values[0], y + values[1])
    return found
