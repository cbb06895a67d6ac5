"""Requests, clocks, holds, packs and erasures: their rules."""

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.caller import Caller
from chassis.errors import Conflict, Forbidden, Invalid, InvalidTransition, NotFound, Stale
from services.referrals.contract.records import packs
from services.referrals.models.records import Control, Erasure, Pack, PackItem, RetentionClock, SubjectRequest, keep_until
from services.referrals.models.records.redaction import Proposal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def somebody(name: str = "Rosa Delgado") -> Caller:
    may = frozenset({"records.manage"})
    return Caller(borough_id=uuid4(), person_id=uuid4(), person_name=name, member_id=uuid4(), permissions=may)


def request(kind: str = "access", received_on: date = date(2026, 1, 31)) -> SubjectRequest:
    asked = {
        "kind": kind, "family_id": uuid4(), "person_id": None, "asked_by": "Sinead", "asked_as": "self", "identity_checked": "known",
        "received_on": received_on, "words": None,
    }  # fmt: skip
    return SubjectRequest.opened(asked, "Sinead Doyle", somebody(), NOW)


@pytest.mark.parametrize(
    ("received", "due"),
    [(date(2026, 1, 31), date(2026, 2, 28)), (date(2024, 1, 31), date(2024, 2, 29)), (date(2026, 11, 23), date(2026, 12, 23))],
)
def test_a_request_is_due_one_calendar_month_after_it_came(received: date, due: date) -> None:
    assert request(received_on=received).due_on == due


def test_it_is_overdue_the_day_after_and_never_once_it_is_closed() -> None:
    one = request()
    assert not one.is_overdue(date(2026, 2, 28))
    assert one.is_overdue(date(2026, 3, 1))
    one.close(1, "done", "Given.", None, somebody(), NOW)
    assert not one.is_overdue(date(2027, 1, 1))


def test_it_takes_two_months_longer_once_and_only_within_the_first() -> None:
    one = request()
    with pytest.raises(Conflict, match="first month is over"):
        one.extend(1, "It is much.", date(2026, 3, 1))
    one.extend(1, "It is much.", date(2026, 2, 28))
    assert one.due_on == date(2026, 4, 30)
    with pytest.raises(Conflict, match="can't be again"):
        one.extend(2, "It is much more.", date(2026, 2, 28))


def test_a_stale_change_is_refused() -> None:
    with pytest.raises(Stale):
        request().close(7, "done", "Given.", None, somebody(), NOW)


def test_what_is_closed_stays_closed() -> None:
    one = request()
    one.close(1, "refused", "Manifestly unfounded.", None, somebody(), NOW)
    with pytest.raises(InvalidTransition):
        one.close(2, "done", "After all.", None, somebody(), NOW)


def test_a_correction_says_who_was_told_of_it() -> None:
    with pytest.raises(Invalid) as refused:
        request("rectification").close(1, "done", "Corrected.", None, somebody(), NOW)
    assert "told" in refused.value.faults
    one = request("rectification")
    one.close(1, "done", "Corrected.", "The health visitor.", somebody(), NOW)
    assert one.told == "The health visitor."


def test_only_a_request_for_access_has_a_pack() -> None:
    request().require_access()
    with pytest.raises(InvalidTransition):
        request("erasure").require_access()


@pytest.mark.parametrize(
    ("side", "born", "last", "until"),
    [
        ("parent", date(1990, 5, 1), date(2026, 1, 1), date(2046, 1, 1)),
        ("child", date(2025, 5, 1), date(2026, 1, 1), date(2050, 5, 1)),
        ("child", date(2005, 5, 1), date(2026, 1, 1), date(2046, 1, 1)),
        ("child", None, date(2026, 1, 1), date(2051, 1, 1)),
        ("child", date(2024, 2, 29), date(2024, 3, 1), date(2049, 2, 28)),
    ],
)
def test_a_child_is_kept_to_the_25th_birthday_at_least_and_a_parent_by_the_last_contact(
    side: str, born: date | None, last: date, until: date
) -> None:
    assert keep_until(side, born, last, 20) == until


