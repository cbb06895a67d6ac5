"""What a row of a waiting list says, what is wrong with it, and which rows seem to be the same family."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis import clock
from chassis.errors import Conflict, Invalid, InvalidTransition, Stale
from chassis.schemas import instance_of
from chassis.sheets import BadSheet, csv_of
from services.referrals.contract import ReferRequest
from services.referrals.contract import importing as contract
from services.referrals.importing import Judge, candidate_keys, households_alike, open_sheet, rows_alike
from services.referrals.importing.judging import unread
from services.referrals.matching import Household, household
from services.referrals.models import Import, ImportRow, check_ages, keys_of, record_of
from tests import factories
from tests.support import waiting_lists as lists


def judge(cells: Mapping[str, str]) -> Any:
    def check(request: dict[str, Any]) -> None:
        check_ages(request["children"], request["referred_on"], 60)

    return Judge(list(cells), check).judged(list(cells.values()))


def faults(**spoilt: str) -> dict[str, str]:
    found: dict[str, str] = judge(lists.row(1, **spoilt)).faults
    return found


def refused(raw: bytes) -> str:
    with pytest.raises(BadSheet) as fault:
        open_sheet(raw)
    words: str = fault.value.faults["content"][0]
    return words


def test_a_row_asks_for_a_referral_as_a_form_would() -> None:
    request = judge(lists.row(1)).request
    assert request["parents"][0]["relationship"] == "MTH"
    assert request["safe_contact"]["channels"] == ["phone", "text"]
    assert (request["interpreter"], request["secondary_care"], request["referred_on"]) == (False, "no", clock.today())
    assert request["referrer"]["may_be_told"] == "outcome"


def test_a_row_says_everything_that_is_wrong_with_it_at_once() -> None:
    found = faults(**{lists.GIVEN: "", lists.BORN: "32/01/2025", lists.PHONE: "none", "Does the family agree to this referral": "No"})
    assert found == {
        lists.GIVEN: "First name: this is needed.",
        lists.BORN: "Date of birth: enter a real date, for example 16/07/2024.",
        lists.PHONE: "Phone: enter a number like 07700 900123.",
        "Does the family agree to this referral": "Ask the family first: a referral needs their agreement.",
    }


def test_rules_between_columns_and_of_the_borough_stand_at_a_column_too() -> None:
    assert list(faults(**{lists.BORN: "01/01/2015", lists.RECEIVED: "01/02/2026"})) == [lists.BORN]
    assert "modulus" not in str(faults(**{lists.NUMBER: "943 476 5918"}))
    assert list(faults(**{lists.NUMBER: "943 476 5918"})) == [lists.NUMBER]
    assert faults(**{lists.NUMBER: "943 476 5919"}) == {}


def test_the_day_it_was_received_is_needed_and_not_to_come() -> None:
    assert faults(**{lists.RECEIVED: ""}) == {lists.RECEIVED: "Date received: this is needed."}
    assert faults(**{lists.RECEIVED: "01/01/2090"}) == {lists.RECEIVED: "Date received: this must be today or in the past."}


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "@SUM(1)"])
def test_a_formula_is_refused_and_nothing_of_it_is_referred(cell: str) -> None:
    judged = judge(lists.row(1, **{"Why now": cell}))
    assert judged.request is None
    assert "formula" in judged.faults["Why now"]


def test_our_own_mark_before_a_formula_is_taken_off_and_the_formula_still_refused() -> None:
    assert "formula" in faults(**{"Why now": "'=1+1"})["Why now"]
    assert judge(lists.row(1, **{lists.PHONE: "'+44 7700 900123"})).request["parents"][0]["phone"] == "+44 7700 900123"


def test_names_of_every_script_and_length_are_read_and_too_long_ones_are_said_so() -> None:
    for given, family in [*factories.PARENT_NAMES, ("👩 Ana", "\u200f\u05e9\u05d9")]:
        assert faults(**{lists.GIVEN: given, lists.FAMILY: family}) == {}
    forty = " ".join(["Ana"] * 40)
    assert faults(**{lists.GIVEN: forty}) == {}
    assert "characters or fewer" in faults(**{lists.GIVEN: forty * 4})[lists.GIVEN]


def test_a_row_with_more_cells_than_headings_is_not_read_past_them() -> None:
    cells = lists.row(1)
    found = Judge(list(cells), lambda _: None).judged([*cells.values(), "stray"])
    assert found.request is None or "" in found.faults
    assert "stray separator" in found.faults[""]


def test_a_row_that_ends_early_lacks_what_comes_after() -> None:
    cells = lists.row(1)
    found = Judge(list(cells), lambda _: None).judged(list(cells.values())[:-1])
    assert list(found.faults) == ["Does the family agree to this referral"] or "" in found.faults


def test_a_second_parent_and_child_have_columns_of_their_own() -> None:
    more = {"Parent 3: First name": "Bo", "Parent 3: Last name": "", "Child 2: First name": "Mo"}
    found = faults(**more)
    assert found["Parent 3: Last name"] == "Last name: this is needed."
    assert "Child 2: First name" not in found


def test_columns_that_are_missing_or_come_twice_are_named_all_at_once() -> None:
    cells = lists.row(1)
    some = {heading: cell for heading, cell in cells.items() if heading not in {lists.GIVEN, lists.RECEIVED}}
    assert refused(lists.sheet(some)).startswith(f"These columns are missing: {lists.GIVEN}, {lists.RECEIVED}.")
    headings = [*cells, "parents 1 given name", lists.PHONE]
    assert refused(csv_of(headings, [headings]).encode()).startswith(f"These columns are in the file twice: {lists.GIVEN}, {lists.PHONE}.")


def test_columns_that_are_not_read_are_named_but_our_own_notes_are_not() -> None:
    assert unread([*lists.row(1), "Shoe size", *contract.NOTE_COLUMNS]) == ["Shoe size"]


def test_a_file_without_rows_too_many_rows_or_too_many_bytes_says_what_to_do() -> None:
    cells = lists.row(1)
    assert refused(csv_of(cells, []).encode()).startswith("There is no row under the headings.")
    blank = csv_of(cells, [[""]] * 5).encode()
    assert refused(blank).startswith("There is no row under the headings.")
    line = ",".join("x" for _ in cells) + "\n"
    many = csv_of(cells, []).encode() + line.encode() * (contract.MOST_ROWS + 1)
    assert refused(many) == f"This file has more than 2,000 rows. {contract.SPLIT}"
    assert refused(many + b"x" * contract.LARGEST_BYTES) == f"This file is larger than 1 MB. {contract.SPLIT}"


@pytest.mark.parametrize("heading", ["Why now", "A"])
def test_a_file_that_is_wider_than_any_list_is_refused_at_once(heading: str) -> None:
    raw = f"{','.join([heading] * (contract.LARGEST_BYTES // (len(heading) + 1) - 10))}\n1\n".encode()
    began = time.process_time()
    assert refused(raw).startswith("This file has more than 500 columns.")
    assert time.process_time() - began < 2


def test_a_hundred_thousand_rows_are_refused_without_being_read() -> None:
    line = ",".join("x" for _ in lists.row(1)) + "\n"
    raw = csv_of(lists.row(1), []).encode() + line.encode() * 100_000
    began = clock.real_now()
    assert refused(raw).endswith(contract.SPLIT)
    assert (clock.real_now() - began).total_seconds() < 1


def test_the_template_has_what_is_needed_and_is_itself_a_file_without_rows() -> None:
    headings = [column.label for column in contract.TEMPLATE]
    assert len(set(headings)) == len(headings)
    assert contract.COLUMNS.missing_from([contract.COLUMNS.known(heading) for heading in headings]) == []
    assert refused(csv_of(headings, []).encode()).startswith("There is no row")


def said(cells: Mapping[str, str]) -> tuple[list[str], Household]:
    record = record_of(judge(cells).request)
    return candidate_keys(keys_of(uuid4(), record)), household(uuid4(), record)


def alike(*rows: Mapping[str, str]) -> dict[int, list[int]]:
    found = {number: said(cells) for number, cells in enumerate(rows, 2)}
    return rows_alike({number: one[0] for number, one in found.items()}, {number: one[1] for number, one in found.items()})


def test_the_same_family_in_two_rows_is_found_however_it_is_spelt() -> None:
    one = lists.row(1, **{lists.GIVEN: "Sinead", lists.FAMILY: "Doyle", lists.CHILD: "Finn", "Child 1: Last name": "Doyle"})
    other = {**one, lists.GIVEN: "Sinéad", lists.PHONE: "+44 7700 900001"}
    assert alike(one, lists.row(2), other) == {2: [4], 4: [2]}


def test_families_that_only_share_a_clinics_phone_or_a_birthday_are_not_the_same() -> None:
    assert alike(*(lists.row(number, **{lists.PHONE: "020 7946 0100"}) for number in range(1, 6))) == {}
    assert alike(*(lists.row(number, **{lists.BORN: "01/01/2025"}) for number in range(1, 6))) == {}


def test_twins_in_two_rows_are_told_from_one_child_twice() -> None:
    one = lists.row(1)
    assert 2 in alike(one, {**one, lists.CHILD: "Quite Different"})


def test_a_family_that_is_known_is_found_with_its_reasons_and_the_likeliest_first() -> None:
    _, row = said(lists.row(1))
    _, same = said(lists.row(1))
    _, near = said(lists.row(1, **{lists.GIVEN: "Someone", lists.PHONE: "07700 912345"}))
    _, other = said(lists.row(9))
    found = households_alike(row, [other, near, same])
    assert found[0].family_id == same.id
    assert other.id not in {one.family_id for one in found}
    assert found[0].likely
    assert "phone" in found[0].reasons


def an_import(state: str = "review") -> Import:
    sheet, total = open_sheet(lists.sheet(lists.row(1)))
    made = Import.of("list.csv", sheet, total, factories.caller(), clock.now())
    made.state = state
    return made


def a_row(**given: Any) -> ImportRow:
    row = ImportRow(number=2, cells=["x"], faults={}, keys=[], same_rows=[], matches=[], allowed=False, state="", **given)
    row.settle()
    return row


def test_where_a_row_stands_follows_from_what_is_known_of_it() -> None:
    row = a_row()
    assert row.state == "ready"
    row.same_rows = [5]
    row.settle()
    assert row.state == "same"
    row.decide("refer")
    assert row.state == "ready"
    row.decide("leave_out_same")
    assert row.state == "ready"
    row.decide("leave_out")
    assert row.state == "left_out"
    row.decide("take_back")
    assert row.state == "same"
    row.decide("leave_out_same")
    assert row.state == "left_out"


def test_a_row_that_needs_changing_can_be_left_out_and_not_referred() -> None:
    row = a_row()
    row.faults = {lists.GIVEN: "this is needed."}
    row.settle()
    with pytest.raises(Conflict):
        row.decide("refer")
    assert row.state == "faulty"
    row.decide("leave_out_faulty")
    assert row.state == "left_out"


def test_a_row_that_was_referred_holds_nothing_of_what_it_said() -> None:
    row = a_row()
    row.matches = [{"family_id": str(uuid4()), "likely": True, "reasons": []}]
    row.refer_as(uuid4())
    assert (row.state, row.cells, row.faults, row.keys, row.same_rows, row.matches) == ("imported", [], {}, [], [], [])


@pytest.mark.parametrize(("waiting", "ready"), [(1, 5), (0, 0)])
def test_nothing_is_imported_while_rows_wait_or_where_none_is_ready(waiting: int, ready: int) -> None:
    found = an_import()
    with pytest.raises(Conflict):
        found.begin_importing(1, factories.caller(), waiting, ready)
    assert (found.state, found.version) == ("review", 1)


@pytest.mark.parametrize("state", ["checking", "importing", "imported", "cancelled", "undone"])
def test_only_what_is_under_review_is_imported(state: str) -> None:
    with pytest.raises(InvalidTransition):
        an_import(state).begin_importing(1, factories.caller(), 0, 1)


def test_two_who_decide_at_once_hear_of_each_other() -> None:
    found = an_import()
    found.move(1, "review", "review")
    with pytest.raises(Stale):
        found.move(1, "cancelled", "review")


def test_each_step_has_an_event_of_its_own_and_rows_are_referred_by_whoever_said_so() -> None:
    found = an_import("checking")
    assert found.stepped().sequence == 1
    found.looked_at(1, 3, 3)
    assert (found.stepped().sequence, found.checked) == (2, 1)
    found.begin_review()
    assert (found.content, found.version) == (None, 3)
    by = factories.caller(name="Paul Lang", roles=("practitioner", "administrator"), address="192.0.2.7")
    found.begin_importing(3, by, 0, 1)
    acting = found.on_behalf()
    assert (acting.person_id, acting.person_name, acting.agency_name) == (by.person_id, "Paul Lang", by.agency_name)
    assert (acting.roles, acting.address) == (by.roles, by.address), "the trail says acting as what, and from where"


def test_of_an_import_that_began_before_it_was_kept_the_trail_says_who() -> None:
    found = an_import("importing")
    found.imported_by_id, found.imported_by_name, found.imported_by_agency = uuid4(), "Paul Lang", None
    acting = found.on_behalf()
    assert (acting.person_name, acting.agency_name, acting.roles, acting.address) == ("Paul Lang", "", (), "")


def test_every_row_schema_column_is_one_of_the_form_of_a_referral() -> None:
    assert set(instance_of(contract.WaitingListRow).fields) == set(instance_of(ReferRequest).fields)
    with pytest.raises(Invalid):
        raise BadSheet("words")


@pytest.mark.parametrize(
    ("state", "allowed", "faults", "same_rows", "then"),
    [
        ("same", False, {}, [], "ready"),
        ("same", False, {}, [4], "same"),
        ("ready", True, {}, [], "ready"),
        ("left_out", False, {}, [], "left_out"),
        ("faulty", False, {"Phone": "enter a number"}, [], "faulty"),
    ],
)
def test_a_row_that_seems_to_be_nobody_any_more_keeps_what_was_decided(
    state: str, *, allowed: bool, faults: dict[str, str], same_rows: list[int], then: str
) -> None:
    hidden, other = uuid4(), uuid4()
    row = ImportRow(unshown=[], matches=[_match(hidden)], faults=faults, same_rows=same_rows, state=state, allowed=allowed)
    row.unlike({other}, hidden=True)
    assert (row.state, row.matches) == (state, [_match(hidden)])
    row.unlike({hidden, other}, hidden=True)
    assert (row.state, row.matches, row.unshown) == (then, [], [str(hidden)])


def test_a_row_that_seems_to_be_two_families_keeps_the_other() -> None:
    hidden, other = uuid4(), uuid4()
    row = ImportRow(unshown=[], matches=[_match(hidden), _match(other)], faults={}, same_rows=[], state="same", allowed=False)
    row.unlike({hidden}, hidden=False)
    assert (row.state, row.matches, row.unshown) == ("same", [_match(other)], [])


def _match(family_id: UUID) -> dict[str, object]:
    return {"family_id": str(family_id), "likely": True, "reasons": ["phone"]}
