"""What a family is found by: all that is known of its people, in one form, and nothing else."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.models.keys import KINDS, MOST_WORDS, Key, keys_of, sounds_of

FAMILY, PARENT, CHILD = UUID(int=1), UUID(int=2), UUID(int=3)


def record(**changed: Any) -> dict[str, Any]:
    parent = {
        "id": PARENT,
        "given_name": "Sinéad",
        "family_name": "O'Doyle",
        "phone": "07700 900123",
        "email": "S@x.org",
        "birth_date": None,
    }
    child = {"id": CHILD, "given_name": "Finn", "family_name": "O'Doyle", "birth_date": date(2024, 7, 16)}
    return {"parents": [parent], "children": [child], "address": {"line": "1 Rye Lane", "postcode": "SE15 5LX"}, **changed}


def of(person_id: UUID, keys: set[Key]) -> set[tuple[str, str]]:
    return {(key.kind, key.key) for key in keys if key.person_id == person_id}


def test_a_family_is_found_by_everybody_in_it_and_where_it_lives() -> None:
    keys = keys_of(FAMILY, record())
    assert of(PARENT, keys) == {
        ("name", "sinead"),
        ("name", "odoyle"),
        ("sounds", "SNT OTL"),
        ("phone", "7700900123"),
        ("email", "s@x.org"),
    }
    assert of(CHILD, keys) == {("name", "finn"), ("name", "odoyle"), ("sounds", "FN OTL"), ("born", "2024-07-16")}
    assert of(FAMILY, keys) == {("postcode", "SE155LX")}
    assert {key.kind for key in keys} <= set(KINDS)


def test_a_record_as_json_has_the_same_keys() -> None:
    told = record()
    as_json = {
        **told,
        "parents": [{**told["parents"][0], "id": str(PARENT)}],
        "children": [{**told["children"][0], "id": str(CHILD), "birth_date": "2024-07-16"}],
    }
    assert keys_of(FAMILY, as_json) == keys_of(FAMILY, told)


def test_every_name_of_somebody_is_a_key_and_a_double_name_also_in_one() -> None:
    person = {"id": PARENT, "given_name": "Katherine", "middle_names": "Ann Mary", "preferred_name": "Kit", "family_name": "Smith-Jones"}
    names = {key for kind, key in of(PARENT, keys_of(FAMILY, record(parents=[person]))) if kind == "name"}
    assert names == {"katherine", "ann", "mary", "annmary", "kit", "smith", "jones", "smithjones"}


def test_every_number_and_address_is_a_key_also_those_that_are_not_safe_to_use() -> None:
    points = [{"kind": "phone", "value": "020 7946 0000", "safe": False}, {"kind": "email", "value": "old@x.org", "safe": True}]
    person = {"id": PARENT, "given_name": "A", "family_name": "B", "nhs_number": "943 476 5919", "contact_points": points}
    keys = keys_of(FAMILY, record(parents=[person], addresses=[{"postcode": "SE1 7PB"}, {"postcode": None}]))
    assert of(PARENT, keys) >= {("phone", "2079460000"), ("email", "old@x.org"), ("nhs", "9434765919")}
    assert of(FAMILY, keys) == {("postcode", "SE155LX"), ("postcode", "SE17PB")}


def test_an_expected_baby_without_a_name_is_found_by_the_day() -> None:
    baby = {"id": CHILD, "given_name": "", "family_name": "Doyle", "birth_date": None, "expected_date": date(2027, 1, 30)}
    assert of(CHILD, keys_of(FAMILY, record(children=[baby]))) == {("name", "doyle"), ("born", "2027-01-30")}


def test_what_is_wrong_or_missing_is_no_key() -> None:
    person = {"id": PARENT, "given_name": " ", "family_name": "", "nhs_number": "9990000019", "phone": "123", "email": None}
    assert of(PARENT, keys_of(FAMILY, record(parents=[person], address=None))) == set()


def test_of_forty_names_the_family_name_is_kept() -> None:
    person = {"id": PARENT, "given_name": " ".join(f"part{number}" for number in range(40)), "family_name": "Doyle"}
    names = {key for kind, key in of(PARENT, keys_of(FAMILY, record(parents=[person]))) if kind == "name"}
    assert len(names) == MOST_WORDS
    assert "doyle" in names


@pytest.mark.parametrize(
    ("given_name", "family_name", "sounds"),
    [("Sinead Mary", "van Doyle", "SNT TL"), ("Shaun", "Doil", "XN TL"), ("", "Doyle", ""), ("\U0001f98b", "Doyle", "")],
)
def test_somebody_sounds_like_their_first_and_last_name(given_name: str, family_name: str, sounds: str) -> None:
    assert sounds_of({"given_name": given_name, "family_name": family_name}) == sounds


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30))
def test_no_key_is_empty_or_too_long_for_an_index(given_name: str, family_name: str, phone: str) -> None:
    person = {"id": PARENT, "given_name": given_name, "family_name": family_name, "phone": phone}
    assert all(0 < len(key.key) < 300 for key in keys_of(FAMILY, record(parents=[person])))
