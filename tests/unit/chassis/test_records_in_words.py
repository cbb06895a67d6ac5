"""Records as lines that anybody can read."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from marshmallow import Schema, fields

from chassis.keeping.contract import LONGEST_WORDS
from chassis.keeping.writing import lines_of
from chassis.schemas import choice, some_of, text, yes_no


class Number(Schema):
    """A number at which somebody is reached."""

    kind = choice("What it is", {"phone": "Phone number", "email": "Email address"})
    safe = yes_no("Is it safe to use?")
    value = text("Number or address")


class Kept(Schema):
    """What is kept of somebody."""

    name = text("First name")
    born = fields.Date(metadata={"label": "Date of birth"})
    seen_at = fields.DateTime(metadata={"label": "Last seen"})
    number = fields.Nested(Number, metadata={"label": "Phone"})
    numbers = fields.List(fields.Nested(Number), metadata={"label": "Phone numbers"})
    ways = some_of("Safe ways", {"text": "Text message", "visit": "A visit to the home"})


def words_of(**values: Any) -> dict[str, str]:
    """Return what is said of each value, by its label."""
    return {line["label"]: line["words"] for line in lines_of(Kept(), values)}


def test_a_question_within_an_answer_ends_in_its_own_mark() -> None:
    said = words_of(number={"kind": "phone", "safe": True, "value": "07700 900123"})
    assert said == {"Phone": "What it is: Phone number; Is it safe to use? Yes; Number or address: 07700 900123"}


def test_each_of_several_stands_on_its_own_line() -> None:
    numbers = [{"kind": "phone", "safe": False}, {"kind": "email", "safe": True}]
    assert words_of(numbers=numbers)["Phone numbers"].splitlines() == [
        "What it is: Phone number; Is it safe to use? No",
        "What it is: Email address; Is it safe to use? Yes",
    ]
    assert words_of(ways=["text", "visit"]) == {"Safe ways": "Text message\nA visit to the home"}


def test_days_and_moments_are_told_as_people_say_them() -> None:
    said = words_of(born=date(2024, 7, 16), seen_at=datetime(2026, 7, 1, 9, 5, tzinfo=UTC))
    assert said == {"Date of birth": "16 July 2024", "Last seen": "1 July 2026, 10:05"}


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_what_is_not_there_is_no_line(nothing: object) -> None:
    assert words_of(name=nothing) == {}


def test_no_is_an_answer() -> None:
    assert [line["words"] for line in lines_of(Number(), {"safe": False})] == ["No"]


def test_what_a_schema_does_not_name_has_its_own_name() -> None:
    assert words_of(opened_by="Ruth Osei") == {"Opened by": "Ruth Osei"}


def test_very_long_words_are_cut_at_their_limit() -> None:
    assert len(words_of(name="x" * (LONGEST_WORDS + 1))["First name"]) == LONGEST_WORDS
