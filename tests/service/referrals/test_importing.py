"""A waiting list comes as a file, is looked through, and is referred whole or not at all."""

from base64 import b64encode
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.caller import Caller
from chassis.database import open_work
from chassis.database.tenants import keep_borough, this_borough
from chassis.errors import Conflict, Forbidden, Invalid, InvalidTransition, NotFound, Stale
from services.referrals import contract
from services.referrals.contract import importing
from services.referrals.repository import Work
from services.referrals.repository.records.blanking import BLANKED
from services.referrals.service import ReferralsService
from tests import factories
from tests.support import waiting_lists as lists
from tests.support.desk import Desk, until


def test_a_waiting_list_is_checked_reviewed_and_referred(referrals: Desk, clinician: Caller) -> None:
    raw = lists.sheet(lists.row(1), lists.row(2, **{lists.RECEIVED: "01/03/2026"}), lists.row(3, **{lists.BORN: "31/02/2025"}))
    found = lists.reviewed(referrals, clinician, raw)
    assert (found["total"], found["checked"], found["counts"]["ready"], found["counts"]["faulty"]) == (3, 3, 2, 1)
    (faulty,) = lists.rows_of(referrals, clinician, found, state="faulty")
    wrong = {"heading": lists.BORN, "words": "Date of birth: enter a real date, for example 16/07/2024."}
    assert (faulty["number"], faulty["faults"]) == (4, [wrong])
    found = lists.decide(referrals, clinician, found, "leave_out_faulty")
    lists.commit(referrals, clinician, found)
    done = lists.came_to(referrals, clinician, found["id"], "imported")
    assert (done["counts"]["imported"], done["counts"]["left_out"]) == (2, 1)
    listed = referrals.ask(contract.LIST_REFERRALS, clinician)["items"]
    assert min(one["referred_on"].isoformat() for one in listed) == "2026-03-01"
    assert min(one["received_at"] for one in listed).date().isoformat() == "2026-03-01"
    whole = referrals.ask(contract.GET_REFERRAL, clinician, referral_id=listed[0]["id"])
    assert (whole["referred_by_name"], whole["referrer"]["source"], whole["status"]) == (clinician.person_name, "A2", "received")


def test_nothing_is_referred_while_a_row_waits_for_a_decision(referrals: Desk, clinician: Caller) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(2, **{lists.GIVEN: ""})))
    with pytest.raises(Conflict):
        lists.commit(referrals, clinician, found)
    assert referrals.ask(contract.LIST_REFERRALS, clinician)["items"] == []


def test_a_file_sent_twice_with_one_key_is_one_and_committing_twice_refers_once(referrals: Desk, clinician: Caller) -> None:
    raw, key = lists.sheet(lists.row(1)), uuid4().hex
    first, again = (lists.start(referrals, clinician, raw, key=key) for _ in range(2))
    assert first["id"] == again["id"]
    found = lists.came_to(referrals, clinician, first["id"], "review")
    commit = uuid4().hex
    for _ in range(2):
        lists.commit(referrals, clinician, found, key=commit)
    with pytest.raises((InvalidTransition, Stale)):
        lists.commit(referrals, clinician, found)
    lists.came_to(referrals, clinician, found["id"], "imported")
    assert len(referrals.ask(contract.LIST_REFERRALS, clinician)["items"]) == 1


def test_an_event_of_an_earlier_step_does_nothing(referrals: Desk, clinician: Caller, southwark: UUID) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    lists.commit(referrals, clinician, found)
    lists.came_to(referrals, clinician, found["id"], "imported")
    steps = [event for event in referrals.told("referrals", southwark) if event["type"] == importing.IMPORT_STEPPED.name]
    for event in steps:
        referrals.tell("referrals", southwark, importing.IMPORT_STEPPED(event["subject"], event["sequence"], import_id=event["subject"]))
        referrals.send_again("referrals", event["id"])
    until(lambda: referrals.all_handled("referrals", "referrals", southwark))
    assert len(referrals.ask(contract.LIST_REFERRALS, clinician)["items"]) == 1


