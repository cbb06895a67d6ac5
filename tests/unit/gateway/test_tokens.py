"""Caller tokens are made once for one state of one membership."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from chassis import signing
from chassis.caller import TokenSigner, TokenVerifier
from gateway.access import tokens
from gateway.access.tokens import TokenMint
from gateway.access.visitor import Borough, Member, Visitor
from gateway.people.tokens import InvitationTokens

KEYS = signing.new_pair()
BOROUGH = Borough(uuid4(), "southwark", "Southwark", "Southwark Stay & Play", practice=True, policy={}, version=1)
MEMBER = Member(uuid4(), 1, ("practitioner",), uuid4(), "CAMHS", "camhs")
VISITOR = Visitor(uuid4(), uuid4(), "Ruth Osei", "ruth@southwark.example", BOROUGH, MEMBER)


@pytest.fixture
def mint() -> TokenMint:
    return TokenMint(TokenSigner(KEYS.private))


def test_a_token_says_who_asks_for_which_borough_and_what_they_may(mint: TokenMint) -> None:
    caller = TokenVerifier(KEYS.public).verify(mint.asker(VISITOR, BOROUGH, MEMBER).token)
    assert (caller.borough_id, caller.person_id, caller.member_id) == (BOROUGH.id, VISITOR.person_id, MEMBER.id)
    assert (caller.agency_id, caller.agency_name, caller.agency_kind) == (MEMBER.agency_id, "CAMHS", "camhs")
    assert caller.may("referrals.triage")
    assert not caller.may("people.manage")


def test_the_next_request_has_the_same_token(mint: TokenMint) -> None:
    assert mint.asker(VISITOR, BOROUGH, MEMBER) is mint.asker(VISITOR, BOROUGH, MEMBER)


def test_other_roles_make_another_token_at_once(mint: TokenMint) -> None:
    before = mint.asker(VISITOR, BOROUGH, MEMBER)
    after = mint.asker(VISITOR, BOROUGH, replace(MEMBER, version=2, roles=("facilitator",)))
    assert before.token != after.token
    assert not after.caller.may("referrals.triage")


def test_an_agency_that_was_renamed_makes_another_token(mint: TokenMint) -> None:
    renamed = mint.asker(VISITOR, BOROUGH, replace(MEMBER, agency_name="Southwark CAMHS"))
    assert renamed.caller.agency_name == "Southwark CAMHS"


def test_a_dated_request_has_a_token_of_its_own(mint: TokenMint) -> None:
    moment = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert mint.asker(VISITOR, BOROUGH, MEMBER, moment).caller.at == moment
    assert mint.asker(VISITOR, BOROUGH, MEMBER).caller.at is None


def test_a_token_is_made_anew_before_it_ends(mint: TokenMint, monkeypatch: pytest.MonkeyPatch) -> None:
    first = mint.asker(VISITOR, BOROUGH, MEMBER)
    later = datetime.now(UTC) + tokens.LIFE - tokens.LEAST_LEFT + timedelta(seconds=1)
    monkeypatch.setattr(tokens, "real_now", lambda: later)
    second = mint.asker(VISITOR, BOROUGH, MEMBER)
    assert first.token != second.token
    assert second.caller.expires_at - later == tokens.LIFE


def test_a_token_lives_about_a_minute() -> None:
    assert timedelta(seconds=55) <= tokens.LIFE - tokens.LEAST_LEFT <= timedelta(seconds=65)


def test_only_so_many_tokens_are_remembered(mint: TokenMint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "REMEMBERED", 3)
    first = mint.asker(VISITOR, BOROUGH, MEMBER)
    for version in range(2, 6):
        mint.asker(VISITOR, BOROUGH, replace(MEMBER, version=version))
    assert mint.asker(VISITOR, BOROUGH, MEMBER) is not first


def test_the_token_of_an_invitation_can_only_be_made_with_the_key() -> None:
    identity = uuid4()
    ours, theirs = InvitationTokens(KEYS.private, "https://x.example"), InvitationTokens(signing.new_pair().private, "https://x.example")
    assert ours.token(identity) == ours.token(identity) != theirs.token(identity)
    assert ours.token(identity) != ours.token(uuid4())
    assert ours.link(ours.token(identity)) == f"https://x.example/invitation/{ours.token(identity)}"