def test_a_child_s_record_outlives_the_parent_s() -> None:
    last = date(2026, 1, 1)
    assert keep_until("child", date(2025, 1, 1), last, 8) > keep_until("parent", date(1995, 1, 1), last, 8)


def clock(**more: Any) -> RetentionClock:
    return RetentionClock(id=uuid4(), family_id=uuid4(), side="parent", name="Sinead", last_contact_on=date(2000, 1, 1), **more)


def test_somebody_keeps_a_record_longer_to_a_day_to_come() -> None:
    one, today = clock(), date(2026, 11, 23)
    for day in (today, today - timedelta(days=1), date(2047, 1, 1)):
        with pytest.raises(Invalid):
            one.keep_longer(day, "A claim may come.", "Rosa", today)
    one.keep_longer(date(2030, 1, 1), "A claim may come.", "Rosa", today)
    assert one.keep_until(20) == date(2030, 1, 1)


def test_a_hold_is_lifted_once_and_never_by_its_day() -> None:
    wanted = {"family_id": uuid4(), "because": "claim", "reason": "A claim.", "until_on": date(2020, 1, 1)}
    hold = Control.placed("hold", wanted, somebody(), NOW)
    hold.lift(1, "Settled.", somebody(), NOW)
    assert not hold.in_force
    with pytest.raises(InvalidTransition):
        hold.lift(2, "Again.", somebody(), NOW)


def pack(*words: str) -> Pack:
    number = 0
    items = []
    for number, one in enumerate(words, 1):
        item = {"service": "outreach", "heading": "Contacts", "title": f"Contact {number}", "about": "family", "at": NOW, "person_id": None}
        items.append(PackItem.gathered(uuid4(), number, {**item, "lines": [{"label": "Note", "words": one}]}, Proposal()))
    return Pack.frozen(uuid4(), items, NOW)


def decided(number: int, decision: str = "give", hidden: tuple[str, ...] = (), reason: str | None = None) -> dict[str, Any]:
    return {"number": number, "decision": decision, "hidden": list(hidden), "reason": reason, "words": None}


NAMES = {"programme": "Southwark Stay & Play", "about": "Sinead Doyle"}


def test_nothing_leaves_that_nobody_looked_at() -> None:
    one = pack("First", "Second")
    one.review(1, [decided(1)], somebody())
    with pytest.raises(Conflict, match="1 of 2 records"):
        one.give(2, "hand", NAMES, somebody(), NOW)
    with pytest.raises(NotFound):
        one.document()


def test_leaving_out_needs_a_reason_and_giving_keeps_none() -> None:
    one = pack("First")
    for refused in (decided(1, "withhold"), decided(1, hidden=("Finn",))):
        with pytest.raises(Invalid):
            one.review(1, [refused], somebody())
    one.review(1, [decided(1, reason="crime")], somebody())
    assert one.items[0].reason is None


def test_a_record_that_is_not_in_the_pack_is_refused() -> None:
    with pytest.raises(Invalid):
        pack("First").review(1, [decided(2)], somebody())


def test_every_decision_that_is_wrong_is_told_at_once_by_its_place() -> None:
    """By the place in the list, as what does not fit the schema is: a page sends a part of the pack, whose numbers begin anywhere."""
    one = pack("First", "Second", "Third")
    with pytest.raises(Invalid) as fault:
        one.review(1, [decided(2), decided(3, "withhold"), decided(9)], somebody())
    told = fault.value.faults["decisions"]
    assert told == {"1": {"reason": ["Why is something left out?: choose a reason."]}, "2": {"number": ["This record is not in the pack."]}}
    assert one.version == 1


def test_words_to_hide_that_are_not_in_the_record_are_told_of_and_not_passed_over() -> None:
    """Whoever looks through it hides `Jon` where the record says `John`: else John's name would leave, and nobody would notice."""
    one = pack("John came", "John left")
    with pytest.raises(Invalid) as fault:
        one.review(1, [decided(1, hidden=("Jon", "John"), reason="third_party")], somebody())
    (told,) = fault.value.faults["decisions"]["0"]["hidden"]
    assert told == "Words to hide: \u201cJon\u201d is not in this record. Write it exactly as it is there."
    assert (one.version, one.items[0].decision) == (1, None)
    one.review(1, [decided(1, hidden=("contact 1", " john "), reason="third_party"), decided(2, "withhold", ("Jon",), "crime")], somebody())