def test_more_rows_than_one_step_looks_at_are_all_looked_at_and_keep_their_numbers(referrals: Desk, clinician: Caller) -> None:
    raw = lists.sheet(*(lists.row(number) for number in range(1, 221)))
    found = lists.reviewed(referrals, clinician, raw)
    assert (found["checked"], sum(found["counts"].values())) == (220, 220)
    numbers, after = [], None
    while True:
        page = referrals.ask(importing.LIST_IMPORT_ROWS, clinician, import_id=found["id"], limit=100, after=after)
        numbers += [row["number"] for row in page["items"]]
        after = page["next"]
        if not after:
            break
    assert numbers == list(range(2, 222))


def test_the_same_family_in_two_rows_and_in_the_registry_is_shown_with_reasons(referrals: Desk, clinician: Caller) -> None:
    known = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    lists.commit(referrals, clinician, known)
    lists.came_to(referrals, clinician, known["id"], "imported")
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(2), lists.row(2), lists.row(3)))
    before, one, other, fresh = lists.rows_of(referrals, clinician, found)
    assert [row["state"] for row in (before, one, other, fresh)] == ["same", "same", "same", "ready"]
    assert (one["same_rows"], other["same_rows"]) == ([4], [3])
    (match,) = before["matches"]
    assert match["likely"]
    assert "phone" in match["reasons"]
    assert match["name"].startswith(before["name"].split(" ")[0])
    found = lists.decide(referrals, clinician, found, "leave_out", before)
    found = lists.decide(referrals, clinician, found, "refer", one)
    found = lists.decide(referrals, clinician, found, "leave_out_same")
    assert {name: number for name, number in found["counts"].items() if number} == {"ready": 2, "left_out": 2}


def test_a_restricted_family_is_never_told_of_as_a_match(referrals: Desk, clinician: Caller, southwark: UUID) -> None:
    known = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    lists.commit(referrals, clinician, known)
    lists.came_to(referrals, clinician, known["id"], "imported")
    (referral,) = referrals.ask(contract.LIST_REFERRALS, clinician)["items"]
    named = [{"person_id": clinician.person_id, "name": clinician.person_name, "practitioner": True, "agency_name": "CAMHS"}]
    referrals.ask(contract.RESTRICT_FAMILY, clinician, family_id=referral["family_id"], reason="other", people=named)
    other = factories.caller(southwark, name="Paul Lang")
    mine = lists.reviewed(referrals, other, lists.sheet(lists.row(1)))
    theirs = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    for file in (mine, theirs):
        told = [[(row["state"], row["matches"]) for row in lists.rows_of(referrals, who, file)] for who in (other, clinician)]
        assert told == [[("ready", [])]] * 2, "nor does a mark that nothing explains tell whoever looks through it"
    lists.commit(referrals, clinician, theirs)
    lists.came_to(referrals, clinician, theirs["id"], "imported")
    (pair,) = until(lambda: referrals.ask(contract.LIST_MATCHES, clinician)["items"])
    assert referral["family_id"] in {pair["one"]["id"], pair["other"]["id"]}, "who may see it is told once it is a referral"
    assert referrals.ask(contract.LIST_MATCHES, other)["items"] == []


def referred(referrals: Desk, who: Caller, *rows: dict[str, str]) -> list[dict[str, Any]]:
    """Import a waiting list; return its referrals."""
    known = lists.reviewed(referrals, who, lists.sheet(*rows))
    lists.commit(referrals, who, known)
    lists.came_to(referrals, who, known["id"], "imported")
    found: list[dict[str, Any]] = referrals.ask(contract.LIST_REFERRALS, who, sort="newest")["items"]
    return found


