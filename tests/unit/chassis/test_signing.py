"""Keys and signatures."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import signing
from chassis.keys import fresh_secrets
from chassis.settings import SERVICES

PAIR = signing.new_pair()


@given(st.binary(max_size=200))
def test_what_a_key_signs_its_public_key_verifies(message: bytes) -> None:
    assert signing.Verifier(PAIR.public).verify(message, signing.Signer(PAIR.private).sign(message))


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_a_signature_is_of_its_message_only(message: bytes, other: bytes) -> None:
    signature = signing.Signer(PAIR.private).sign(message)
    assert signing.Verifier(PAIR.public).verify(other, signature) == (message == other)


def test_another_keys_signature_is_refused() -> None:
    signature = signing.Signer(signing.new_pair().private).sign(b"message")
    assert not signing.Verifier(PAIR.public).verify(b"message", signature)


@pytest.mark.parametrize("signature", ["", "nonsense", "é", "AAAA", b64encode(bytes(64)).decode(), b64encode(bytes(65)).decode()])
def test_a_malformed_signature_is_refused_and_is_no_error(signature: str) -> None:
    assert not signing.Verifier(PAIR.public).verify(b"message", signature)


def test_every_pair_is_new_and_fits_together() -> None:
    pairs = [signing.new_pair() for _ in range(3)]
    assert len({pair.private for pair in pairs}) == 3
    assert [signing.public_of(pair.private) for pair in pairs] == [pair.public for pair in pairs]


@pytest.mark.parametrize("text", ["", "short", "é" * 44, b64encode(bytes(31)).decode(), b64encode(bytes(64)).decode()])
def test_what_is_no_key_is_refused_without_being_shown(text: str) -> None:
    for read in (signing.private_key, signing.public_key):
        with pytest.raises(signing.BadKey) as refusal:
            read(text)
        assert not text or text not in str(refusal.value)


def test_a_fresh_set_has_a_secret_for_every_service_and_no_two_alike() -> None:
    secrets = fresh_secrets()
    for service in SERVICES:
        name = service.upper()
        assert signing.public_of(secrets[f"{name}_SIGNING_KEY"]) == secrets[f"{name}_PUBLIC_KEY"]
        assert all(f"{name}_{kind}_PASSWORD" in secrets for kind in ("OWNER", "APP", "OPERATOR", "BROKER"))
    assert len(secrets["OPERATOR_TOKEN"]) >= 32
    assert "GATEWAY_IDENTITY_PASSWORD" in secrets
    assert len(set(secrets.values())) == len(secrets)