def test_a_name_is_hidden_whichever_way_its_accents_are_typed() -> None:
    one = pack("Jos\u00e9 came")
    one.review(1, [decided(1, hidden=("Jose\u0301",), reason="third_party")], somebody())
    assert one.items[0].given()["lines"] == [{"label": "Note", "words": "[removed] came"}]


def test_what_is_hidden_and_left_out_is_not_in_what_is_given() -> None:
    one = pack("Finn came", "Al Marsh hit him", "Fine")
    hidden, withheld = decided(1, hidden=("Finn",), reason="third_party"), decided(2, "withhold", reason="serious_harm")
    one.review(1, [hidden, withheld, decided(3)], somebody())
    one.give(2, "hand", NAMES, somebody(), NOW)
    file = packs.written(one.document())
    assert b"Finn" not in file
    assert b"Marsh" not in file
    assert b"Contact 2" not in file
    told = json.loads(file)
    assert [item["given"] for item in told["items"]] == [True, False, True]
    assert told["items"][0]["lines"] == [{"label": "Note", "words": "[removed] came"}]
    assert one.digest == sha256(file).hexdigest()


def test_a_second_look_is_somebody_else_s_and_undone_by_any_change() -> None:
    one, first = pack("First"), somebody()
    with pytest.raises(Conflict):
        one.look_again(1, "Fine.", somebody("Imran"))
    one.review(1, [decided(1)], first)
    with pytest.raises(Forbidden):
        one.look_again(2, "Fine.", first)
    one.look_again(2, "Fine.", somebody("Imran"))
    assert one.second_by == "Imran"
    one.review(3, [decided(1)], first)
    assert one.second_by is None


def test_what_was_given_can_be_neither_changed_nor_given_again_and_expires_to_a_list() -> None:
    one = pack("First")
    one.review(1, [decided(1)], somebody())
    one.give(2, "hand", NAMES, somebody(), NOW)
    with pytest.raises(InvalidTransition):
        one.review(3, [decided(1)], somebody())
    with pytest.raises(InvalidTransition):
        one.give(3, "hand", NAMES, somebody(), NOW)
    assert one.expires_on == date(2026, 12, 23)
    one.expire()
    assert (one.items, one.about) == ([], None)
    assert one.given == [{"number": 1, "heading": "Contacts", "given": True, "reason": None}]
    assert one.digest
    with pytest.raises(NotFound):
        one.document()


def erasure(person_id: UUID | None = None) -> Erasure:
    wanted = {"family_id": uuid4(), "person_id": person_id, "request_id": None, "because": "asked"}
    return Erasure.asked(wanted, [uuid4()], [], somebody(), NOW)


SERVICES = ("referrals", "assessments", "sessions", "outreach", "gateway")


def test_nothing_begins_before_every_service_is_ready_nor_ends_before_every_one_has_erased() -> None:
    one = erasure()
    for service in SERVICES:
        assert not one.is_ready()
        assert one.report(service, "ready", {}, NOW)
    assert one.is_ready()
    one.begin(NOW)
    for service in SERVICES:
        assert not one.is_over()
        assert one.report(service, "done", {"contacts": 2}, NOW)
    assert one.is_over()
    one.finish(NOW)
    assert (one.state, one.known) == ("done", {"known": [], "also": []})
    assert {report["service"] for report in one.reports} == set(SERVICES)


def test_a_report_told_again_or_late_is_no_news() -> None:
    one = erasure()
    assert one.report("outreach", "ready", {}, NOW)
    assert not one.report("outreach", "ready", {}, NOW)
    assert one.report("outreach", "done", {}, NOW)
    for state in ("ready", "done", "held"):
        assert not one.report("outreach", state, {}, NOW)


def test_a_hold_stops_what_is_open_and_nothing_that_is_done() -> None:
    one, done = erasure(), erasure()
    one.stop()
    assert (one.state, one.is_open) == ("stopped", False)
    done.begin(NOW)
    done.finish(NOW)
    done.stop()
    assert done.state == "done"