def test_a_family_that_is_restricted_while_the_file_is_reviewed_leaves_no_mark(referrals: Desk, clinician: Caller, southwark: UUID) -> None:
    (referral,) = referred(referrals, clinician, lists.row(1))
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(2)))
    assert found["counts"]["same"] == 1
    named = [{"person_id": clinician.person_id, "name": clinician.person_name, "practitioner": True, "agency_name": "CAMHS"}]
    referrals.ask(contract.RESTRICT_FAMILY, clinician, family_id=referral["family_id"], reason="other", people=named)
    for who in (factories.caller(southwark, name="Paul Lang"), clinician):
        shown = [(row["state"], row["matches"], row["same_rows"]) for row in lists.rows_of(referrals, who, found)]
        assert shown == [("ready", [], [])] * 2
        counts = referrals.ask(importing.GET_IMPORT, who, import_id=found["id"])["counts"]
        assert (counts["same"], counts["ready"]) == (0, 2)
    with referrals.work("referrals", southwark) as work:
        kept = work.session.connection().exec_driver_sql("SELECT matches::text FROM import_rows WHERE state = 'ready'").scalars().all()
    assert kept == ["[]", "[]"]
    lists.commit(referrals, clinician, found)
    done = lists.came_to(referrals, clinician, found["id"], "imported")
    assert done["counts"]["imported"] == 2
    (pair,) = until(lambda: referrals.ask(contract.LIST_MATCHES, clinician)["items"])
    assert referral["family_id"] in {pair["one"]["id"], pair["other"]["id"]}


def test_a_family_that_another_import_takes_back_leaves_no_mark(referrals: Desk, clinician: Caller) -> None:
    first = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    lists.commit(referrals, clinician, first)
    first = lists.came_to(referrals, clinician, first["id"], "imported")
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    assert [row["state"] for row in lists.rows_of(referrals, clinician, found)] == ["same"]
    referrals.ask(importing.UNDO_IMPORT, clinician, import_id=first["id"], version=first["version"])
    assert [(row["state"], row["matches"]) for row in lists.rows_of(referrals, clinician, found)] == [("ready", [])]


def test_what_has_faults_by_the_time_it_is_imported_is_not_referred_and_nor_is_the_rest(
    referrals: Desk, clinician: Caller, southwark: UUID
) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(30)))
    with referrals.work("referrals", southwark) as work:
        keep_borough(work, replace(this_borough(work), policy={"child_max_age_months": 12}, sequence=2))
    lists.commit(referrals, clinician, found)
    again = lists.came_to(referrals, clinician, found["id"], "review")
    assert again["counts"]["faulty"] >= 1
    assert referrals.ask(contract.LIST_REFERRALS, clinician)["items"] == []


def test_rows_that_need_changing_come_back_as_they_were_sent_with_what_to_change(referrals: Desk, clinician: Caller) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(2, **{lists.PHONE: "none", lists.GIVEN: ""})))
    faults = referrals.ask(importing.IMPORT_FAULTS, clinician, import_id=found["id"])
    (row,) = faults["rows"]
    assert row["number"] == 3
    assert row["cells"] == list(lists.row(2, **{lists.PHONE: "none", lists.GIVEN: ""}).values())
    assert row["words"].splitlines() == ["First name: this is needed.", "Phone: enter a number like 07700 900123."]


def test_a_file_that_is_thrown_away_leaves_nothing_of_what_it_said(referrals: Desk, clinician: Caller, southwark: UUID) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    assert referrals.ask(contract.TRIAGE_SUMMARY, clinician)["imports"] == 1
    gone = referrals.ask(importing.CANCEL_IMPORT, clinician, import_id=found["id"], version=found["version"])
    assert gone["state"] == "cancelled"
    assert referrals.ask(contract.TRIAGE_SUMMARY, clinician)["imports"] == 0
    assert lists.rows_of(referrals, clinician, found) == []
    with pytest.raises(InvalidTransition):
        lists.commit(referrals, clinician, gone)


