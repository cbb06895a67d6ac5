"""How somebody is reached: every number that is known, and of each whether it is safe (domain rule 8)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.referrals import contract
from services.referrals.contract import first_safe, replaced, settled_points

SAFE = {"kind": "phone", "value": "07700 900123", "safe": True, "note": None}
UNSAFE = {"kind": "phone", "value": "020 7946 0001", "safe": False, "note": "He answers it"}
MAIL = {"kind": "email", "value": "nell@mail.example", "safe": True, "note": None}
POINTS = st.lists(st.sampled_from([SAFE, UNSAFE, MAIL]), max_size=4)


def test_a_phone_number_alone_is_a_safe_one() -> None:
    assert settled_points("07700 900123", None, None) == [SAFE]


def test_a_number_that_is_told_apart_comes_first() -> None:
    assert [point["value"] for point in settled_points("07700 900999", None, [SAFE])] == ["07700 900999", "07700 900123"]


@pytest.mark.parametrize("written", ["020 7946 0001", "02079460001", " 020 79460001"])
def test_a_number_that_is_marked_unsafe_stays_so_however_else_it_is_told(written: str) -> None:
    points = settled_points(written, None, [UNSAFE])
    assert points == [UNSAFE]
    assert first_safe(points, "phone") is None


def test_the_first_safe_one_is_what_others_are_told() -> None:
    assert first_safe([UNSAFE, SAFE, MAIL], "phone") == "07700 900123"
    assert first_safe([UNSAFE, SAFE, MAIL], "email") == "nell@mail.example"
    assert first_safe([UNSAFE], "email") is None


def test_a_new_number_takes_the_place_of_the_first_safe_one_for_who_knows_of_no_other() -> None:
    assert [point["value"] for point in replaced([UNSAFE, SAFE], "phone", "07700 900999")] == ["07700 900999", "020 7946 0001"]


def test_taking_the_number_away_leaves_the_unsafe_one_on_record() -> None:
    assert replaced([UNSAFE, SAFE], "phone", None) == [UNSAFE]


@given(POINTS, st.sampled_from([None, "07700 900123", "020 7946 0001", "07700 900999"]))
def test_nothing_unsafe_ever_becomes_safe_by_being_said_again(points: list[dict[str, Any]], phone: str | None) -> None:
    settled = settled_points(phone, None, points)
    unsafe = {point["value"] for point in points if not point["safe"]}
    assert all(not point["safe"] for point in settled if point["value"] in unsafe and point["value"] != SAFE["value"])
    assert settled_points(phone, None, settled) == settled


@pytest.mark.parametrize(
    ("kind", "value"), [("phone", "call me"), ("email", "nell at mail"), ("email", "07700 900123"), ("phone", "a@b.example")]
)
def test_what_is_no_number_or_no_address_is_refused(kind: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        contract.ContactPoint().load({"kind": kind, "value": value, "safe": True})
    assert list(refused.value.messages_dict) == ["value"]


def test_whether_it_is_safe_is_always_asked() -> None:
    with pytest.raises(ValidationError) as refused:
        contract.ContactPoint().load({"kind": "phone", "value": "07700 900123"})
    assert list(refused.value.messages_dict) == ["safe"]
