"""The register: everybody who is expected has a mark, two people can mark at once, closing makes it a fact."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from chassis.errors import Invalid, InvalidTransition, Stale
from chassis.ids import new_id
from services.sessions import contract
from services.sessions.contract import MARKS, RegisterIncomplete, SessionNotYet
from services.sessions.models import Family, Register
from tests.support.groups import TUESDAY, a_family, a_register, at, by, given

DOYLE, CASTILLO, ADEYEMI = a_family(), a_family("Luz", "Castillo", "Mateo"), a_family("Tola", "Adeyemi", "Kemi", "Sam")


@pytest.fixture
def register() -> Register:
    """A register of three families on its first version."""
    return a_register(DOYLE, CASTILLO, ADEYEMI)


def said(register: Register, family: Family) -> str | None:
    """Return what the register says of a family."""
    mark = register.marks.get(family.id)
    return mark.mark if mark else None


def events(register: Register, histories: dict[Any, list[str]] | None = None, count: int = 1) -> list[Any]:
    """Return the events of a closed register whose families have no history but this day."""
    days = {mark.place_id: [mark.mark] for mark in register.marks.values()}
    return list(register.facts(histories or days, dict.fromkeys(register.marks, count)))


def test_families_are_in_the_order_of_their_names(register: Register) -> None:
    assert [line.surname for line in register.expected] == ["Adeyemi", "Castillo", "Doyle"]


def test_a_mark_says_who_came_and_when_and_who_said_so(register: Register) -> None:
    new = register.record([given(DOYLE, "here")], 1, by("Amina Khan", minutes=2))
    mark = register.marks[DOYLE.id]
    assert new == [mark]
    assert (mark.mark, mark.arrived_at, mark.marked_by, mark.marked_at) == ("here", at(10, 2), "Amina Khan", at(10, 2))
    assert mark.people == DOYLE.people_ids


def test_some_families_can_be_marked_before_the_others(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by())
    assert [line.surname for line in register.unmarked] == ["Adeyemi", "Castillo"]


def test_only_those_named_are_in_the_building(register: Register) -> None:
    kemi = ADEYEMI.people_ids[1]
    register.record([given(DOYLE, "here"), given(ADEYEMI, "late", people=[kemi]), given(CASTILLO, "told_us")], 1, by())
    assert (register.people_here, register.families_here) == (3, 2)


def test_who_has_left_is_not_in_the_building_any_more(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by())
    register.record([given(DOYLE, "here", left_at=at(11))], 2, by(minutes=61))
    assert (register.people_here, register.families_here) == (0, 1)
    assert register.marks[DOYLE.id].arrived_at == at(10, 2)


def test_a_family_that_did_not_come_has_nobody_in_the_building(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by())
    register.record([given(DOYLE, "did_not_come")], 2, by())
    mark = register.marks[DOYLE.id]
    assert (mark.people, mark.arrived_at, mark.left_at) == ([], None, None)


def test_a_register_of_another_day_takes_no_time_of_arrival_from_the_clock(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by(on=TUESDAY + timedelta(days=2)))
    assert register.marks[DOYLE.id].arrived_at is None


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_every_mark_can_be_given_and_changed(register: Register, mark: str) -> None:
    register.record([given(DOYLE, mark)], 1, by())
    register.record([given(DOYLE, "here")], 2, by())
    register.record([given(DOYLE, mark)], register.session.version, by())
    assert said(register, DOYLE) == mark


def test_saying_the_same_again_changes_nothing(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by())
    assert register.record([given(DOYLE, "here")], 1, by("Jo Marsh", minutes=9)) == []
    assert register.session.version == 2
    assert register.marks[DOYLE.id].marked_by == "Amina Khan"


# Two facilitators at once


def test_marks_of_different_families_merge(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by("Amina Khan"))
    register.record([given(CASTILLO, "told_us")], 1, by("Jo Marsh"))
    assert (said(register, DOYLE), said(register, CASTILLO)) == ("here", "told_us")
    assert register.session.version == 3


def test_the_same_family_marked_differently_is_stale_and_both_are_shown(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by("Amina Khan"))
    with pytest.raises(Stale) as fault:
        register.record([given(DOYLE, "did_not_come"), given(CASTILLO, "here")], 1, by("Jo Marsh"))
    yours, theirs = fault.value.facts["yours"], fault.value.facts["theirs"]
    assert [mark["mark"] for mark in yours["marks"]] == ["did_not_come"]
    assert [(mark["mark"], mark["by"]) for mark in theirs["marks"]] == [("here", "Amina Khan")]
    assert yours["marks"][0]["family_name"] == "Sinead Doyle and Finn"
    assert (yours["version"], theirs["version"]) == (1, 2)


def test_when_one_family_clashes_nothing_is_saved(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by("Amina Khan"))
    with pytest.raises(Stale):
        register.record([given(CASTILLO, "here"), given(DOYLE, "told_us")], 1, by("Jo Marsh"))
    assert said(register, CASTILLO) is None
    assert said(register, DOYLE) == "here"


def test_two_who_say_the_same_of_one_family_do_not_clash(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by("Amina Khan"))
    register.record([given(DOYLE, "here"), given(CASTILLO, "here")], 1, by("Jo Marsh"))
    assert said(register, CASTILLO) == "here"


def test_a_mark_that_was_seen_can_be_changed(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by("Amina Khan"))
    register.record([given(DOYLE, "did_not_come")], 2, by("Jo Marsh"))
    assert said(register, DOYLE) == "did_not_come"


def test_a_version_that_never_was_overwrites_nothing(register: Register) -> None:
    register.record([given(DOYLE, "here")], 1, by("Amina Khan"))
    with pytest.raises(Stale):
        register.record([given(DOYLE, "did_not_come")], 999, by("Jo Marsh"))
    assert said(register, DOYLE) == "here"


def test_different_people_of_one_family_clash_too(register: Register) -> None:
    parent, kemi, _ = ADEYEMI.people_ids
    register.record([given(ADEYEMI, "here", people=[parent, kemi])], 1, by("Amina Khan"))
    with pytest.raises(Stale):
        register.record([given(ADEYEMI, "here", people=[parent])], 1, by("Jo Marsh"))


def test_a_whole_form_leaves_alone_what_its_sender_did_not_touch(register: Register) -> None:
    register.record([given(DOYLE, "told_us")], 1, by("Amina Khan"))
    register.record([given(DOYLE, "here")], 2, by("Jo Marsh"))
    register.record([given(DOYLE, "told_us", was="told_us"), given(CASTILLO, "here")], 2, by("Amina Khan"))
    assert (said(register, DOYLE), said(register, CASTILLO)) == ("here", "here")


def test_what_its_sender_did_touch_still_clashes(register: Register) -> None:
    register.record([given(DOYLE, "told_us")], 1, by("Amina Khan"))
    register.record([given(DOYLE, "here")], 2, by("Jo Marsh"))
    with pytest.raises(Stale):
        register.record([given(DOYLE, "did_not_come", was="told_us")], 2, by("Amina Khan"))


TWO = st.lists(
    st.tuples(st.sampled_from([DOYLE, CASTILLO, ADEYEMI]), st.sampled_from(sorted(MARKS))), max_size=3, unique_by=lambda pair: pair[0].id
)


@for_any(TWO, TWO)
def test_two_facilitators_either_merge_whoever_comes_first_or_the_second_is_told(
    mine: list[tuple[Family, str]], yours: list[tuple[Family, str]]
) -> None:
    def after(first: list[tuple[Family, str]], second: list[tuple[Family, str]]) -> dict[Any, str] | None:
        book = a_register(DOYLE, CASTILLO, ADEYEMI)
        book.record([given(family, mark) for family, mark in first], 1, by("Amina Khan"))
        try:
            book.record([given(family, mark) for family, mark in second], 1, by("Jo Marsh"))
        except Stale:
            return None
        return {family_id: mark.mark for family_id, mark in book.marks.items()}

    clash = any(family is other and mark != another for family, mark in mine for other, another in yours)
    assert after(mine, yours) == after(yours, mine)
    assert (after(mine, yours) is None) == clash


# What can't be said


@pytest.mark.parametrize(
    ("mark", "field"),
    [
        (given(new_id(), "here"), "family_id"),
        (given(DOYLE, "here", people=[new_id()]), "people"),
        (given(DOYLE, "here", people=CASTILLO.people_ids), "people"),
        (given(DOYLE, "here", arrived_at=at(10, 3)), "arrived_at"),
        (given(DOYLE, "here", arrived_at=at(9, on=TUESDAY - timedelta(days=1))), "arrived_at"),
        (given(DOYLE, "here", arrived_at=at(9, 50), left_at=at(9, 40)), "left_at"),
    ],
)
def test_what_cannot_be_is_refused_and_named(register: Register, mark: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as fault:
        register.record([given(CASTILLO, "here"), mark], 1, by(minutes=2))
    assert fault.value.faults == {"marks": {"1": {field: fault.value.faults["marks"]["1"][field]}}}
    assert register.marks == {}


def test_one_family_is_marked_once_at_a_time(register: Register) -> None:
    with pytest.raises(Invalid):
        register.record([given(DOYLE, "here"), given(DOYLE, "told_us")], 1, by())


def test_tomorrows_register_takes_no_marks(register: Register) -> None:
    with pytest.raises(SessionNotYet):
        register.record([given(DOYLE, "here")], 1, by(on=TUESDAY - timedelta(days=1)))


# Closing


def close(register: Register) -> None:
    """Close it on its present version."""
    register.close(register.session.version, by("Amina Khan", minutes=100))


def test_a_register_closes_when_every_family_has_a_mark(register: Register) -> None:
    register.record([given(DOYLE, "did_not_come"), given(CASTILLO, "here"), given(ADEYEMI, "told_us")], 1, by())
    close(register)
    assert (register.session.closed_at, register.session.closed_by) == (at(11, 40), "Amina Khan")


def test_a_register_with_a_family_unmarked_does_not_close_and_says_who(register: Register) -> None:
    register.record([given(DOYLE, "here"), given(ADEYEMI, "here")], 1, by())
    with pytest.raises(RegisterIncomplete) as fault:
        close(register)
    assert fault.value.facts["families"] == [{"family_id": str(CASTILLO.id), "name": "Luz Castillo and Mateo"}]
    assert register.session.closed_at is None


def test_who_closes_must_have_seen_every_mark(register: Register) -> None:
    register.record([given(DOYLE, "here"), given(ADEYEMI, "here"), given(CASTILLO, "here")], 1, by())
    with pytest.raises(Stale):
        register.close(1, by())


def test_a_register_closes_once(register: Register) -> None:
    register.record([given(DOYLE, "here"), given(ADEYEMI, "here"), given(CASTILLO, "here")], 1, by())
    close(register)
    with pytest.raises(InvalidTransition):
        close(register)


def test_a_register_of_nobody_can_be_closed() -> None:
    empty = a_register()
    close(empty)
    assert [event.type for event in events(empty)] == [contract.SESSION_CLOSED]


def test_closing_tells_of_the_session_and_of_every_family(register: Register) -> None:
    register.record([given(DOYLE, "did_not_come"), given(CASTILLO, "late"), given(ADEYEMI, "told_us")], 1, by())
    close(register)
    told = events(register)
    assert told[0].type is contract.SESSION_CLOSED
    assert (told[0].data["expected"], told[0].data["attended"]) == (3, 1)
    recorded = {event.data["family_id"]: event.data["mark"] for event in told if event.type is contract.ATTENDANCE_RECORDED}
    assert recorded == {DOYLE.id: "did_not_come", CASTILLO.id: "late", ADEYEMI.id: "told_us"}
    assert [event.subject for event in told if event.type is contract.FAMILY_MISSED] == [DOYLE.id]
    assert [event.subject for event in told if event.type is contract.FAMILY_ATTENDED] == [CASTILLO.id]


def test_neither_telling_us_nor_our_cancelling_is_told_as_missing_or_coming(register: Register) -> None:
    register.record([given(DOYLE, "told_us"), given(CASTILLO, "we_cancelled"), given(ADEYEMI, "told_us")], 1, by())
    close(register)
    assert {event.type for event in events(register)} == {contract.SESSION_CLOSED, contract.ATTENDANCE_RECORDED}


def test_a_missed_week_tells_how_many_were_missed_in_a_row_with_it() -> None:
    book = a_register(DOYLE)
    book.record([given(DOYLE, "did_not_come")], 1, by())
    close(book)
    place = book.place_ids[0]
    told = events(book, {place: ["here", "did_not_come", "told_us", "did_not_come"]}, count=4)
    assert {event.data["consecutive"] for event in told[1:]} == {2}
    assert {event.sequence for event in told[1:]} == {4}


def test_a_register_closed_late_tells_the_count_as_it_stands_now() -> None:
    book = a_register(DOYLE)
    book.record([given(DOYLE, "did_not_come")], 1, by())
    close(book)
    told = events(book, {book.place_ids[0]: ["did_not_come", "here"]}, count=2)
    assert [event.data["consecutive"] for event in told if event.type is contract.FAMILY_MISSED] == [0]


@for_any(st.dictionaries(st.sampled_from([0, 1, 2]), st.sampled_from(sorted(MARKS))))
def test_a_closed_register_has_a_mark_for_every_expected_family_or_it_is_not_closed(marks: dict[int, str]) -> None:
    """Rule 5: absence is stored, not inferred."""
    families = [DOYLE, CASTILLO, ADEYEMI]
    book = a_register(*families)
    book.record([given(families[place], mark) for place, mark in marks.items()], 1, by())
    try:
        close(book)
    except RegisterIncomplete:
        assert book.session.closed_at is None
    assert (book.session.closed_at is not None) == (len(marks) == 3)
    if book.session.closed_at:
        assert set(book.marks) == {family.id for family in families}


def test_no_event_names_anybody(register: Register) -> None:
    register.record([given(DOYLE, "here"), given(ADEYEMI, "here"), given(CASTILLO, "did_not_come")], 1, by("Amina Khan"))
    close(register)
    everything = str([event.data for event in events(register)])
    for name in ("Sinead", "Doyle", "Finn", "Castillo", "Amina"):
        assert name not in everything
