"""A waiting list comes as a file, is looked through, and is referred whole or not at all."""

from chassis.caller import Caller
from services.referrals import contract
from tests.support import waiting_lists as lists
from tests.support.desk import Desk


def test_a_waiting_list_is_checked_reviewed_and_referred(referrals: Desk, clinician: Caller) -> None:
    raw = lists.sheet(lists.row(1), lists.row(2, **{lists.RECEIVED: "01/03/2026"}), lists.row(3, **{lists.BORN: "31/02/2025"}))
    found = lists.reviewed(referrals, clinician, raw)
    assert (found["total"], found["checked"], found["counts"]["ready"], found["counts"]["faulty"]) == (3, 3, 2, 1)
    (faulty,) = lists.rows_of(referrals, clinician, found, state="faulty")
    assert (faulty["number"], faulty["faults"]) == (
        4,
        [{"heading": lists.BORN, "words": "Date of birth: enter a real date, for example 16/07/2024."}],
    )
    found = lists.decide(referrals, clinician, found, "leave_out_faulty")
    lists.commit(referrals, clinician, found)
    done = lists.came_to(referrals, clinician, found["id"], "imported")
    assert (done["counts"]["imported"], done["counts"]["left_out"]) == (2, 1)
    listed = referrals.ask(contract.LIST_REFERRALS, clinician)["items"]
    assert sorted(one["referred_on"].isoformat() for one in listed)[0] == "2026-03-01"
    assert {one["status"] for one in listed} == {"received"}
