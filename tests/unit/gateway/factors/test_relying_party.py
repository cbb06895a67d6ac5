"""What passkeys are bound to, and what is asked of browsers."""

import pytest

from gateway.people.factors.faults import SecondFactorNeeded, WrongCode, WrongPasskey
from gateway.people.factors.models import Passkey
from gateway.people.factors.relying_party import LARGEST, RelyingParty, credential_id_in
from tests.support.authenticator import unwritten, written


@pytest.mark.parametrize(
    ("url", "identity", "origin"),
    [
        ("https://stayandplay.example.org", "stayandplay.example.org", "https://stayandplay.example.org"),
        ("https://stayandplay.example.org:8443", "stayandplay.example.org", "https://stayandplay.example.org:8443"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
    ],
)
def test_host_and_origin_come_from_the_public_address(url: str, identity: str, origin: str) -> None:
    party = RelyingParty(url)
    assert (party.id, party.origin, party.is_possible) == (identity, origin, True)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://[2001:db8::1]", "https://192.0.2.4"])
def test_an_address_without_a_name_can_have_none(url: str) -> None:
    assert not RelyingParty(url).is_possible


def test_passkeys_that_are_known_are_named_so_that_no_device_makes_another() -> None:
    known = Passkey(credential_id=b"known", transports=["internal"])
    options = RelyingParty("http://localhost:8000").to_make(b"c" * 32, b"h" * 32, "ruth@camden.example", "Ruth Osei", [known])
    assert [one["id"] for one in options["excludeCredentials"]] == [written(b"known")]
    assert options["user"] == {"id": written(b"h" * 32), "name": "ruth@camden.example", "displayName": "Ruth Osei"}
    assert unwritten(options["challenge"]) == b"c" * 32


@pytest.mark.parametrize(
    "credential", ["", "null", "[]", "{}", '{"rawId": 7}', "{" * 5000, '{"rawId": "' + "A" * LARGEST + '"}', '{"rawId": "\\ud800"}']
)
def test_what_is_no_answer_is_refused(credential: str) -> None:
    party = RelyingParty("http://localhost:8000")
    with pytest.raises(WrongPasskey):
        party.answered(credential, b"c" * 32, b"")
    with pytest.raises(WrongPasskey):
        party.made(credential, b"c" * 32)


def test_which_passkey_answers_is_read_from_the_answer() -> None:
    assert credential_id_in(f'{{"rawId": "{written(b"one of ours")}"}}') == b"one of ours"


class TestCounter:
    """A counter only grows; one that does not says that there is a copy."""

    @staticmethod
    def passkey(count: int = 5) -> Passkey:
        return Passkey(sign_count=count, backup_eligible=False, backed_up=False, stopped_at=None)

    @pytest.mark.parametrize(("before", "now"), [(5, 6), (5, 900), (0, 1), (0, 0)])
    def test_it_grows_or_there_is_none(self, before: int, now: int) -> None:
        passkey = self.passkey(before)
        assert passkey.note(sign_count=now, backup_eligible=False, backed_up=False)
        assert (passkey.sign_count, passkey.stopped_at) == (now, None)
        assert passkey.used_at is not None

    @pytest.mark.parametrize(("before", "now"), [(5, 5), (5, 4), (5, 0)])
    def test_where_it_does_not_the_passkey_is_stopped_for_good(self, before: int, now: int) -> None:
        passkey = self.passkey(before)
        assert not passkey.note(sign_count=now, backup_eligible=False, backed_up=False)
        assert passkey.stopped_at is not None
        assert not passkey.note(sign_count=1000, backup_eligible=False, backed_up=False)
        assert passkey.sign_count == before


class TestWords:
    def test_whoever_has_one_is_told_to_prove_it_and_whoever_has_none_to_set_it_up(self) -> None:
        assert "/api/v1/session/second-factor" in SecondFactorNeeded().message
        assert "/api/v1/account/factors/authenticator" in SecondFactorNeeded(has_factor=False).message

    def test_a_wrong_code_is_named_at_its_field(self) -> None:
        assert WrongCode().faults["code"] == ["Code: this is not right, or was used before. Wait for the next one."]
