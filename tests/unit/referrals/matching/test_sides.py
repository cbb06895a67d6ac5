"""Two records side by side: what differs, what is sensible, what is kept from both."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.referrals.matching import sides

SAFE = {"channels": ["text", "phone"], "times": None, "avoid": None}


def record(**changed: Any) -> dict[str, Any]:
    parent = {"id": uuid4(), "given_name": "Amina", "family_name": "Begum", "birth_date": date(1992, 4, 17), **changed.pop("parent", {})}
    child = {"id": uuid4(), "given_name": "Yusuf", "family_name": "Begum", "birth_date": date(2024, 3, 5), **changed.pop("child", {})}
    plain = {"language": "English", "interpreter": False, "safe_contact": SAFE, "address": None}
    return {**plain, "parents": [parent], "children": [child], **changed}


def pairs(into: dict[str, Any], merged: dict[str, Any]) -> dict[UUID, UUID]:
    return {merged[side][0]["id"]: into[side][0]["id"] for side in ("parents", "children")}


def keys(into: dict[str, Any], merged: dict[str, Any]) -> dict[str, str]:
    return {one.name: one.chosen for one in sides.differing(into, merged, pairs(into, merged))}


def test_records_that_say_the_same_have_nothing_to_choose() -> None:
    assert keys(record(), record()) == {}


def test_what_only_one_of_them_says_is_taken_without_a_choice_against_it() -> None:
    into, merged = record(parent={"gp": None}), record(parent={"gp": "Lister Primary Care Centre"})
    assert keys(into, merged) == {"gp": "merged"}
    said = sides.answers(into, merged, pairs(into, merged), take=[], both=[])
    assert said == {f"{into['parents'][0]['id']}.gp": "Lister Primary Care Centre"}
    assert keys(merged, into) == {}


def test_where_both_say_something_the_record_that_goes_on_is_believed_until_somebody_chooses() -> None:
    into, merged = record(language="English"), record(language="Bengali")
    assert keys(into, merged) == {"language": "into"}
    assert sides.answers(into, merged, pairs(into, merged), take=[], both=[]) == {}
    assert sides.answers(into, merged, pairs(into, merged), take=["family.language"], both=[]) == {"family.language": "Bengali"}


def test_of_people_who_are_not_the_same_nothing_is_compared() -> None:
    into, merged = record(), record(parent={"given_name": "Grace"})
    assert sides.differing(into, merged, {}) == []


def test_a_baby_who_was_born_meanwhile_is_expected_no_longer() -> None:
    into = record(child={"birth_date": None, "expected_date": date(2026, 8, 20)})
    merged = record(child={"birth_date": date(2026, 9, 1), "expected_date": None})
    assert keys(into, merged) == {"birth_date": "merged"}


def test_of_safe_contact_only_what_both_call_safe_stays_and_everything_to_avoid() -> None:
    one = {"channels": ["text", "phone"], "times": "Mornings", "avoid": "No voicemail"}
    other = {"channels": ["visit", "text"], "times": "Mornings", "avoid": "Not on Fridays"}
    assert sides.stricter(one, other) == {"channels": ["text"], "times": "Mornings", "avoid": "No voicemail\nNot on Fridays"}
    assert keys(record(safe_contact=one), record(safe_contact=other)) == {"safe_contact": "both"}


def test_where_no_way_is_safe_by_both_the_first_ones_stay() -> None:
    one, other = {**SAFE, "channels": ["text"]}, {**SAFE, "channels": ["letter"]}
    assert sides.stricter(one, other)["channels"] == ["text"]


def test_the_order_of_channels_is_no_difference() -> None:
    assert keys(record(safe_contact=SAFE), record(safe_contact={**SAFE, "channels": ["phone", "text"]})) == {}


def test_a_number_that_either_calls_unsafe_is_unsafe() -> None:
    def point(value: str, *, safe: bool, note: str | None = None) -> dict[str, Any]:
        return {"kind": "phone", "value": value, "safe": safe, "note": note}

    ours, theirs = (
        [point("07700 900123", safe=True)],
        [point("07700900123", safe=False, note="He reads it"), point("07700 900456", safe=True)],
    )
    joined = sides.joined_points(ours, theirs)
    assert [(one["value"], one["safe"], one["note"]) for one in joined] == [
        ("07700 900123", False, "He reads it"),
        ("07700 900456", True, None),
    ]


def test_addresses_of_both_are_kept_and_one_of_them_is_where_they_live() -> None:
    here = {"line": "1 High Street", "postcode": "SE1 3QQ", "until_on": None}
    there = {"line": "2 Rye Lane", "postcode": "SE15 5BY", "until_on": None}
    before = {"line": "3 Harper Road", "postcode": "SE1 6AD", "until_on": "2024-01-01"}
    joined = sides.joined_addresses([here], [there, before], present=there)
    assert [one["line"] for one in joined] == ["2 Rye Lane", "3 Harper Road"]


def test_an_address_that_either_calls_unsafe_for_visits_is_unsafe() -> None:
    plain = {"line": "1 High Street", "postcode": "SE1 3QQ", "until_on": None, "safe_for_letters": True}
    (joined,) = sides.joined_addresses([{**plain, "safe_for_visits": True}], [{**plain, "safe_for_visits": False}], present=plain)
    assert (joined["safe_for_letters"], joined["safe_for_visits"]) == (True, False)


def test_words_of_both_are_kept_once() -> None:
    assert sides.joined_words("A dog", "A dog") == "A dog"
    assert sides.joined_words("A dog", "Stairs") == "A dog\nStairs"
    assert sides.joined_words(None, "Stairs") == "Stairs"
    assert sides.joined_words("A dog", None) == "A dog"


def test_who_is_who_is_proposed_by_what_speaks_for_it() -> None:
    into, merged = record(), record(parent={"given_name": "Aminah"})
    assert sides.who_is_who(into, merged) == pairs(into, merged)
