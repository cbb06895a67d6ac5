"""NHS numbers: written as people write them, kept one way, and refused where a digit is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.referrals import contract
from services.referrals.contract import nhs_number_fault, tidy_nhs_number
from services.referrals.contract.nhs_number import checks

VALID = ["9990000018", "9990000026", "9990000034", "9990000042", "9990000050", "9990000069", "9434765919", "9000000009"]
"""Test values that were made for it, with two more that other implementations use."""
INVALID = ["9990000019", "4857773456", "1234567890"]
WITHOUT_CHECK_DIGIT = ["999000000", "999000014", "999000028", "999000031"]
STEMS = st.sampled_from(["4", "6", "7", "9"]).flatmap(lambda first: st.from_regex(r"\A[0-9]{8}\Z").map(lambda rest: first + rest))


def loaded(written: str) -> str | None:
    """Return what a parent's NHS number becomes."""
    parent = {"given_name": "Sinead", "family_name": "Doyle", "relationship": "MTH", "nhs_number": written}
    number: str | None = contract.ParentDetails().load(parent)["nhs_number"]
    return number


@pytest.mark.parametrize("number", VALID)
def test_a_number_with_its_check_digit_is_kept(number: str) -> None:
    assert loaded(number) == number


@pytest.mark.parametrize("number", INVALID)
def test_a_number_with_a_wrong_digit_is_refused_with_what_to_do(number: str) -> None:
    with pytest.raises(ValidationError) as refused:
        loaded(number)
    assert refused.value.messages_dict["nhs_number"] == ["NHS number: one of the digits is wrong. Check it against the letter or card."]


@pytest.mark.parametrize(
    "written",
    [
        "999 000 0018",
        "999-000-0018",
        " 9990000018 ",
        "999.000.0018",
        "\uff19\uff19\uff19\uff10\uff10\uff10\uff10\uff10\uff11\uff18",
        "999\u2013000\u20130018",
    ],
)
def test_however_it_is_written_it_is_kept_as_ten_digits(written: str) -> None:
    assert loaded(written) == "9990000018"


@pytest.mark.parametrize("written", ["999000001", "99900000180", "999OOOOO18", "NHS9990000018", "٩٩٩٠٠٠٠٠١٨"])
def test_what_is_not_ten_digits_is_refused(written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        loaded(written)
    assert "ten digits" in str(refused.value.messages_dict["nhs_number"])


@pytest.mark.parametrize("number", ["1111111111", "0000000000", "2222222222"])
def test_a_number_that_was_never_given_out_is_refused_though_it_checks(number: str) -> None:
    assert checks(number)
    assert "begins like this" in nhs_number_fault(number)


def test_a_number_may_be_unknown() -> None:
    assert loaded("") is None
    assert loaded(" - ") is None


@pytest.mark.parametrize("stem", WITHOUT_CHECK_DIGIT)
def test_no_last_digit_makes_a_number_of_a_stem_without_check_digit(stem: str) -> None:
    assert [digit for digit in "0123456789" if checks(stem + digit)] == []


@given(STEMS)
def test_at_most_one_last_digit_makes_a_number(stem: str) -> None:
    assert sum(checks(stem + digit) for digit in "0123456789") <= 1


@given(st.sampled_from(VALID), st.integers(0, 9), st.integers(1, 9))
def test_any_one_wrong_digit_is_noticed(number: str, place: int, more: int) -> None:
    wrong = str((int(number[place]) + more) % 10)
    assert nhs_number_fault(number[:place] + wrong + number[place + 1 :])


@given(st.sampled_from(VALID), st.integers(0, 8))
def test_any_two_neighbours_that_changed_places_are_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or nhs_number_fault(swapped)


@given(st.text("0123456789 -.\uff10\uff19\u00a0", max_size=30))
def test_tidying_twice_changes_nothing(written: str) -> None:
    assert tidy_nhs_number(tidy_nhs_number(written)) == tidy_nhs_number(written)