def test_an_import_that_nobody_has_worked_on_is_taken_back_whole(referrals: Desk, clinician: Caller) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(2)))
    lists.commit(referrals, clinician, found)
    done = lists.came_to(referrals, clinician, found["id"], "imported")
    undone = referrals.ask(importing.UNDO_IMPORT, clinician, import_id=done["id"], version=done["version"])
    assert undone["state"] == "undone"
    assert referrals.ask(contract.LIST_REFERRALS, clinician)["items"] == []
    afresh = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    assert [row["state"] for row in lists.rows_of(referrals, clinician, afresh)] == ["ready"], "its search keys went with it"


def test_nobody_of_an_import_that_was_taken_back_is_left_in_a_list(referrals: Desk, clinician: Caller, southwark: UUID) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(2), lists.row(2)))
    found = lists.decide(referrals, clinician, found, "refer", *lists.rows_of(referrals, clinician, found, state="same"))
    lists.commit(referrals, clinician, found)
    done = lists.came_to(referrals, clinician, found["id"], "imported")
    assert until(lambda: referrals.ask(contract.LIST_MATCHES, clinician)["items"])
    until(lambda: referrals.all_handled("referrals", "referrals", southwark))
    assert _names_in_lists(referrals, southwark) > {f"{lists.row(1)[lists.GIVEN]} {lists.row(1)[lists.FAMILY]}"}
    referrals.ask(importing.UNDO_IMPORT, clinician, import_id=done["id"], version=done["version"])
    assert _names_in_lists(referrals, southwark) == set()
    assert referrals.ask(contract.LIST_MATCHES, clinician)["total"] == 0


def _names_in_lists(desk: Desk, borough_id: UUID) -> set[str]:
    """Return everybody whose record has a clock, by name."""
    with desk.work("referrals", borough_id) as work:
        return set(work.session.connection().exec_driver_sql("SELECT name FROM retention_clocks").scalars())


def test_an_import_of_which_somebody_took_one_up_stays(referrals: Desk, clinician: Caller) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(2)))
    lists.commit(referrals, clinician, found)
    done = lists.came_to(referrals, clinician, found["id"], "imported")
    first = referrals.ask(contract.LIST_REFERRALS, clinician)["items"][0]
    referrals.ask(contract.WITHDRAW, clinician, referral_id=first["id"], version=1, reason="They moved away.")
    with pytest.raises(Conflict):
        referrals.ask(importing.UNDO_IMPORT, clinician, import_id=done["id"], version=done["version"])
    assert len(referrals.ask(contract.LIST_REFERRALS, clinician)["items"]) == 2


def test_a_decision_on_rows_that_somebody_else_decided_on_is_refused(referrals: Desk, clinician: Caller) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    (row,) = lists.rows_of(referrals, clinician, found)
    lists.decide(referrals, clinician, found, "leave_out", row)
    with pytest.raises(Stale):
        lists.decide(referrals, clinician, found, "take_back", row)


def test_other_boroughs_and_other_roles_see_none_of_it(
    referrals: Desk, clinician: Caller, neighbour: Caller, facilitator: Caller, health_visitor: Caller
) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    for operation in (importing.GET_IMPORT, importing.LIST_IMPORT_ROWS, importing.IMPORT_FAULTS):
        with pytest.raises(NotFound):
            referrals.ask(operation, neighbour, import_id=found["id"])
    assert referrals.ask(importing.LIST_IMPORTS, neighbour)["items"] == []
    with pytest.raises(NotFound):
        lists.commit(referrals, neighbour, found)
    for somebody in (facilitator, health_visitor):
        with pytest.raises(Forbidden):
            referrals.ask(importing.LIST_IMPORTS, somebody)


