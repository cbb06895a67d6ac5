from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from chassis.errors import Conflict, Invalid, Stale
from chassis.schemas import Contract, choice, day, identifier, many, moment, nested, some_of, text, version, wall_time, whole, yes_no
from gateway.pages.forms import Form
from gateway.pages.forms.faults import flat
from gateway.pages.forms.reading import day_from, indexes, moment_from, time_from
from services.referrals.contract import ReferRequest
from stayplay.journey.family import referral


class Person(Contract):
    given_name = text("First name")
    birth_date = day("Date of birth", not_future=True)


class Home(Contract):
    line = text("Address", required=False)


class Sample(Contract):
    name = text("Name", hint="What people call it.")
    version = version()
    kind = choice("Kind", {"a": "Apple", "b": "Pear"})
    ways = some_of("Ways", {"phone": "Phone", "text": "Text"})
    agreed = yes_no("Agreed?")
    starts_at = moment("Starts")
    opens = wall_time("Opens")
    number = whole("How many", ge=1, le=9)
    group_id = identifier("Group", required=False)
    people = many(Person, "People", at_least=1, at_most=3)
    home = nested(Home, "Home", required=False)


def sent(**more: str) -> MultiDict[str, str]:
    posted: MultiDict[str, str] = MultiDict(
        {
            "name": " Hall ",
            "kind": "a",
            "agreed": "yes",
            "starts_at-day": "3",
            "starts_at-month": "7",
            "starts_at-year": "2026",
            "starts_at-time": "14.30",
            "opens": "9:05",
            "number": "4",
            "people-0-given_name": "Finn",
            "people-0-birth_date-day": "16",
            "people-0-birth_date-month": "7",
            "people-0-birth_date-year": "2024",
            "form_key": "key-12345",
        }
    )
    posted.setlist("ways", ["phone", "text"])
    for name, value in more.items():
        posted[name] = value
    return posted


def test_a_form_is_read_into_typed_values() -> None:
    values = Form(Sample).sent(sent()).checked(version=3)
    assert values is not None
    assert values["name"] == "Hall"
    assert values["ways"] == ["phone", "text"]
    assert values["agreed"] is True
    assert values["starts_at"] == datetime(2026, 7, 3, 13, 30, tzinfo=UTC)
    assert values["opens"] == time(9, 5)
    assert values["number"] == 4
    assert values["version"] == 3
    assert values["people"] == [{"given_name": "Finn", "birth_date": date(2024, 7, 16)}]
    assert values["home"] is None


def test_each_wrong_answer_is_blamed_on_its_question_in_the_order_of_the_form() -> None:
    wrong = sent(**{"number": "many", "opens": "25:99", "name": "", "people-0-birth_date-month": "13", "starts_at-time": "soon"})
    filled = Form(Sample).sent(wrong)
    assert filled.checked(version=3) is None
    assert filled.faults == {
        "name": "Name: this is needed.",
        "starts_at": "Starts: enter a real date, and a time like 10:00.",
        "opens": "Opens: enter a time like 10:00.",
        "number": "How many: enter a whole number.",
        "people-0-birth_date": "Date of birth: enter a real date, for example 16 7 2024.",
    }


def test_a_wrong_answer_is_shown_again_as_it_was_typed() -> None:
    filled = Form(Sample).sent(sent(**{"number": "many", "starts_at-day": "99"}))
    filled.checked(version=1)
    widgets = filled.widgets
    assert widgets["number"].value == "many"
    assert widgets["number"].error == "How many: enter a whole number."
    assert widgets["starts_at"].parts == {"day": "99", "month": "7", "year": "2026", "time": "14.30"}
    assert widgets["people"].items[0].inner["given_name"].value == "Finn"


def test_faults_of_a_service_are_shown_as_those_of_the_form() -> None:
    filled = Form(Sample).sent(sent())
    filled.refuse(Invalid(faults={"people": {"0": {"birth_date": ["Date of birth: too old for the group."]}}}))
    assert filled.faults == {"people-0-birth_date": "Date of birth: too old for the group."}
    assert filled.links == [("people-0-birth_date", "Date of birth: too old for the group.")]


@pytest.mark.parametrize("error", [Conflict(), Stale()])
def test_another_refusal_is_about_the_whole_form(error: Conflict | Stale) -> None:
    filled = Form(Sample).sent(sent())
    filled.refuse(error)
    assert filled.problem is error
    assert filled.in_error
    assert filled.faults == {}


def test_ids_are_unique_where_a_page_holds_several_forms() -> None:
    filled = Form(Sample, within="second").sent(sent(name=""))
    filled.checked(version=1)
    assert filled.widgets["name"].id == "second-name"
    assert filled.widgets["name"].name == "name"
    assert filled.links[0][0] == "second-name"


def test_what_the_view_gives_is_not_asked() -> None:
    widgets = Form(Sample, "kind", "home-line").blank().widgets
    assert "kind" not in widgets
    assert "version" not in widgets
    assert widgets["home"].items == ()


def test_an_identifier_is_chosen_by_name_where_there_are_choices() -> None:
    assert Form(Sample).blank().widgets["group_id"].kind == "hidden"
    chosen = Form(Sample, choices={"group_id": {"1": "Peckham"}}).blank().widgets["group_id"]
    assert (chosen.kind, chosen.choices) == ("select", {"1": "Peckham"})


