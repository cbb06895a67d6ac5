"""Where a family lives and lived: postcodes as they are typed, one present address, and a history that is not written over."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis import clock
from services.referrals import contract
from services.referrals.contract import tidy_postcode
from services.referrals.models import homes

TODAY = date(2026, 11, 23)
OLD = {
    "line": "3 Harper Road",
    "postcode": "SE1 6AD",
    "from_on": date(2021, 5, 1),
    "until_on": None,
    "safe_for_letters": False,
    "safe_for_visits": True,
}
DAYS = st.dates(date(2015, 1, 1), TODAY)


@pytest.mark.parametrize(
    "written",
    [
        "SE15 5LX",
        "se155lx",
        "SE15-5LX",
        "se15.5lx",
        " S E 1 5 5 L X ",
        "SE15\u00a05LX",
        "\uff33\uff25\uff11\uff15 \uff15\uff2c\uff38",
        "SE15 5LX.",
    ],
)
def test_a_postcode_in_an_odd_form_is_the_postcode(written: str) -> None:
    assert contract.Address().load({"postcode": written})["postcode"] == "SE15 5LX"


@pytest.mark.parametrize(("written", "kept"), [("SE1 OAA", "SE1 0AA"), ("sw9ohh", "SW9 0HH"), ("zz99 3vz", "ZZ99 3VZ")])
def test_a_letter_o_where_only_a_nought_can_stand_is_one(written: str, kept: str) -> None:
    assert contract.Address().load({"postcode": written})["postcode"] == kept


@given(st.text(max_size=20))
def test_tidying_a_postcode_twice_changes_nothing(written: str) -> None:
    assert tidy_postcode(tidy_postcode(written)) == tidy_postcode(written)


def dated(**changed: Any) -> dict[str, Any]:
    """Return an address as somebody sends it."""
    return {"line": "14 Rye Lane", "postcode": "SE15 5BY", "from_on": "2024-02-01", **changed}


def test_an_address_is_safe_unless_it_is_said_not_to_be() -> None:
    loaded = contract.DatedAddress().load(dated())
    assert (loaded["safe_for_letters"], loaded["safe_for_visits"]) == (True, True)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"until_on": "2023-02-01"}, "until_on"),
        ({"until_on": (clock.today() + timedelta(days=2)).isoformat()}, "until_on"),
        ({"line": "", "postcode": ""}, "line"),
        ({"postcode": "12345"}, "postcode"),
    ],
)
def test_an_address_that_can_not_be_is_refused(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        contract.DatedAddress().load(dated(**changed))
    assert list(refused.value.messages_dict) == [field]


def test_a_family_lives_at_one_address() -> None:
    request = {"family_id": "01a20751-a66f-716a-b86d-2577973bf288", "version": 1, "addresses": [dated(), dated(line="2 Long Lane")]}
    with pytest.raises(ValidationError) as refused:
        contract.ChangeAddressesRequest().load(request)
    assert refused.value.messages_dict["addresses"] == {
        1: {"until_on": ["Until: they live at one address now. Until when did they live here?"]}
    }


def test_moving_ends_the_old_address_and_keeps_it() -> None:
    now, before = homes.moved([OLD], {"line": "14 Rye Lane", "postcode": "SE15 5BY"}, TODAY)
    assert (now["line"], now["from_on"], now["until_on"]) == ("14 Rye Lane", TODAY, None)
    assert before == {**OLD, "until_on": TODAY}


def test_who_lives_where_they_lived_has_not_moved() -> None:
    assert homes.moved([OLD], {"line": OLD["line"], "postcode": OLD["postcode"]}, TODAY) == [OLD]


def test_a_family_of_which_no_address_is_told_stays_where_it_was_unless_it_left() -> None:
    assert homes.moved([OLD], None, TODAY) == [OLD]
    assert homes.moved([OLD], None, TODAY, gone=True) == [{**OLD, "until_on": TODAY}]


def test_the_first_address_has_no_beginning_that_anybody_knows() -> None:
    (only,) = homes.moved([], {"line": "14 Rye Lane", "postcode": None}, TODAY)
    assert only["from_on"] is None


@given(st.lists(st.tuples(DAYS, DAYS), max_size=6))
def test_the_present_address_comes_first_then_the_one_left_last(stays: list[tuple[date, date]]) -> None:
    known = [{**OLD, "from_on": min(stay), "until_on": max(stay)} for stay in stays]
    ordered = homes.in_order([*known, OLD])
    assert ordered[0] == OLD
    ends = [address["until_on"] for address in ordered[1:]]
    assert ends == sorted(ends, reverse=True)


@given(st.lists(st.sampled_from(["14 Rye Lane", "2 Long Lane", "3 Harper Road"]), min_size=1, max_size=8))
def test_however_often_they_move_they_live_at_one_address_and_none_is_lost(lines: list[str]) -> None:
    history: list[dict[str, Any]] = []
    for number, line in enumerate(lines):
        history = homes.moved(history, {"line": line, "postcode": None}, TODAY + timedelta(days=number))
    assert [address["line"] for address in history if not address["until_on"]] == [lines[-1]]
    assert {address["line"] for address in history} == set(lines)


def test_a_history_reads_back_as_it_was_kept() -> None:
    history = homes.moved([OLD], {"line": "14 Rye Lane", "postcode": None}, TODAY)
    assert homes.in_order(homes.kept(history)) == history
