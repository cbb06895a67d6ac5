"""Columns made from a schema: what each asks for, what its cells say, where its faults stand."""

from typing import Any

import pytest
from marshmallow import ValidationError, validates_schema

from chassis.schemas import Contract, choice, day, identifier, many, nested, some_of, text, whole, yes_no
from chassis.sheets import Columns, Repeat, faults_by_heading, laid_out
from chassis.sheets.cells import day_of


class Pet(Contract):
    """An animal."""

    id = identifier("Pet", required=False)
    name = text("Name", max_length=10)
    born = day("Born", required=False, not_future=True)


class Home(Contract):
    """Where it lives."""

    street = text("Street")
    tags = many(Pet, "Others")


class Keeper(Contract):
    """Somebody with animals."""

    agrees = yes_no("Do they agree?")
    how = some_of("How to reach them", {"phone": "Phone call", "letter": "Letter"})
    kind = choice("Kind", {"A1": "Dog people", "B2": "Cat people"})
    number = whole("How many", ge=0, le=5, required=False)
    home = nested(Home, "Home", required=False)
    pets = many(Pet, "Pets", at_least=1, at_most=3)

    @validates_schema
    def fits(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse two pets of one name, and more pets than there are."""
        names = [pet["name"] for pet in data.get("pets", [])]
        if len(set(names)) < len(names):
            raise ValidationError({"pets": {len(names) - 1: {"name": ["Name: two have it."]}}})
        if data.get("number") == 0:
            raise ValidationError("Nobody has no animals.")


COLUMNS = Columns(Keeper, repeats=[Repeat("pets", "Pet", 3)], labels={"number": "Animals"}, leave_out=frozenset({"home.street.x"}))
HEADINGS = ["Do they agree?", "How to reach them", "kind", "PET 1 - NAME", "pets 1 born", "Pet 3: Name", "Animals", "Street", "Colour"]
FOUND = [COLUMNS.known(heading) for heading in HEADINGS]


def load(*cells: str) -> tuple[dict[str, Any] | None, dict[str, str]]:
    laid = laid_out(FOUND, cells, HEADINGS)
    try:
        values: dict[str, Any] | None = Keeper().load(laid.values)
        return values, laid.faults
    except ValidationError as wrong:
        return None, faults_by_heading(wrong.messages_dict, FOUND, HEADINGS, laid)


def test_every_field_has_a_column_but_identifiers_and_lists_without_room() -> None:
    labels = [column.label for column in COLUMNS.all]
    assert labels == [
        "Do they agree", "How to reach them", "Kind", "Animals", "Street", "Pet 1: Name", "Pet 1: Born", "Pet 2: Name", "Pet 2: Born",
        "Pet 3: Name", "Pet 3: Born",
    ]  # fmt: skip


def test_only_what_every_row_needs_must_be_there() -> None:
    assert [column.label for column in COLUMNS.all if column.needed] == ["Do they agree", "How to reach them", "Kind", "Pet 1: Name"]
    assert COLUMNS.missing_from([COLUMNS.known("Kind"), None]) == ["Do they agree", "How to reach them", "Pet 1: Name"]


def test_headings_are_known_by_their_words_or_their_name_however_they_are_written() -> None:
    assert [column and column.label for column in FOUND] == [
        "Do they agree", "How to reach them", "Kind", "Pet 1: Name", "Pet 1: Born", "Pet 3: Name", "Animals", "Street", None,
    ]  # fmt: skip


def test_cells_say_what_a_form_would() -> None:
    values, faults = load("Yes", "phone call; LETTER", "dog people", " Rex ", "16/07/2024", "Tom", "2", "", "brown")
    assert faults == {}
    assert values is not None
    assert (values["agrees"], values["how"], values["kind"], values["number"]) == (True, ["phone", "letter"], "A1", 2)
    assert [(pet["name"], str(pet["born"])) for pet in values["pets"]] == [("Rex", "2024-07-16"), ("Tom", "None")]


@pytest.mark.parametrize("word", ["no", "N", "FALSE", "0"])
def test_no_is_said_in_several_ways(word: str) -> None:
    values, _ = load(word, "phone", "A1", "Rex")
    assert values is not None
    assert values["agrees"] is False


def test_each_fault_stands_at_its_heading_as_it_is_in_the_file() -> None:
    _, faults = load("perhaps", "fax", "", "Far too long a name", "1 June", "", "many")
    assert faults == {
        "Do they agree?": "Do they agree: write yes or no.",
        "How to reach them": "How to reach them: choose from the answers.",
        "kind": "Kind: this is needed.",
        "PET 1 - NAME": "Name: use 10 characters or fewer.",
        "pets 1 born": "Born: enter a real date, for example 16/07/2024.",
        "Animals": "Animals: write a whole number.",
    }


def test_a_fault_of_an_item_after_an_empty_one_stands_at_the_items_own_column() -> None:
    assert load("yes", "phone", "A1", "Rex", "", "Rex")[1] == {"Pet 3: Name": "Name: two have it."}


def test_a_fault_of_no_column_is_one_of_the_row() -> None:
    assert load("yes", "phone", "A1", "Rex", "", "", "0")[1] == {"": "Nobody has no animals."}


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1:A9)", "\t=1", " =HYPERLINK(1)", "＝1"])  # noqa: RUF001 - as spreadsheets take them
def test_a_cell_that_begins_like_a_formula_is_refused(cell: str) -> None:
    assert load("yes", "phone", "A1", cell)[1] == {"PET 1 - NAME": "Pet 1: Name: this begins like a formula. Remove the first character."}


@pytest.mark.parametrize("cell", ["-Rex", "+44 7700"])
def test_a_dash_or_a_plus_is_what_people_begin_with(cell: str) -> None:
    assert load("yes", "phone", "A1", cell)[1] == {}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-07-16", "2024-07-16"),
        ("16/07/2024", "2024-07-16"),
        ("6/7/2024", "2024-07-06"),
        ("16.7.2024", "2024-07-16"),
        ("16-07-2024", "2024-07-16"),
        ("16 July 2024", "2024-07-16"),
        ("16 Jul 2024", "2024-07-16"),
        ("16-Jul-2024", "2024-07-16"),
        ("2024-07-16 00:00:00", "2024-07-16"),
        ("16/07/2024 00:00", "2024-07-16"),
        ("07/16/2024", "07/16/2024"),
        ("16/07/24", "16/07/24"),
        ("yesterday", "yesterday"),
        ("45123", "45123"),
        ("31/02/2024", "31/02/2024"),
    ],
)
def test_days_are_read_day_first_and_what_is_none_stays_as_it_was_written(written: str, meant: str) -> None:
    assert day_of(written) == meant
