"""Whose word counts for a second factor: the provider's only where the borough says so, by words that it names."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.signing_on import Council, asked, today

Made = Callable[..., Council]


@pytest.fixture
def real(found_council: Made) -> Made:
    """A way to make real boroughs, with a practitioner who joined with the account ``ruth``."""

    def make(**settings: Any) -> Council:
        council = found_council(practice=False).in_use(**settings)
        council.member("ruth", "practitioner", kind="camhs")
        return council

    return make


def asked_for_more(council: Council) -> bool:
    """Tell whether the borough's first page leads to the second step."""
    answer = council.let_in("ruth").get(f"/{council.slug}/")
    assert answer.status_code in {200, 303}
    return answer.status_code == 303 and "second" in answer.location


def test_a_provider_that_says_nothing_proves_nothing(real: Made) -> None:
    assert asked_for_more(real(trusts_factor=True, factor_values="mfa"))


def test_what_it_says_counts_where_the_borough_trusts_it(real: Made) -> None:
    council = real(trusts_factor=True, factor_values="mfa")
    council.provider.says(amr=["pwd", "mfa"])
    assert not asked_for_more(council)


def test_what_it_says_counts_nowhere_else(real: Made) -> None:
    council = real(trusts_factor=False, factor_values="mfa")
    council.provider.says(amr=["pwd", "mfa"])
    assert asked_for_more(council)


@pytest.mark.parametrize("says", [{"amr": ["pwd"]}, {"amr": ["mfaa"]}, {"acr": "1"}, {"amr": []}])
def test_other_words_prove_nothing(real: Made, says: dict[str, Any]) -> None:
    council = real(trusts_factor=True, factor_values="mfa")
    council.provider.says(**says)
    assert asked_for_more(council)


@pytest.mark.parametrize("amr", ["mfa", "pwd mfa", 7, {"mfa": True}, None])
def test_a_claim_of_the_wrong_shape_proves_nothing_or_is_refused(real: Made, amr: Any) -> None:
    council = real(trusts_factor=True, factor_values="mfa")
    council.provider.spoil(claims={"amr": amr})
    answer = council.enter("ruth")
    assert answer.status_code == 403 or asked_for_more(council)


def test_a_level_of_assurance_is_asked_for_and_counts(real: Made) -> None:
    """As NHS CIS2 says it: by acr."""
    council = real(trusts_factor=True, acr_values="AAL2_OR_AAL3_ANY", factor_values="AAL2_OR_AAL3_ANY AAL3_ANY")
    assert asked(council.away(council.browser()))["acr_values"] == "AAL2_OR_AAL3_ANY"
    council.provider.says(acr="AAL3_ANY")
    assert not asked_for_more(council)
    council.provider.says(acr="AAL1_USERPASS")
    assert asked_for_more(council), "asking is not getting"


def test_whoever_has_a_second_factor_here_proves_it_unless_the_provider_did(real: Made) -> None:
    council = real(trusts_factor=True, factor_values="mfa")
    council.provider.says(amr=["mfa"])
    assert today(council.let_in("ruth"), council) == 200
    council.set_up(trusts_factor=False, client_secret="")
    assert asked_for_more(council)


def test_no_words_prove_nothing(real: Made) -> None:
    council = real(trusts_factor=True, factor_values="")
    council.provider.says(amr=["", "mfa"])
    assert asked_for_more(council)
