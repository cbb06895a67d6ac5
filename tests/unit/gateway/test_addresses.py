"""Mail addresses: one way to keep each, and none that passes for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.contract.addresses import Lookalike, checked_email, tidy_email


@pytest.mark.parametrize("written", ["Ada@X.Example", " ada@x.example\n", "ada@X.EXAMPLE", "ada@x\uff0eexample"])
def test_capitals_blanks_and_wide_dots_make_no_other_address(written: str) -> None:
    assert checked_email(written) == "ada@x.example"


@pytest.mark.parametrize(
    "written", ["ada@M\u00dcNCHEN.example", "ada@m\u00fcnchen.example", "ada@mu\u0308nchen.example", "ada@xn--mnchen-3ya.example"]
)
def test_a_domain_of_another_alphabet_is_kept_as_the_network_writes_it(written: str) -> None:
    assert checked_email(written) == "ada@xn--mnchen-3ya.example"


@pytest.mark.parametrize(
    "written",
    [
        "ada@southw\u0430rk.example",  # a Cyrillic a among Latin letters
        "ada@\u0430\u0440\u0440\u04cf\u0435.example",  # all Cyrillic, and looks like apple
        "ada@xn--80ak6aa92e.com",  # the same in the letters of the network
        "ada@g\u03bf\u03bfgle.example",  # Greek omicrons
        "ada@\u13a0\u13a1.example",  # Cherokee
    ],
)
def test_a_domain_that_looks_like_another_is_refused(written: str) -> None:
    with pytest.raises(Lookalike):
        checked_email(written)


@pytest.mark.parametrize(
    "written", ["\u0430da@x.example", "\uff41da@x.example", "ada\u200d@x.example", "ad\u00e1@x.example", "ada\u202e@x.example"]
)
def test_before_the_at_sign_stand_plain_letters_only(written: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        checked_email(written)


@pytest.mark.parametrize(
    "written", ["", "@", "a@b", "a b@x.example", "a@x.example\nBcc: b@x.example", "a@x.example,b@x.example", "a@-x.example", "a" * 300]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        checked_email(written)


@pytest.mark.parametrize("written", ["o'brien@x.example", "ada+play@x.example", "first.last@sub.domain.x.example"])
def test_what_people_really_have_passes(written: str) -> None:
    assert checked_email(written) == written


@given(st.text(max_size=80))
def test_whatever_somebody_types_at_sign_in_finds_an_account_or_nobody(written: str) -> None:
    assert tidy_email(tidy_email(written)) == tidy_email(written)


@given(st.emails())
def test_an_address_that_is_kept_is_kept_the_same_way_again(written: str) -> None:
    try:
        kept = checked_email(written)
    except ValueError:
        return
    assert kept.isascii()
    assert kept == kept.casefold() == checked_email(kept)
