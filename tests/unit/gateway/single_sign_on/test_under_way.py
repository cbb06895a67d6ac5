"""A sign-in under way, as a browser keeps it: sealed, for ten minutes, and nobody else's."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, replace
from uuid import uuid4

import pytest
from flask import Flask, Response

from chassis.keys import fresh_secrets
from gateway.people.sealing import BrokenSeal, Sealer
from gateway.people.single_sign_on import under_way
from gateway.people.single_sign_on.under_way import LIFE, UnderWay

SECRET = fresh_secrets()["GATEWAY_SIGNING_KEY"]


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(SECRET, "sign-on under way")


@pytest.fixture
def begun() -> UnderWay:
    return UnderWay.begun(uuid4(), "enter", slug="southwark", onward="/southwark/groups")


def test_what_was_sealed_is_opened_again(begun: UnderWay, sealer: Sealer) -> None:
    assert UnderWay.opened(begun.sealed(sealer), sealer) == begun


def test_it_lasts_ten_minutes(begun: UnderWay, sealer: Sealer) -> None:
    assert begun.began_at + LIFE.total_seconds() == begun.ends_at
    late = replace(begun, ends_at=int(begun.began_at))
    assert UnderWay.opened(late.sealed(sealer), sealer) is None


def test_every_one_has_random_parts_of_its_own(begun: UnderWay) -> None:
    other = UnderWay.begun(uuid4(), "enter", slug="southwark")
    for name in ("state", "nonce", "verifier"):
        assert getattr(begun, name) != getattr(other, name)
        assert len(getattr(begun, name)) >= 43, "256 bits"
    assert begun.spent_as != other.spent_as


def test_nothing_of_it_can_be_read(begun: UnderWay, sealer: Sealer) -> None:
    raw = urlsafe_b64decode(begun.sealed(sealer))
    for part in asdict(begun).values():
        assert not part or str(part).encode() not in raw


def test_another_key_or_purpose_opens_nothing(begun: UnderWay, sealer: Sealer) -> None:
    for other in (Sealer(fresh_secrets()["GATEWAY_SIGNING_KEY"], "sign-on under way"), Sealer(SECRET, "client secret")):
        assert UnderWay.opened(begun.sealed(other), sealer) is None


def test_no_letter_of_it_can_be_changed(begun: UnderWay, sealer: Sealer) -> None:
    raw = bytearray(urlsafe_b64decode(begun.sealed(sealer)))
    for place in range(len(raw)):
        altered = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
        assert UnderWay.opened(urlsafe_b64encode(altered).decode(), sealer) is None


@pytest.mark.parametrize("document", ["[]", "{}", "null", '"x"', '{"state": 1}', "no json"])
def test_what_was_never_one_is_none(sealer: Sealer, document: str) -> None:
    sealed = urlsafe_b64encode(sealer.seal(document, b"cookie")).decode()
    assert UnderWay.opened(sealed, sealer) is None


def test_one_of_an_older_edition_is_none(begun: UnderWay, sealer: Sealer) -> None:
    older = {name: value for name, value in asdict(begun).items() if name != "slug"}
    sealed = urlsafe_b64encode(sealer.seal(json.dumps(older), b"cookie")).decode()
    assert UnderWay.opened(sealed, sealer) is None


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_goes_back_here_alone(*, secure: bool) -> None:
    app = Flask("cookies")
    with app.test_request_context():
        response = Response()
        under_way.put(response, "sealed", secure=secure)
        cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-stayplay-sign-on=" if secure else "stayplay-sign-on=")
    assert ("Secure" in cookie) is secure
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_seal_is_of_one_row(sealer: Sealer) -> None:
    sealed = sealer.seal("a secret", b"row 1")
    assert sealer.opened(sealed, b"row 1") == "a secret"
    assert sealer.seal("a secret", b"row 1") != sealed, "another nonce each time"
    broken: list[tuple[bytes, bytes]] = [(sealed, b"row 2"), (sealed[:-1], b"row 1"), (b"", b"row 1"), (b"\x02" + sealed[1:], b"row 1")]
    for content, about in broken:
        with pytest.raises(BrokenSeal):
            sealer.opened(content, about)
