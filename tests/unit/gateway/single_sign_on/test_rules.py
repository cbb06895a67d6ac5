"""What holds of a borough's single sign-on, whoever asks."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import Conflict, InvalidTransition
from gateway.access.visitor import Borough, Visitor
from gateway.people.single_sign_on.faults import OwnMeansNeeded
from gateway.people.single_sign_on.models import SignOn, subject_hash

DESCRIBED: dict[str, Any] = {"label": "Our account", "acr_values": "", "trusts_factor": False, "factor_values": ["mfa"]}


@pytest.fixture
def sign_on() -> SignOn:
    made = SignOn.new(uuid4())
    made.describe(issuer="https://login.example", client_id="us", **DESCRIBED)
    made.secret = b"sealed"
    made.note_check("https://login.example", "")
    return made


def test_another_provider_begins_anew(sign_on: SignOn) -> None:
    sign_on.switch(enabled=True, only=True, administrators_linked=1)
    edition = sign_on.edition
    assert sign_on.describe(issuer="https://login.example", client_id="us", **DESCRIBED) is False
    assert (sign_on.edition, sign_on.only, sign_on.secret) == (edition, True, b"sealed")
    assert sign_on.describe(issuer="https://other.example", client_id="us", **DESCRIBED) is True
    assert sign_on.edition != edition
    assert (sign_on.enabled, sign_on.only, sign_on.secret, sign_on.checked_at) == (False, False, None, None)


def test_a_check_of_a_provider_that_was_changed_meanwhile_says_nothing(sign_on: SignOn) -> None:
    sign_on.describe(issuer="https://other.example", client_id="us", **DESCRIBED)
    sign_on.note_check("https://login.example", "")
    assert sign_on.checked_at is None


def test_a_check_that_finds_a_fault_forgets_no_earlier_one_that_went_well(sign_on: SignOn) -> None:
    at = sign_on.checked_at
    sign_on.note_check("https://login.example", "It is away.")
    assert (sign_on.checked_at, sign_on.fault) == (at, "It is away.")
    with pytest.raises(Conflict, match="Check the provider first"):
        sign_on.switch(enabled=True, only=False, administrators_linked=1)


@pytest.mark.parametrize(("enabled", "only", "linked"), [(False, True, 1), (True, True, 0)])
def test_it_is_not_the_only_way_where_nobody_could_come_in(sign_on: SignOn, *, enabled: bool, only: bool, linked: int) -> None:
    with pytest.raises(Conflict):
        sign_on.switch(enabled=enabled, only=only, administrators_linked=linked)
    assert (sign_on.enabled, sign_on.only) == (False, False)


def test_what_is_not_the_only_way_is_not_relaxed(sign_on: SignOn) -> None:
    with pytest.raises(InvalidTransition):
        sign_on.relax()
    sign_on.switch(enabled=True, only=True, administrators_linked=1)
    sign_on.relax()
    assert (sign_on.enabled, sign_on.only) == (True, False)


@pytest.mark.parametrize(
    ("trusts", "words", "acr", "amr", "proved"),
    [
        (True, ["mfa"], None, ["pwd", "mfa"], True), (True, ["mfa"], "mfa", None, True), (True, ["mfa"], None, None, False),
        (False, ["mfa"], None, ["mfa"], False), (True, [], None, ["mfa"], False), (True, ["mfa"], None, "mfa", False),
        (True, ["AAL3_ANY"], "AAL3_ANY", [], True), (True, ["AAL3_ANY"], "AAL3", [], False), (True, ["mfa"], ["mfa"], [], False),
        (True, ["mfa"], {}, [["mfa"]], False),
    ],
)  # fmt: skip
def test_whose_words_prove_a_second_factor(sign_on: SignOn, words: list[str], acr: Any, amr: Any, *, trusts: bool, proved: bool) -> None:
    sign_on.trusts_factor, sign_on.factor_values = trusts, words
    assert sign_on.second_factor_proved(acr, amr) is proved


def test_an_account_is_an_issuer_and_a_subject_together() -> None:
    marks = {subject_hash(*pair) for pair in (("a", "b"), ("a", "c"), ("b", "b"), ("a\nb", ""), ("", "a\nb"))}
    assert len(marks) == 5


def visitor(provider: Any = None, sign_on: Any = None, *, only: bool = False) -> Visitor:
    borough = Borough(
        uuid4(), "southwark", "Southwark", "Stay & Play", practice=False, policy={}, version=1, sign_on=sign_on, only_sign_on=only
    )
    return Visitor(uuid4(), uuid4(), "Ruth Osei", "ruth@southwark.example", borough, confirmed_at=datetime.now(UTC), provider_id=provider)


def test_which_sessions_a_borough_takes() -> None:
    ours, theirs = uuid4(), uuid4()
    assert visitor().came_in_rightly
    assert visitor(None, ours).came_in_rightly
    assert not visitor(None, ours, only=True).came_in_rightly
    assert visitor(ours, ours, only=True).came_in_rightly
    assert not visitor(theirs, ours).came_in_rightly
    assert not visitor(theirs, None).came_in_rightly


def test_what_belongs_to_the_person_everywhere_needs_their_own_means() -> None:
    visitor().require_own_means()
    with pytest.raises(OwnMeansNeeded):
        visitor(uuid4()).require_own_means()
