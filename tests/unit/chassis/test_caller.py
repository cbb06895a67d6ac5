"""The caller token: only the gateway can make one, and it says no more than it says."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from chassis import signing
from chassis.caller import Caller, TokenSigner, TokenVerifier
from chassis.errors import Forbidden, NotSignedIn
from tests.support.people import member

PAIR = signing.new_pair()
OTHER = signing.new_pair()
Mint = Callable[..., str]


@pytest.fixture
def signer() -> TokenSigner:
    return TokenSigner(PAIR.private)


@pytest.fixture
def verifier() -> TokenVerifier:
    return TokenVerifier(PAIR.public)


def minted(claims: dict[str, Any], key: Any = None, algorithm: str = "EdDSA", headers: dict[str, Any] | None = None) -> str:
    """Return a token as somebody might make one who knows how they look."""
    now = datetime.now(UTC)
    told = {
        "iss": "gateway",
        "aud": "stayplay.rpc",
        "iat": now,
        "exp": now + timedelta(minutes=1),
        "sub": str(uuid4()),
        "name": "Grace Adeyemi",
        "member": str(uuid4()),
        "borough": str(uuid4()),
        "may": "sample.read",
    }
    wanted = {key: value for key, value in (told | claims).items() if value is not None}
    return jwt.encode(wanted, signing.private_key(PAIR.private) if key is None else key, algorithm=algorithm, headers=headers)


def segment(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def refused(verifier: TokenVerifier, token: Any) -> bool:
    try:
        verifier.verify(token)
    except NotSignedIn as refusal:
        return refusal.__cause__ is None and (not token or str(token) not in str(refusal))
    return False


def test_a_service_reads_who_asks_just_as_the_gateway_said(signer: TokenSigner, verifier: TokenVerifier) -> None:
    caller = member("sample.read", "sample.write", at=datetime(2026, 3, 2, 10, tzinfo=UTC))
    assert verifier.verify(signer.sign(caller)) == caller


def test_a_member_without_an_agency_and_without_permissions_crosses_too(signer: TokenSigner, verifier: TokenVerifier) -> None:
    caller = member(agency_id=None, agency_name="", agency_kind="", person_name="Zoë O'Neill-Ó Súilleabháin")
    assert verifier.verify(signer.sign(caller)) == caller


def test_whoever_has_no_account_crosses_with_the_little_they_may(signer: TokenSigner, verifier: TokenVerifier) -> None:
    borough_id, soon = uuid4(), datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    stranger = Caller.public(borough_id, frozenset({"sample.ask"}), address="203.0.113.7", expires_at=soon)
    crossed = verifier.verify(signer.sign(stranger), borough_id=borough_id)
    assert crossed == stranger
    assert (crossed.kind, crossed.roles, crossed.agency_id) == ("public", (), None)
    assert crossed.may("sample.ask")
    assert not crossed.may("sample.read")


def test_strangers_of_a_borough_are_one_person_there_and_another_one_elsewhere() -> None:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    here, there = uuid4(), uuid4()
    first, second, elsewhere = (Caller.public(borough, frozenset(), expires_at=soon) for borough in (here, here, there))
    assert first.person_id == second.person_id != elsewhere.person_id
    assert first.reads_as == str(first.person_id), "not as a service, which sees restricted families"


@pytest.mark.parametrize("claimed", ["public", "system"])
def test_only_a_plain_yes_makes_a_token_that_of_a_stranger_or_a_system(verifier: TokenVerifier, claimed: str) -> None:
    assert verifier.verify(minted({claimed: True})).kind == claimed
    for word in ("true", 1, [True], "service"):
        assert verifier.verify(minted({claimed: word})).kind == "member"


def test_no_token_makes_a_service_of_anybody(verifier: TokenVerifier) -> None:
    assert verifier.verify(minted({"service": True, "kind": "service"})).kind == "member"


def test_the_token_is_short(signer: TokenSigner) -> None:
    assert len(signer.sign(member(*(f"service.permission_{number}" for number in range(20))))) < 1500


@pytest.mark.parametrize("token", [None, "", b"bytes", 7, "nonsense", "a.b.c", "é.é.é", "." * 10, "x" * 100_000])
def test_no_token_or_nonsense_is_refused(verifier: TokenVerifier, token: Any) -> None:
    assert refused(verifier, token)


def test_a_token_of_another_key_is_refused(verifier: TokenVerifier) -> None:
    assert refused(verifier, TokenSigner(OTHER.private).sign(member()))


def test_a_changed_token_is_refused(signer: TokenSigner, verifier: TokenVerifier) -> None:
    head, body, signature = signer.sign(member("sample.read")).split(".")
    claims = jwt.decode(f"{head}.{body}.{signature}", options={"verify_signature": False})
    assert refused(verifier, f"{head}.{segment(claims | {'may': 'sample.read sample.write'})}.{signature}")
    assert refused(verifier, f"{head}.{body}.{signature[:-4]}AAAA")
    assert refused(verifier, f"{head}.{body}.")


def test_a_token_that_says_it_needs_no_signature_is_refused(verifier: TokenVerifier) -> None:
    claims = jwt.decode(minted({}), options={"verify_signature": False})
    for algorithm in ("none", "None", "NONE", "nOnE"):
        unsigned = f"{segment({'alg': algorithm, 'typ': 'JWT'})}.{segment(claims)}."
        assert refused(verifier, unsigned)
    assert refused(verifier, jwt.encode(claims, "", algorithm="none"))


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(verifier: TokenVerifier) -> None:
    head = segment({"alg": "HS256", "typ": "JWT"})
    body = minted({}).split(".")[1]
    import hashlib
    import hmac

    signature = hmac.new(PAIR.public.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert refused(verifier, f"{head}.{body}.{urlsafe_b64encode(signature).decode().rstrip('=')}")


@pytest.mark.filterwarnings("ignore")
def test_another_algorithm_is_refused(verifier: TokenVerifier) -> None:
    assert refused(verifier, minted({}, key="a secret that is long enough to be taken for one", algorithm="HS256"))


def test_an_expired_token_is_refused(verifier: TokenVerifier) -> None:
    assert refused(verifier, minted({"exp": datetime.now(UTC) - timedelta(seconds=6)}))


def test_clocks_may_differ_by_a_few_seconds(verifier: TokenVerifier) -> None:
    for claims in ({"exp": datetime.now(UTC) - timedelta(seconds=2)}, {"iat": datetime.now(UTC) + timedelta(seconds=2)}):
        assert verifier.verify(minted(claims)).person_name == "Grace Adeyemi"


def test_a_token_of_the_future_is_refused(verifier: TokenVerifier) -> None:
    assert refused(verifier, minted({"iat": datetime.now(UTC) + timedelta(minutes=5)}))


@pytest.mark.parametrize("claim", ["exp", "iat", "aud", "iss", "sub", "name", "member", "borough", "may"])
def test_a_token_that_leaves_something_out_is_refused(verifier: TokenVerifier, claim: str) -> None:
    assert refused(verifier, minted({claim: None}))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "stayplay.events"},
        {"iss": "somebody"},
        {"borough": "southwark"},
        {"borough": 7},
        {"sub": "grace"},
        {"may": ["sample.read"]},
        {"agency": "camhs"},
        {"agency": ["x"]},
        {"at": "yesterday"},
        {"at": 7},
        {"exp": 10**18},
    ],
)
def test_a_signed_token_that_makes_no_sense_is_refused(verifier: TokenVerifier, claims: dict[str, Any]) -> None:
    assert refused(verifier, minted(claims))


def test_a_token_for_another_borough_is_refused(signer: TokenSigner, verifier: TokenVerifier) -> None:
    southwark, lambeth = member(), member()
    assert verifier.verify(signer.sign(southwark), borough_id=southwark.borough_id) == southwark
    with pytest.raises(NotSignedIn):
        verifier.verify(signer.sign(southwark), borough_id=lambeth.borough_id)


# --- remembering --------------------------------------------------------------------------------------------------------


def test_a_verified_token_is_not_verified_again(signer: TokenSigner, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch) -> None:
    token = signer.sign(member())
    first = verifier.verify(token)
    monkeypatch.setattr(jwt, "decode", lambda *_args, **_kwargs: pytest.fail("verified again"))
    assert verifier.verify(token) is first


def test_a_remembered_token_ends_when_it_expires(verifier: TokenVerifier) -> None:
    token = minted({"exp": datetime.now(UTC) - timedelta(seconds=4)})  # within the leeway: verified, but not for long
    verifier.verify(token)
    verifier._known[token] = member(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert verifier.verify(token).person_name == "Grace Adeyemi"
    assert verifier._known[token].expires_at.replace(microsecond=0) <= datetime.now(UTC)


def test_refused_tokens_are_not_remembered(verifier: TokenVerifier) -> None:
    for number in range(10):
        assert refused(verifier, f"nonsense{number}.a.b")
    assert len(verifier._known) == 0


def test_only_so_many_tokens_are_remembered_the_latest_ones(signer: TokenSigner) -> None:
    verifier = TokenVerifier(PAIR.public, remember=3)
    tokens = [signer.sign(member()) for _ in range(4)]
    for token in (*tokens[:3], tokens[0], tokens[3]):
        verifier.verify(token)
    assert set(verifier._known) == {tokens[0], tokens[2], tokens[3]}


# --- permissions --------------------------------------------------------------------------------------------------------


def test_a_member_may_what_was_granted_and_nothing_else() -> None:
    caller = member("sample.read")
    assert caller.may("sample.read")
    assert not caller.may("sample.write")
    caller.require("sample.read")
    with pytest.raises(Forbidden):
        caller.require("sample.write")


def test_background_work_may_everything_in_its_own_process_and_cannot_leave_it(signer: TokenSigner) -> None:
    borough_id = uuid4()
    caller = Caller.service("outreach", borough_id)
    assert caller.may("outreach.work")
    assert caller.borough_id == borough_id
    assert caller.person_id == Caller.service("outreach", uuid4()).person_id
    assert caller.person_id != Caller.service("sessions", borough_id).person_id
    with pytest.raises(ValueError, match="only the statement of a member"):
        signer.sign(caller)


def test_a_statement_that_never_ends_cannot_be_signed(signer: TokenSigner) -> None:
    caller = Caller(borough_id=uuid4(), person_id=uuid4(), person_name="Grace Adeyemi", member_id=uuid4())
    with pytest.raises(ValueError, match="that expires"):
        signer.sign(caller)


def test_a_token_says_what_the_member_acts_as_and_from_where(signer: TokenSigner, verifier: TokenVerifier) -> None:
    told = member(roles=("facilitator", "practitioner"), address="192.0.2.7")
    read = verifier.verify(signer.sign(told))
    assert (read.roles, read.address, read.kind) == (("facilitator", "practitioner"), "192.0.2.7", "member")


def test_another_system_is_told_from_a_member(signer: TokenSigner, verifier: TokenVerifier) -> None:
    assert verifier.verify(signer.sign(member(kind="system"))).kind == "system"
