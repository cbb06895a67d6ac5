"""The audit trail told: merged, in words, in files, and as the family is given it."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import LargeBinary

from chassis import clock
from chassis.auditing.contract import KINDS, READ_AUDIT
from chassis.auditing.contract import SERVICES as AUDITED
from chassis.contract import Operation
from chassis.database.base import Base, models_of
from chassis.database.changes import SECRET
from chassis.database.trail import REASONS
from chassis.errors import Forbidden, Invalid, Restricted, TimedOut, Unavailable
from chassis.schemas import Text
from chassis.sheets import csv_of, safe
from gateway.access.audit import files, parents, trails
from gateway.access.audit.words import DONE, SERVICES, choices, words_of
from gateway.contract import OPERATIONS as GATEWAYS
from gateway.contract.plain_words import clinical_words
from gateway.pages.audit.lines import lines_of, told
from stayplay.roster import LISTENERS, PACKAGES, store

RUTH = UUID(int=7)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EVERY: tuple[Operation, ...] = (*GATEWAYS, *(one for name in LISTENERS for one in import_module(f"{PACKAGES[name]}.contract").OPERATIONS))


def entry(minutes: int = 0, **changed: Any) -> dict[str, Any]:
    """Return an entry as a service tells it, so many minutes after noon."""
    told_of: dict[str, Any] = {
        "id": uuid4(),
        "service": "referrals",
        "number": 1,
        "at": NOON + timedelta(minutes=minutes),
        "person_id": RUTH,
        "person_name": "Ruth Osei",
        "agency": "Peckham children's centre",
        "roles": ["practitioner"],
        "address": "192.0.2.7",
        "operation": "referrals.get_family",
        "kind": "read",
        "family_id": uuid4(),
        "subject_id": None,
        "correlation_id": "one request",
        "facts": {},
        "reason": None,
        "reason_hidden": False,
        "asked": None,
        "asked_hidden": False,
        "changes": [],
        "erased": False,
    }
    return told_of | changed


def reply(*entries: dict[str, Any], more: str | None = None) -> dict[str, Any]:
    return {"items": list(entries), "next": more, "total": None}


# --- merging ----------------------------------------------------------------------------------------------------------


def test_entries_of_all_services_are_one_list_newest_first() -> None:
    one, two, three = entry(1), entry(2), entry(3)
    found = trails.merged({"referrals": reply(three, one), "outreach": reply(two)}, 10)
    assert found == ([three, two, one], None, [])


def test_entries_of_one_moment_are_in_the_order_of_their_ids_as_postgresql_sorts_them() -> None:
    low, high = entry(id=UUID(int=1)), entry(id=UUID(int=2**127))
    assert trails.merged({"referrals": reply(low), "sessions": reply(high)}, 10).items == [high, low]


def test_a_page_holds_no_more_than_was_asked_for_and_says_where_the_next_begins() -> None:
    found = trails.merged({"referrals": reply(entry(5), entry(3)), "outreach": reply(entry(4))}, 2)
    assert [one["at"].minute for one in found.items] == [5, 4]
    assert found.next is not None


def test_there_is_a_next_page_as_long_as_one_service_has_more() -> None:
    assert trails.merged({"referrals": reply(entry(1), more="x")}, 1).next is not None
    assert trails.merged({"referrals": reply(entry(1))}, 1).next is None


@pytest.mark.parametrize("error", [Unavailable(), TimedOut()])
def test_a_service_that_does_not_answer_is_named_and_the_others_are_shown(error: Any) -> None:
    found = trails.merged({"referrals": reply(entry()), "outreach": error}, 10)
    assert (len(found.items), found.silent) == (1, ["outreach"])


@pytest.mark.parametrize("error", [Forbidden(permission="audit.read"), Restricted(), Invalid(faults={"after": ["No."]})])
def test_what_one_service_refuses_is_refused(error: Any) -> None:
    with pytest.raises(type(error)):
        trails.merged({"referrals": error, "outreach": reply(entry())}, 10)


def test_a_list_that_is_handed_over_is_whole_or_not_handed_over() -> None:
    with pytest.raises(Unavailable):
        trails.require_all(trails.Trail([], None, ["outreach"]))


def pages_of(number: int, asked: list[dict[str, Any]]) -> Callable[..., trails.Trail]:
    """Return a trail of so many pages, which notes how it is asked."""

    def trail(**wanted: Any) -> trails.Trail:
        asked.append(wanted)
        return trails.Trail([entry()], str(len(asked)) if len(asked) < number else None, [])

    return trail


def test_a_familys_list_holds_every_page_however_many() -> None:
    asked: list[dict[str, Any]] = []
    assert len(list(trails.whole(pages_of(50, asked), kind="read"))) == 50
    assert [one["after"] for one in asked] == [None, *map(str, range(1, 50))]
    assert {(one["kind"], one["limit"]) for one in asked} == {("read", trails.AT_ONCE)}


def test_a_boroughs_file_ends_where_it_may_and_the_last_page_says_that_there_is_more() -> None:
    assert len(list(trails.whole(pages_of(2, []), trails.MOST))) == 2
    *_, last = found = list(trails.whole(pages_of(50, []), trails.MOST))
    assert len(found) * trails.AT_ONCE == trails.MOST
    assert last.next is not None


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", EVERY, ids=lambda operation: operation.full_name)
def test_every_operation_has_words(operation: Operation) -> None:
    assert operation.full_name in DONE


def test_no_words_are_left_of_what_is_no_more() -> None:
    names = {operation.full_name for operation in EVERY}
    assert {name for name in DONE if not name.startswith("gateway.")} <= names


def test_words_begin_large_end_without_a_stop_and_are_chosen_under_their_service() -> None:
    assert all(words[0].isupper() and not words.endswith(".") for words in DONE.values())
    assert choices()["referrals.get_family"] == "Referrals and families: opened a family's record"
    assert words_of("outreach.hear_of_acceptance") == "The platform kept its records in step"


def test_what_is_written_of_a_family_as_a_reason_says_who_may_read_it() -> None:
    """Without a sensitivity, an administrator is shown a reason; that somebody broke the glass is what they are told of."""
    open_to_all = {
        operation.full_name
        for operation in EVERY
        for name in REASONS
        if operation.changes and isinstance(field := operation.request().fields.get(name), Text) and not field.metadata.get("sensitivity")
    }
    assert {name for name in open_to_all if not name.startswith("gateway.")} == {"referrals.break_glass"}


def test_every_service_answers_for_its_trail() -> None:
    assert set(AUDITED) == set(PACKAGES) == set(SERVICES) == set(READ_AUDIT)


# --- what stays out ---------------------------------------------------------------------------------------------------


def models() -> list[type[Base]]:
    found: list[type[Base]] = []
    for name, package in PACKAGES.items():
        store(name).metadata()
        found += models_of(package).values()
    return found


@pytest.mark.parametrize("model", models(), ids=lambda model: f"{model.__module__}.{model.__name__}")
def test_nothing_secret_of_any_model_reaches_the_trail(model: Any) -> None:
    assert not {key for key in _kept(model) if any(word in key for word in ("hash", "token", "secret", "password", "salt"))}


def _kept(model: Any) -> set[str]:
    if "*" in model.unaudited:
        return set()
    columns = [column for column in model.__table__.columns if not isinstance(column.type, LargeBinary)]  # bytes are never kept
    return {column.key for column in columns if column.key not in model.unaudited and not SECRET.search(column.key)}


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝", "＠"])  # noqa: RUF001 - the wide ones are meant
def test_nothing_written_by_anybody_becomes_a_formula(start: str) -> None:
    assert safe(f"{start}HYPERLINK('http://evil.example')") == f"'{start}HYPERLINK('http://evil.example')"


@given(st.text())
def test_a_cell_is_kept_as_it_was_but_for_the_apostrophe(text: str) -> None:
    assert safe(text).removeprefix("'") == text.removeprefix("'")


@pytest.mark.parametrize("value", ["Ruth Osei", "", None, 7, "a=b"])
def test_what_is_harmless_stays_as_it_is(value: object) -> None:
    assert safe(value) == ("" if value is None else str(value))


def test_a_file_opens_as_it_was_written_with_a_row_for_each_entry() -> None:
    odd = entry(person_name='=Zoë, "Z"\nOsei', reason="They asked", facts={"query": {"status": "open"}})
    text = csv_of(files.HEADINGS, [files.row_of(odd)])
    headings, row = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert text.startswith("\ufeff")
    assert len(headings) == len(row)
    told_of = dict(zip(headings, row, strict=True))
    assert told_of["Who"] == '\'=Zoë, "Z"\nOsei'
    assert (told_of["What was done"], told_of["Why"], told_of["List asked for"]) == (
        "Opened a family's record",
        "They asked",
        "status: open",
    )
    assert told_of["When (London)"] == "2026-11-23 12:00:00"


def test_values_that_are_not_shown_are_not_in_the_file() -> None:
    hidden = {"table": "families", "id": None, "rows": None, "columns": ["language"], "before": None, "after": None, "shown": False}
    row = files.row_of(entry(kind="change", reason_hidden=True, changes=[hidden]))
    assert "families: language" in row
    assert "not shown" in row


# --- the family's own list --------------------------------------------------------------------------------------------


def test_a_line_says_who_of_which_organisation_when_and_how() -> None:
    (line,) = parents.lines_of([entry(3), entry(1)], "Little Steps")
    assert (line.who, line.agency, line.how) == ("Ruth Osei", "Peckham children's centre", "Looked at your record")
    assert (f"{line.first:%H:%M}", f"{line.last:%H:%M}") == ("12:01", "12:03")


def test_reading_and_changing_are_two_lines_and_so_are_two_people_and_two_days() -> None:
    several = [entry(), entry(kind="change"), entry(person_name="Jo Marsh"), entry(24 * 60)]
    assert len(parents.lines_of(several, "Little Steps")) == 4


def test_an_organisation_whose_name_says_too_much_is_a_partner_of_the_programme() -> None:
    (line,) = parents.lines_of([entry(agency="South London CAMHS")], "Little Steps")
    assert line.agency == "A partner of Little Steps"


@pytest.mark.parametrize("agency", ["Adult mental health team", "Perinatal service", "Speech Therapy", None, ""])
def test_no_clinical_word_is_in_the_list(agency: str | None) -> None:
    lines = parents.lines_of([entry(agency=agency), entry(roles=["system"], person_name="Therapy records")], "Little Steps")
    assert clinical_words(str(parents.rows_of(lines)) + " ".join(parents.HEADINGS)) == []


def test_what_the_platform_does_by_itself_counts_where_it_changed_something() -> None:
    automatic: dict[str, Any] = {"roles": ["service"], "person_name": "Stay & Play (outreach)", "agency": ""}
    assert parents.lines_of([entry(**automatic)], "Little Steps") == []
    (line,) = parents.lines_of([entry(kind="change", **automatic)], "Little Steps")
    assert (line.who, line.agency) == ("Little Steps's computer system", "Little Steps")


def test_signing_in_is_no_familys_business() -> None:
    assert parents.lines_of([entry(kind="security")], "Little Steps") == []


# --- lines of a page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_of_every_kind_becomes_a_line(kind: str) -> None:
    assert told(entry(kind=kind)).how in {"Looked at", "Changed", "Access"}


def test_entries_of_one_request_about_one_thing_done_are_one_line() -> None:
    families = [UUID(int=number) for number in (1, 2, 2, 3)]
    row = {"table": "marks", "id": None, "rows": None, "columns": ["mark"], "before": None, "after": None, "shown": False}
    listed = entry(family_id=None, facts={"query": {}, "count": 3})
    register = [entry(family_id=one, changes=[row]) for one in families]
    (line,) = lines_of([listed, *register])
    assert [one.id for one in line.families] == families[:2] + families[3:]
    assert (line.asked, len(line.changes)) == ("3 on the page", 4)


@pytest.mark.parametrize(
    "other", [{"correlation_id": "another request"}, {"operation": "referrals.change_family"}, {"kind": "change"}, {"reason": "She asked"}]
)
def test_what_is_not_the_same_has_a_line_of_its_own(other: dict[str, Any]) -> None:
    assert len(lines_of([entry(), entry(**other)])) == 2


def test_lines_stay_in_the_order_of_their_newest_entries() -> None:
    found = lines_of([entry(9, correlation_id="c"), entry(8, correlation_id="b"), entry(7, correlation_id="c")])
    assert [line.at for line in found] == [NOON + timedelta(minutes=9), NOON + timedelta(minutes=8)]


def test_one_trail_read_in_five_services_is_one_line() -> None:
    read = [entry(operation=f"{service}.read_audit", family_id=None, facts={"query": {}, "count": 25}) for service in AUDITED]
    (line,) = lines_of(read)
    assert (line.done, line.asked) == ("Read the audit trail", "25 on the page")


def test_a_change_is_told_field_by_field_in_words() -> None:
    row = {"table": "safe_contacts", "id": None, "rows": None, "columns": ["may_ring", "notes", "times"], "shown": True}
    changed = {**row, "before": {"may_ring": True, "notes": {"characters": 5200}}, "after": {"may_ring": False, "times": ["am", "pm"]}}
    (change,) = told(entry(changes=[changed])).changes
    fields = [(field.name, field.before, field.after) for field in change.fields]
    assert fields == [("may ring", "yes", "no"), ("notes", "5,200 characters", ""), ("times", "", "am, pm")]


def test_many_rows_at_once_are_told_by_number() -> None:
    at_once: dict[str, Any] = {"table": "marks", "id": None, "rows": 12, "columns": [], "before": None, "after": None, "shown": True}
    (change,) = told(entry(changes=[at_once])).changes
    assert (change.what, change.fields) == ("marks: 12 at once", ())


def test_a_list_is_told_with_what_was_asked_for() -> None:
    line = told(entry(facts={"query": {"status": "open"}, "count": 3}, asked={"name": "Doyle"}))
    assert line.asked == "status: open, name: Doyle, 3 on the page"
    assert told(entry(facts={"query": {}, "count": 0}, asked_hidden=True)).asked == "words that are not shown here, 0 on the page"


@pytest.mark.parametrize(("total", "told_as"), [(3, "3 on the page"), (120, "3 of 120 on the page")])
def test_a_list_of_more_than_a_page_says_how_many_there_were(total: int, told_as: str) -> None:
    assert told(entry(facts={"query": {}, "count": 3, "total": total})).asked == told_as


def test_a_reason_that_is_not_shown_is_said_to_be_there() -> None:
    assert told(entry(reason_hidden=True)).why == "A reason was given, which is not shown here"
    assert told(entry(reason="Asked by the court")).why == "Asked by the court"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-07-01 09:30:00+00:00", "1 July 10:30"),
        ("2020-01-31", "31 January 2020"),
        ("2026-02-31", "2026-02-31"),
        ("2026-02-01 and after", "2026-02-01 and after"),
        ("01a20870-c856-74c7-bcc4-89a4f5084400", "f5084400"),
        ("Yoruba", "Yoruba"),
        ("told_us", "told us"),
        ("did_not_come", "did not come"),
        ("_private", "_private"),
        (0, "0"),
        ("", ""),
    ],
)
def test_values_are_told_as_people_say_them(value: object, words: str) -> None:
    row = {"table": "t", "id": None, "rows": None, "columns": ["x"], "before": None, "after": {"x": value}, "shown": True}
    with clock.acting_at(NOON):
        (change,) = told(entry(changes=[row])).changes
    assert change.fields[0].after == words
