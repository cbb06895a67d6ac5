"""A referrer with an account answers beside their own referrals what they could answer by the link: by the same rules."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.errors import Forbidden, Invalid, NotFound
from chassis.ids import new_id
from gateway.access.roles import permissions_of
from services.referrals import contract
from services.referrals.service import ReferralsService
from tests import factories
from tests.support.desk import Desk, desk
from tests.support.drafts import stranger
from tests.support.installation import Templates

GRACE = factories.referrer_details(name="Grace Mensah", email="grace@example.nhs.uk", may_be_told="status", source="A2")
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def referrals(postgres_url: str) -> Iterator[Desk]:
    """Nothing here depends on the broker: one is enough."""
    with desk(Templates(postgres_url), f"inprocess://{uuid4().hex}", ReferralsService) as running:
        yield running


@pytest.fixture
def helen(southwark: UUID) -> Caller:
    """A referrer as the gateway describes one."""
    return factories.caller(southwark, kind="referring", permissions=permissions_of(["referrer"], "referring"), name="Helen Vance")


@pytest.fixture
def asked(referrals: Desk, clinician: Caller, helen: Caller) -> Ask:
    """Let the team ask Helen something about a family; return her referral as she sees it then."""

    def ask(words: str = "Who else lives there?", at: Any = None, **changed: Any) -> dict[str, Any]:
        received = referrals.ask(contract.REFER, helen, **factories.referral_details(**{"referrer": GRACE, **changed}))
        who = replace(clinician, at=at) if at else clinician
        referrals.ask(contract.ASK_FOR_INFORMATION, who, referral_id=received["id"], version=1, reason=words)
        return own(referrals, helen, received)

    return ask


def own(desk: Desk, who: Caller, referral: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = desk.ask(contract.OWN_REFERRAL, who, referral_id=referral["id"])
    return found


def answer(desk: Desk, who: Caller, mine: dict[str, Any], words: str = "Her mother.", **more: Any) -> dict[str, Any]:
    given = {"referral_id": mine["id"], "question_id": mine["question_id"], "answer": words}
    told: dict[str, Any] = desk.ask(contract.ANSWER_OWN_QUESTION, who, **{**given, **more})
    return told


def read(desk: Desk, who: Caller, mine: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = desk.ask(contract.GET_REFERRAL, who, referral_id=mine["id"])
    return found


def last_link(desk: Desk, borough_id: UUID) -> str:
    told = [event["data"] for event in desk.told("referrals", borough_id) if event["type"] == "referrals.message.wanted"]
    return str([mail["token"] for mail in told if mail["kind"] == "question"][-1])


def test_beside_the_referral_stands_what_is_asked_and_until_when_it_can_be_answered(referrals: Desk, asked: Ask, helen: Caller) -> None:
    mine = asked()
    assert (mine["question"], mine["answer_until"] > clock.now()) == ("Who else lives there?", True)
    (listed,) = [one for one in referrals.ask(contract.OWN_REFERRALS, helen)["items"] if one["id"] == mine["id"]]
    assert listed == mine


def test_the_answer_comes_back_to_the_record_with_their_name(referrals: Desk, asked: Ask, helen: Caller, clinician: Caller) -> None:
    mine = asked()
    told = answer(referrals, helen, mine)
    assert (told["state"], told["kept"], told["words"]) == ("answered", True, None)
    back = read(referrals, clinician, mine)
    assert (back["status"], back["questions"][0]["answer"], back["questions"][0]["came_after"]) == ("received", "Her mother.", None)
    step = back["steps"][-1]
    assert (step["kind"], step["reason"], step["by_name"], step["agency_name"]) == (
        "answered", "Her mother.", "Helen Vance", "Health visiting"
    )  # fmt: skip
    after = own(referrals, helen, mine)
    assert (after["question"], after["question_id"], after["answer_until"]) == (None, None, None)


def test_a_question_is_answered_once_here_or_by_the_link(
    referrals: Desk, asked: Ask, helen: Caller, clinician: Caller, southwark: UUID
) -> None:
    mine, link = asked(), last_link(referrals, southwark)
    assert answer(referrals, helen, mine)["kept"] is True
    assert answer(referrals, helen, mine, "No, her sister.")["kept"] is False
    by_link = referrals.ask(contract.ANSWER_BY_LINK, stranger(southwark), token=link, answer="Nobody.")
    assert (by_link["state"], by_link["kept"]) == ("answered", False)
    assert read(referrals, clinician, mine)["questions"][0]["answer"] == "Her mother."


def test_the_same_request_again_is_the_same_answer(referrals: Desk, asked: Ask, helen: Caller, clinician: Caller) -> None:
    mine, key = asked(), uuid4().hex
    assert [answer(referrals, helen, mine, key=key)["kept"] for _ in range(2)] == [True, True]
    assert [step["status"] for step in read(referrals, clinician, mine)["steps"]] == ["received", "needs_information", "received"]


def test_of_two_answers_at_once_one_is_kept(referrals: Desk, asked: Ask, helen: Caller, clinician: Caller, southwark: UUID) -> None:
    mine, link = asked(), last_link(referrals, southwark)
    ways: list[Callable[[], dict[str, Any]]] = [
        lambda: answer(referrals, helen, mine, "One"),
        lambda: referrals.ask(contract.ANSWER_BY_LINK, stranger(southwark), token=link, answer="Two"),
    ]
    with ThreadPoolExecutor(2) as two:
        told = list(two.map(lambda way: way(), ways))
    assert sorted(one["kept"] for one in told) == [False, True]
    back = read(referrals, clinician, mine)
    assert back["questions"][0]["answer"] == back["steps"][-1]["reason"]


def test_an_answer_after_the_decision_is_kept_and_moves_nothing(referrals: Desk, asked: Ask, helen: Caller, clinician: Caller) -> None:
    mine = asked()
    referrals.ask(contract.DECLINE, clinician, referral_id=mine["id"], version=2, because="other", reason="Too late")
    assert own(referrals, helen, mine)["question_id"] is None
    assert answer(referrals, helen, mine)["kept"] is True
    after = read(referrals, clinician, mine)
    assert (after["status"], after["version"]) == ("declined", 3)
    assert (after["questions"][0]["answer"], after["questions"][0]["came_after"]) == ("Her mother.", "declined")
    assert referrals.ask(contract.TRIAGE_BOARD, clinician)["counts"]["late_answers"] >= 1


def test_after_its_time_the_question_still_shows_and_takes_no_answer(
    referrals: Desk, asked: Ask, helen: Caller, clinician: Caller, southwark: UUID
) -> None:
    mine = asked(at=clock.now() - timedelta(days=contract.QUESTION_DAYS, minutes=1))
    assert (mine["question"], mine["question_id"], mine["answer_until"]) == ("Who else lives there?", None, None)
    (question,) = read(referrals, clinician, mine)["questions"]
    told = answer(referrals, helen, mine, question_id=question["id"])
    assert (told["state"], told["kept"]) == ("expired", False)
    assert read(referrals, clinician, mine)["status"] == "needs_information"


def test_who_is_asked_again_answers_what_was_asked_last(referrals: Desk, asked: Ask, helen: Caller, clinician: Caller) -> None:
    mine = asked()
    moved = referrals.ask(contract.ANSWER_INFORMATION, clinician, referral_id=mine["id"], version=2, reason="Nobody knows.")
    referrals.ask(contract.ASK_FOR_INFORMATION, clinician, referral_id=mine["id"], version=moved["version"], reason="Which nursery?")
    now = own(referrals, helen, mine)
    assert now["question"] == "Which nursery?"
    answer(referrals, helen, now, "Grove")
    newest, former = read(referrals, clinician, mine)["questions"]
    assert (newest["words"], newest["answer"], former["answer"]) == ("Which nursery?", "Grove", None)


@pytest.mark.parametrize("may_be_told", ["outcome", "nothing"])
def test_where_the_family_allows_less_nobody_is_shown_a_question(asked: Ask, may_be_told: str) -> None:
    mine = asked(referrer={**GRACE, "may_be_told": may_be_told})
    assert (mine["question"], mine["question_id"], mine["answer_until"]) == (None, None, None)


def test_nobody_answers_for_somebody_else(referrals: Desk, asked: Ask, helen: Caller, clinician: Caller, neighbour: Caller) -> None:
    mine, other = asked(), asked()
    colleague = replace(helen, person_id=new_id(), member_id=new_id(), person_name="Hana Vance")
    wrong: list[tuple[Caller, dict[str, Any]]] = [
        (colleague, {}), (clinician, {}), (replace(helen, borough_id=neighbour.borough_id), {}),
        (helen, {"question_id": other["question_id"]}), (helen, {"referral_id": other["id"]}), (helen, {"question_id": new_id()}),
    ]  # fmt: skip
    for who, changed in wrong:
        with pytest.raises(NotFound) as refused:
            answer(referrals, who, mine, **changed)
        assert refused.value.to_wire() == NotFound().to_wire()
    assert own(referrals, helen, mine)["question_id"] == mine["question_id"]


def test_whoever_may_only_read_their_own_referrals_answers_nothing(referrals: Desk, asked: Ask, helen: Caller) -> None:
    mine = asked()
    with pytest.raises(Forbidden) as refused:
        answer(referrals, replace(helen, permissions=frozenset({"referrals.read_own"})), mine)
    assert refused.value.facts == {"permission": "referrals.answer_own"}


def test_an_answer_about_a_family_that_was_restricted_since_is_not_lost(
    referrals: Desk, asked: Ask, helen: Caller, clinician: Caller
) -> None:
    mine = asked()
    family_id = read(referrals, clinician, mine)["family_id"]
    practitioner = {"person_id": new_id(), "name": "Paul Lang", "practitioner": True}
    words: dict[str, Any] = {"reason": "domestic_abuse", "words": None, "people": [practitioner], "without_me": False}
    referrals.ask(contract.RESTRICT_FAMILY, clinician, family_id=family_id, **words)
    assert own(referrals, helen, mine) == mine, "they see no more and no less than before"
    assert answer(referrals, helen, mine)["kept"] is True
    assert read(referrals, clinician, mine)["questions"][0]["answer"] == "Her mother."


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
def test_an_empty_answer_and_one_that_is_too_long_are_refused_and_use_nothing_up(
    referrals: Desk, asked: Ask, helen: Caller, words: str
) -> None:
    mine = asked()
    with pytest.raises(Invalid) as refused:
        answer(referrals, helen, mine, words)
    assert set(refused.value.faults) == {"answer"}
    assert own(referrals, helen, mine)["question_id"] == mine["question_id"]


def test_the_trail_says_who_answered_about_which_family(
    referrals: Desk, asked: Ask, helen: Caller, clinician: Caller, southwark: UUID
) -> None:
    mine = asked()
    family_id = read(referrals, clinician, mine)["family_id"]
    answer(referrals, helen, mine)
    with referrals.work("referrals", southwark) as work:
        told = "SELECT person_name, kind, family_id FROM audit WHERE operation = 'referrals.answer_own_question'"
        rows = {tuple(row) for row in work.session.connection().exec_driver_sql(told)}
    assert rows == {("Helen Vance", "change", family_id)}
