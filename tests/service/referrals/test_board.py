"""The triage board: what waits, urgent first, whose it is, how long against policy; one call for it all."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from chassis import clock
from chassis.caller import Caller
from chassis.database.tables import audit
from chassis.errors import Forbidden, Invalid, NotFound, Stale
from chassis.ids import new_id
from chassis.working_days import working_days_after
from services.referrals import contract
from services.referrals.repository import Work
from services.referrals.service import ReferralsService
from tests import factories
from tests.support.desk import Desk, desk
from tests.support.installation import Templates
from tests.support.plans import plans

Refer = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def referrals(postgres_url: str) -> Iterator[Desk]:
    """Nothing here depends on the broker: one is enough."""
    with desk(Templates(postgres_url), f"inprocess://{uuid4().hex}", ReferralsService) as running:
        yield running


@pytest.fixture
def refer(referrals: Desk, health_visitor: Caller) -> Refer:
    def received(days_ago: int = 0, by: Caller | None = None, **changed: Any) -> dict[str, Any]:
        who = replace(by or health_visitor, at=clock.now() - timedelta(days=days_ago)) if days_ago else by or health_visitor
        return referrals.ask(contract.REFER, who, **factories.referral_details(referred_on=None, **changed))

    return received


def board(desk: Desk, who: Caller, **wanted: Any) -> dict[str, Any]:
    return desk.ask(contract.TRIAGE_BOARD, who, **wanted)


def ids(found: dict[str, Any]) -> list[Any]:
    return [item["id"] for item in found["items"]]


def moved(desk: Desk, who: Caller, referral: dict[str, Any], operation: Any, **words: Any) -> dict[str, Any]:
    version = words.pop("version", referral["version"])
    return desk.ask(operation, who, referral_id=referral["id"], version=version, **{"reason": "Because", **words})


def test_urgent_ones_come_first_then_the_oldest(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    old, urgent, new, later_urgent = refer(9), refer(3, urgency="urgent"), refer(1), refer(urgency="urgent")
    assert ids(board(referrals, clinician)) == [one["id"] for one in (urgent, later_urgent, old, new)]
    assert ids(board(referrals, clinician, sort="oldest"))[0] == old["id"]
    assert ids(board(referrals, clinician, sort="newest"))[0] == later_urgent["id"]


def test_pages_of_the_board_follow_on_without_a_gap(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    every = [refer(days, urgency="urgent" if days % 2 else "routine")["id"] for days in range(7)]
    found: list[Any] = []
    after = None
    while True:
        page = board(referrals, clinician, limit=2, after=after)
        assert page["total"] == (None if after else 7)
        found, after = [*found, *ids(page)], page["next"]
        if after is None:
            break
    assert sorted(found, key=str) == sorted(every, key=str)
    assert found == ids(board(referrals, clinician, limit=100))


@pytest.mark.parametrize("after", ["nonsense", "WyJ4IiwieCJd"])
def test_a_place_in_another_list_is_refused(referrals: Desk, refer: Refer, clinician: Caller, after: str) -> None:
    refer()
    with pytest.raises(Invalid):
        board(referrals, clinician, after=after)


def test_what_waits_longer_than_policy_is_late(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    late, fresh = refer(20), refer(1)
    found = {item["id"]: item for item in board(referrals, clinician)["items"]}
    assert (found[late["id"]]["late"], found[fresh["id"]]["late"]) == (True, False)
    assert found[late["id"]]["waited_days"] > 5 >= found[fresh["id"]]["waited_days"]
    assert ids(board(referrals, clinician, late=True)) == [late["id"]]


@pytest.mark.parametrize("days_ago", range(12))
def test_late_is_what_the_pages_have_always_called_late(referrals: Desk, refer: Refer, clinician: Caller, days_ago: int) -> None:
    refer(days_ago)
    (item,) = board(referrals, clinician)["items"]
    since: datetime = item["received_at"]
    assert item["late"] == (clock.today() > working_days_after(clock.london(since).date(), 5))


def test_the_policy_of_the_borough_says_what_is_late(referrals: Desk) -> None:
    patient = factories.caller(referrals.know(new_id(), first_contact_days=30))
    referrals.ask(contract.REFER, replace(patient, at=clock.now() - timedelta(days=20)), **factories.referral_details(referred_on=None))
    found = board(referrals, patient)
    assert (found["policy_days"], found["items"][0]["late"]) == (30, False)


def test_each_filter_shows_what_it_counts(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    taken, urgent, asked = refer(20), refer(urgency="urgent"), refer()
    moved(referrals, clinician, asked, contract.ASK_FOR_INFORMATION)
    referrals.ask(contract.ASSIGN, clinician, referral_id=taken["id"], version=1, assignee=me(clinician))
    found = board(referrals, clinician)
    received = found["counts"]["received"]
    assert {name: received[name] for name in ("number", "urgent", "late", "mine", "nobodys")} == {
        "number": 2, "urgent": 1, "late": 1, "mine": 1, "nobodys": 1,
    }  # fmt: skip
    assert found["counts"]["needs_information"]["number"] == 1
    assert received["oldest_received_at"] == taken["received_at"]
    only = {"status": ["received"]}
    assert ids(board(referrals, clinician, **only, whose="mine")) == [taken["id"]]
    assert ids(board(referrals, clinician, **only, whose="nobodys")) == [urgent["id"]]
    assert ids(board(referrals, clinician, **only, urgent=True)) == [urgent["id"]]
    assert ids(board(referrals, clinician, status=["needs_information"])) == [asked["id"]]


def me(caller: Caller) -> dict[str, Any]:
    return {"person_id": caller.person_id, "name": caller.person_name}


def test_mine_is_what_i_took_and_not_what_a_colleague_did(referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID) -> None:
    received, colleague = refer(), factories.caller(southwark, name="Paul Lang")
    referrals.ask(contract.ASSIGN, colleague, referral_id=received["id"], version=1, assignee=me(colleague))
    (item,) = board(referrals, clinician)["items"]
    assert (item["mine"], item["assigned_to_name"]) == (False, "Paul Lang")
    assert board(referrals, clinician, whose="mine")["items"] == []
    assert ids(board(referrals, colleague, whose="mine")) == [received["id"]]


def test_of_two_who_take_it_one_is_told_who_has_it(referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID) -> None:
    received, colleague = refer(), factories.caller(southwark, name="Paul Lang")
    referrals.ask(contract.ASSIGN, colleague, referral_id=received["id"], version=1, assignee=me(colleague))
    with pytest.raises(Stale) as refused:
        referrals.ask(contract.ASSIGN, clinician, referral_id=received["id"], version=1, assignee=me(clinician))
    assert refused.value.facts["theirs"]["assigned_to_name"] == "Paul Lang"


def test_the_board_says_in_a_word_whether_the_group_fits(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    sure: dict[str, Any] = {"borough_link": "lives", "parental_need": "yes"}
    fits, unsure = refer(**sure), refer(borough_link="lives")
    flagged, unfit = refer(**sure, secondary_care="yes"), refer(parental_need="no")
    found = {item["id"]: item["fit"] for item in board(referrals, clinician)["items"]}
    assert [found[one["id"]] for one in (fits, unsure, flagged, unfit)] == ["fits", "find_out", "flagged", "does_not_fit"]
    lesser = replace(clinician, permissions=clinician.permissions - {"referrals.read_clinical"})
    assert {item["fit"] for item in board(referrals, lesser)["items"]} == {"hidden"}


def test_an_answer_of_the_team_changes_the_word(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    received = refer(borough_link="lives")
    words = {"criterion": "parental_need", "answer": "met", "fact": "Her GP says so."}
    judged = referrals.ask(contract.JUDGE_CRITERION, clinician, referral_id=received["id"], version=1, **words)
    answer = next(one for one in judged["criteria"] if one["criterion"] == "parental_need")
    assert (answer["answer"], answer["fact"], answer["by_name"]) == ("met", "Her GP says so.", "Ruth Osei")
    assert board(referrals, clinician)["items"][0]["fit"] == "fits"


def test_a_risk_to_visitors_shows_on_the_board(referrals: Desk, refer: Refer, clinician: Caller) -> None:
    refer(risks_to_visitors="A large dog"), refer(risks_to_visitors=None)
    assert sorted(item["warns_visitors"] for item in board(referrals, clinician)["items"]) == [False, True]


def test_another_borough_sees_none_of_it_and_changes_none_of_it(
    referrals: Desk, refer: Refer, neighbour: Caller, clinician: Caller
) -> None:
    received = refer()
    found = board(referrals, neighbour)
    assert (found["items"], found["counts"]["received"]["number"]) == ([], 0)
    fact = {"criterion": "borough", "answer": "met", "fact": "x"}
    for operation, words in (
        (contract.ASSIGN, {"assignee": me(neighbour)}),
        (contract.JUDGE_CRITERION, fact),
        (contract.REOPEN, {"reason": "x"}),
    ):
        with pytest.raises(NotFound):
            referrals.ask(operation, neighbour, referral_id=received["id"], version=1, **words)
    assert referrals.ask(contract.GET_REFERRAL, clinician, referral_id=received["id"])["version"] == 1


def test_who_may_not_read_referrals_sees_no_board(referrals: Desk, health_visitor: Caller) -> None:
    with pytest.raises(Forbidden):
        board(referrals, health_visitor)


def test_what_was_declined_is_opened_again_and_stands_on_the_board(
    referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID
) -> None:
    declined = moved(referrals, clinician, refer(), contract.DECLINE, because="outside_borough")
    assert (declined["steps"][-1]["because"], declined["may_reopen"]) == ("outside_borough", True)
    assert board(referrals, clinician)["items"] == []
    moved(referrals, clinician, declined, contract.REOPEN)
    assert ids(board(referrals, clinician)) == [declined["id"]]
    types = [event["type"] for event in referrals.told("referrals", southwark) if ".referral." in event["type"]]
    assert types == ["referrals.referral.received", "referrals.referral.declined", "referrals.referral.reopened"]


@pytest.mark.parametrize(
    ("wanted", "total"),
    [
        ({}, 4), ({"status": ["received"]}, 3), ({"status": ["received", "received"]}, 3), ({"urgent": True}, 2), ({"late": True}, 2),
        ({"whose": "mine"}, 1), ({"whose": "nobodys"}, 3), ({"urgent": True, "late": True}, 1), ({"urgent": True, "whose": "nobodys"}, 1),
        ({"status": ["declined"]}, 1), ({"status": ["declined", "received"]}, 4), ({"answered_late": True}, 0),
    ],
    ids=str,
)  # fmt: skip
def test_the_total_is_of_all_that_the_filters_leave(
    referrals: Desk, refer: Refer, clinician: Caller, wanted: dict[str, Any], total: int
) -> None:
    taken, asked = refer(20, urgency="urgent"), refer(20)
    refer(urgency="urgent"), refer()
    referrals.ask(contract.ASSIGN, clinician, referral_id=taken["id"], version=1, assignee=me(clinician))
    moved(referrals, clinician, asked, contract.ASK_FOR_INFORMATION)
    moved(referrals, clinician, refer(), contract.DECLINE, because="outside_borough")
    found = board(referrals, clinician, limit=1, **wanted)
    assert (found["total"], len(found["items"])) == (total, min(total, 1))
    assert len(board(referrals, clinician, **wanted)["items"]) == total


def test_each_family_on_the_page_is_in_the_audit_trail_once_and_no_other(
    referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID
) -> None:
    first, second = refer(3), refer(2)
    moved(referrals, clinician, first, contract.ACCEPT)
    moved(referrals, clinician, second, contract.MARK_DUPLICATE, of=first["id"])
    refer(1)
    board(referrals, clinician, status=["accepted", "duplicate"])
    with referrals.work("referrals", southwark) as work:
        looks = select(audit.c.family_id).where(audit.c.borough_id == southwark, audit.c.operation == "referrals.triage_board")
        assert list(work.session.scalars(looks.where(audit.c.family_id.is_not(None)))) == [first["family_id"]]


WANTED: dict[str, Any] = {"status": ["received"], "whose": None, "urgent": None, "late": None, "answered_late": None, "sort": "turn"}
QUERIES: dict[str, Callable[[Work], object]] = {
    "the board": lambda work: work.board.shown(WANTED, clock.now(), None, 25),
    "the oldest": lambda work: work.board.shown({**WANTED, "sort": "oldest"}, clock.now(), None, 25),
    "mine": lambda work: work.board.shown({**WANTED, "whose": "mine"}, clock.now(), None, 25),
    "late": lambda work: work.board.shown({**WANTED, "late": True}, clock.now(), None, 25),
    "counts": lambda work: work.board.counts(clock.now()),
    "late answers": lambda work: work.board.late_answers(),
    "of a referral": lambda work: work.questions.of(new_id()),
    "by its link": lambda work: work.questions.by_digest(b"x" * 32),
    "accepted ones of a family": lambda work: work.referrals.accepted_of(new_id()),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_goes_by_an_index_of_the_borough(referrals: Desk, southwark: UUID, query: Callable[[Work], object]) -> None:
    found = plans(referrals.databases["referrals"], Work, Caller.service("referrals", southwark), query)
    assert found
    for plan in found:
        assert "Seq Scan" not in plan
        assert "Index Cond: (" in plan


def test_the_board_is_read_in_order_without_sorting(referrals: Desk, southwark: UUID) -> None:
    page, *_ = plans(referrals.databases["referrals"], Work, Caller.service("referrals", southwark), QUERIES["the board"])
    assert "Sort" not in page


def test_a_risk_that_a_second_referral_tells_of_reaches_whoever_visits(
    referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID
) -> None:
    first, second = refer(risks_to_visitors="A large dog."), refer(risks_to_visitors="Her former partner waits outside.")
    moved(referrals, clinician, first, contract.ACCEPT)
    moved(referrals, clinician, second, contract.MARK_DUPLICATE, of=first["id"])
    family = referrals.ask(contract.GET_FAMILY, clinician, family_id=first["family_id"])
    assert family["risks_to_visitors"] == "Her former partner waits outside.\nA large dog."
    told = [event["data"] for event in referrals.told("referrals", southwark) if event["type"] == "referrals.family.changed"]
    assert told[-1]["risks_to_visitors"] == family["risks_to_visitors"]


def test_a_risk_that_is_known_already_is_not_told_twice(referrals: Desk, refer: Refer, clinician: Caller, southwark: UUID) -> None:
    first, second = refer(risks_to_visitors="A large dog."), refer(risks_to_visitors="A large dog.")
    moved(referrals, clinician, first, contract.ACCEPT)
    moved(referrals, clinician, second, contract.MARK_DUPLICATE, of=first["id"])
    assert referrals.ask(contract.GET_FAMILY, clinician, family_id=first["family_id"])["risks_to_visitors"] == "A large dog."