@pytest.mark.parametrize("content", ["not base64!", b64encode(b"PK\x03\x04 workbook").decode(), "", b64encode(b"A,B\n1,2\n").decode()])
def test_what_is_no_waiting_list_is_refused_at_once_with_what_to_do(referrals: Desk, clinician: Caller, content: str) -> None:
    with pytest.raises(Invalid) as refused:
        referrals.ask(importing.START_IMPORT, clinician, file_name="list.csv", content=content)
    assert list(refused.value.faults) == ["content"]
    assert referrals.ask(importing.LIST_IMPORTS, clinician)["items"] == []


def test_files_whose_time_is_over_are_deleted_with_their_rows(referrals: Desk, clinician: Caller, southwark: UUID) -> None:
    over, still = (lists.reviewed(referrals, clinician, lists.sheet(lists.row(number))) for number in (1, 2))
    with open_work(Work, referrals.databases["referrals"], Caller.service("referrals", southwark)) as work:
        work.imports.get(over["id"]).expires_at = work.now
        work.session.flush()
        ReferralsService().forget_imports(work)
    with pytest.raises(NotFound):
        referrals.ask(importing.GET_IMPORT, clinician, import_id=over["id"])
    assert referrals.ask(importing.GET_IMPORT, clinician, import_id=still["id"])["state"] == "review"
    with referrals.work("referrals", southwark) as work:
        rows = work.session.connection().exec_driver_sql("SELECT DISTINCT import_id FROM import_rows").scalars().all()
    assert rows == [still["id"]]


def test_rows_that_seem_to_be_a_family_go_when_it_is_erased(referrals: Desk, clinician: Caller, southwark: UUID) -> None:
    known = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1)))
    lists.commit(referrals, clinician, known)
    lists.came_to(referrals, clinician, known["id"], "imported")
    (referral,) = referrals.ask(contract.LIST_REFERRALS, clinician)["items"]
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(2)))
    with open_work(Work, referrals.databases["referrals"], Caller.service("referrals", southwark)) as work:
        BLANKED["import_rows"](work, {referral["family_id"]})
    assert [row["number"] for row in lists.rows_of(referrals, clinician, found)] == [3]


@pytest.mark.parametrize("when", ["before", "while"])
def test_rows_that_seem_to_be_a_restricted_family_go_when_it_is_erased(
    referrals: Desk, clinician: Caller, southwark: UUID, when: str
) -> None:
    (referral,) = referred(referrals, clinician, lists.row(1))
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(2))) if when == "while" else None
    named = [{"person_id": clinician.person_id, "name": clinician.person_name, "practitioner": True, "agency_name": "CAMHS"}]
    referrals.ask(contract.RESTRICT_FAMILY, clinician, family_id=referral["family_id"], reason="other", people=named)
    found = found or lists.reviewed(referrals, clinician, lists.sheet(lists.row(1), lists.row(2)))
    assert [row["number"] for row in lists.rows_of(referrals, clinician, found, state="ready")] == [2, 3]
    with open_work(Work, referrals.databases["referrals"], Caller.service("referrals", southwark)) as work:
        BLANKED["import_rows"](work, {referral["family_id"]})
    assert [row["number"] for row in lists.rows_of(referrals, clinician, found)] == [3]


def test_the_trail_says_who_imported_and_holds_nothing_of_the_file(referrals: Desk, clinician: Caller, southwark: UUID) -> None:
    found = lists.reviewed(referrals, clinician, lists.sheet(lists.row(7)))
    lists.commit(referrals, clinician, found)
    lists.came_to(referrals, clinician, found["id"], "imported")
    with referrals.work("referrals", southwark) as work:
        rows: list[Any] = list(
            work.session.connection().exec_driver_sql("SELECT operation, person_name, facts::text, changes::text FROM audit")
        )
    done = [name for operation, name, *_ in rows if operation in {"referrals.start_import", "referrals.commit_import"}]
    assert set(done) == {clinician.person_name}
    assert len(done) >= 3, "also that the family was referred"
    of_the_file = [f"{facts}{changes}" for operation, _, facts, changes in rows if operation == "referrals.start_import"]
    assert lists.row(7)[lists.GIVEN] not in str(of_the_file)
