"""What comes with a request is read strictly."""

from typing import Any

import pytest
from flask import Flask

from chassis.errors import Invalid, KeyNeeded, Unreadable
from chassis.schemas import Contract, PageRequest, some_of, text, whole
from gateway.api import reading

APP = Flask("reading")


class Wanted(Contract):
    """Something to read."""

    name = text("Name")
    number = whole("Number", ge=1, le=9, required=False)


class Narrowed(PageRequest):
    """A list to narrow."""

    colour = some_of("Colour", {"red": "Red", "blue": "Blue"}, required=False)


def posted(raw: bytes, content_type: str = "application/json", **path: Any) -> dict[str, Any]:
    with APP.test_request_context("/", method="POST", data=raw, content_type=content_type):
        return reading.arguments(Wanted, path)


def asked(query: str) -> dict[str, Any]:
    with APP.test_request_context(f"/?{query}"):
        return reading.arguments(Narrowed, {})


def test_a_body_becomes_typed_arguments() -> None:
    assert posted(b'{"name": " Finn ", "number": 3}') == {"name": "Finn", "number": 3}


def test_what_is_in_the_path_is_an_argument_too() -> None:
    assert posted(b'{"number": 3}', name="Finn") == {"name": "Finn", "number": 3}


def test_nothing_may_be_said_twice() -> None:
    with pytest.raises(Invalid) as refused:
        posted(b'{"name": "Finn"}', name="Aoife")
    assert refused.value.faults == {"name": ["This is in the address already."]}


@pytest.mark.parametrize("number", ['"3"', "3.5", "true", "0", "10", "[]"])
def test_a_number_in_a_body_is_a_number(number: str) -> None:
    with pytest.raises(Invalid) as refused:
        posted(b'{"name": "Finn", "number": ' + number.encode() + b"}")
    assert list(refused.value.faults) == ["number"]


@pytest.mark.parametrize("raw", [b"{", b"[]", b"\xff", b'{"name": NaN}', b"[" * 50_000, b'"Finn"'])
def test_what_is_no_object_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        posted(raw)


def test_a_form_is_no_json() -> None:
    with pytest.raises(Unreadable):
        posted(b"name=Finn", "application/x-www-form-urlencoded")


def test_an_empty_body_says_nothing() -> None:
    with pytest.raises(Invalid) as refused:
        posted(b"")
    assert list(refused.value.faults) == ["name"]


def test_numbers_and_lists_in_a_query_are_what_the_schema_has_them_to_be() -> None:
    assert asked("limit=7&colour=red&colour=blue") == {"after": None, "limit": 7, "colour": ["red", "blue"]}


def test_a_query_that_says_nothing_asks_for_the_first_page() -> None:
    assert asked("") == {"after": None, "limit": 25, "colour": None}


@pytest.mark.parametrize("query", ["limit=x", "limit=07.5", "limit=1000", "limit=99999999999", "colour=green", "shape=round"])
def test_a_query_that_makes_no_sense_is_refused(query: str) -> None:
    with pytest.raises(Invalid):
        asked(query)


@pytest.mark.parametrize("key", ["abcdefgh", "A" * 64, "01890000-0000-7000-8000-000000000000"])
def test_a_proper_key_is_a_key(key: str) -> None:
    with APP.test_request_context("/", headers={"Idempotency-Key": key}):
        assert reading.idempotency_key() == key


@pytest.mark.parametrize("key", ["", "abc", "A" * 65, "with blank in", "ümläute-sind-keine", "line\tbreak-x"])
def test_anything_else_is_not(key: str) -> None:
    with APP.test_request_context("/", headers={"Idempotency-Key": key}), pytest.raises(KeyNeeded):
        reading.idempotency_key()