def test_labels_may_be_other_words() -> None:
    assert Form(Sample, labels={"home-line": "Street"}).blank().widgets["home"].inner["line"].label == "Street"


def test_an_item_is_added_and_taken_away_without_losing_the_others() -> None:
    filled = Form(Sample).sent(sent(add="people"))
    assert filled.resized()
    assert [item.name for item in filled.widgets["people"].items] == ["people-0", "people-1"]
    filled.posted["people-1-given_name"] = "Aoife"
    filled.posted["remove"] = "people-0"
    assert filled.resized()
    (left,) = filled.widgets["people"].items
    assert (left.name, left.inner["given_name"].value) == ("people-0", "Aoife")


def test_sending_is_not_resizing() -> None:
    assert not Form(Sample).sent(sent()).resized()


def test_an_empty_form_shows_one_item_of_a_list() -> None:
    assert len(Form(Sample).blank().widgets["people"].items) == 1


def test_answers_are_carried_through_a_page_that_does_not_ask_them() -> None:
    kept = Form(Sample).sent(sent(csrf_token="t", step="check")).kept()
    assert ("ways", "phone") in kept
    assert ("ways", "text") in kept
    assert not {"csrf_token", "step", "form_key"} & {name for name, _ in kept}


def test_the_same_form_keeps_its_idempotency_key() -> None:
    assert Form(Sample).sent(sent()).sent_key() == "key-12345"
    blank = Form(Sample).blank()
    assert blank.sent_key() == blank.key


def test_an_optional_answer_that_has_a_default_is_not_called_optional() -> None:
    widgets = Form(ReferRequest).blank().widgets
    assert widgets["urgency"].required
    assert not widgets["risks_to_visitors"].required


def test_a_whole_referral_survives_being_written_into_a_form_and_read_again() -> None:
    whole_of_it = ReferRequest().load(referral("Doyle", date(2026, 3, 1)))
    again = Form(ReferRequest).sent(Form(ReferRequest).blank(**whole_of_it).posted).checked()
    assert again == whole_of_it


@pytest.mark.parametrize(("typed", "read"), [("9:05", "09:05"), ("9.05", "09:05"), ("0905", "09:05"), ("905", "09:05"), ("noon", "noon")])
def test_times_are_read_as_people_type_them(typed: str, read: str) -> None:
    assert time_from(typed) == read


def test_a_moment_is_on_the_wall_in_london() -> None:
    posted = {"at-day": "3", "at-month": "7", "at-year": "2026", "at-time": "14:30"}
    assert moment_from(posted, "at") == "2026-07-03T14:30:00+01:00"
    assert moment_from({}, "at") == ""
    assert moment_from({"at-day": "31", "at-month": "2", "at-year": "2026", "at-time": "9:00"}, "at") == "2026-02-31 09:00"


def test_items_are_found_by_their_numbers() -> None:
    posted = dict.fromkeys(["people-0-name", "people-2-name", "people-10-name", "people-x-name", "peoples-4-name", "people-99999-name"], "")
    assert indexes(posted, "people") == [0, 2, 10]


def test_of_a_list_that_is_longer_than_any_no_more_is_shown_again_than_says_so() -> None:
    """Anybody can post a thousand children: judging and drawing them all would keep everybody else waiting."""
    born = {"birth_date-day": "3", "birth_date-month": "7", "birth_date-year": "2024"}
    many = {f"people-{place}-{name}": text for place in range(999) for name, text in {"given_name": f"Child {place}", **born}.items()}
    filled = Form(Sample).sent(sent(**many))
    assert filled.checked() is None
    assert filled.faults["people"] == "People: give 1 to 3."
    assert [item.inner["given_name"].value for item in filled.widgets["people"].items] == [f"Child {place}" for place in range(4)]


def test_faults_are_flattened_with_the_first_message_of_each() -> None:
    found = dict(flat({"a": ["one", "two"], "list": {0: {"b": ["three"]}}, "_schema": ["whole"], "none": []}))
    assert found == {"a": "one", "list-0-b": "three", "": "whole"}


def test_a_fault_of_one_ticked_box_is_that_of_its_question() -> None:
    form = Form(Sample).sent(sent())
    form.blame({"ways": {1: ["Ways: choose one of the answers."]}, "people": {0: {"given_name": ["Given name: this is needed."]}}})
    assert form.faults == {"ways": "Ways: choose one of the answers.", "people-0-given_name": "Given name: this is needed."}


@given(st.dictionaries(st.sampled_from(["d-day", "d-month", "d-year"]), st.text(max_size=6)))
def test_whatever_is_typed_as_a_day_is_refused_or_read_but_never_breaks(posted: dict[str, str]) -> None:
    read = day_from(posted, "d")
    assert isinstance(read, str)


@given(
    st.dictionaries(
        st.from_regex(r"(people-[0-9]{1,3}-given_name|name|ways|starts_at-time|number|agreed|home-line)", fullmatch=True),
        st.text(max_size=20),
    )
)
def test_whatever_is_posted_is_judged_and_shown_again(posted: dict[str, Any]) -> None:
    filled = Form(Sample).sent(MultiDict(posted))
    filled.checked(version=1)
    assert filled.in_error
    assert filled.widgets
