"""A referrer is asked by a link and answers it without an account: once, in time, in their borough, and never in vain."""

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
from services.referrals import contract
from services.referrals.service import ReferralsService
from tests import factories
from tests.support.desk import Desk, desk
from tests.support.drafts import stranger
from tests.support.installation import Templates

GRACE = factories.referrer_details(name="Grace Mensah", email="grace@example.nhs.uk", may_be_told="status", source="A2")
Ask = Callable[..., tuple[dict[str, Any], str]]


@pytest.fixture(scope="module")
def referrals(postgres_url: str) -> Iterator[Desk]:
    """Nothing here depends on the broker: one is enough."""
    with desk(Templates(postgres_url), f"inprocess://{uuid4().hex}", ReferralsService) as running:
        yield running


@pytest.fixture
def somebody(southwark: UUID) -> Caller:
    return stranger(southwark)


@pytest.fixture
def asked(referrals: Desk, clinician: Caller, health_visitor: Caller, southwark: UUID) -> Ask:
    """Ask a referrer something; return the referral, and the secret of the link as it left by mail."""

    def ask(words: str = "Who else lives there?", at: Any = None, **changed: Any) -> tuple[dict[str, Any], str]:
        received = referrals.ask(contract.REFER, health_visitor, **factories.referral_details(**{"referrer": GRACE, **changed}))
        who = replace(clinician, at=at) if at else clinician
        waiting = referrals.ask(contract.ASK_FOR_INFORMATION, who, referral_id=received["id"], version=1, reason=words)
        tokens = [mail["token"] for mail in mails(referrals, southwark, "question") if mail["reference"] == received["reference"]]
        return waiting, tokens[-1] if tokens else ""

    return ask


def mails(desk: Desk, borough_id: UUID, kind: str) -> list[dict[str, Any]]:
    told = desk.told("referrals", borough_id)
    return [event["data"] for event in told if event["type"] == "referrals.message.wanted" and event["data"]["kind"] == kind]


def read(desk: Desk, who: Caller, referral: dict[str, Any]) -> dict[str, Any]:
    return desk.ask(contract.GET_REFERRAL, who, referral_id=referral["id"])


def test_the_mail_holds_a_link_and_not_the_question(referrals: Desk, asked: Ask, southwark: UUID) -> None:
    waiting, token = asked("Does she still drink in the morning?")
    (mail,) = mails(referrals, southwark, "question")
    assert (mail["to"], mail["reference"]) == ("grace@example.nhs.uk", waiting["reference"])
    assert len(token) >= 43
    assert "drink" not in str(mail)
    assert waiting["family_name"].split()[0] not in str(mail)


def test_behind_the_link_stands_what_was_asked_and_no_name(referrals: Desk, asked: Ask, somebody: Caller) -> None:
    waiting, token = asked()
    found = referrals.ask(contract.QUESTION_BY_LINK, somebody, token=token)
    assert (found["state"], found["words"], found["reference"]) == ("open", "Who else lives there?", waiting["reference"])
    assert set(found) == {"state", "words", "reference", "expires_at"}


def test_the_answer_comes_back_to_the_record_and_the_referral_to_triage(
    referrals: Desk, asked: Ask, somebody: Caller, clinician: Caller, southwark: UUID
) -> None:
    waiting, token = asked()
    assert referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer="Her mother.")["state"] == "answered"
    back = read(referrals, clinician, waiting)
    assert back["status"] == "received"
    assert (back["steps"][-1]["reason"], back["steps"][-1]["by_name"]) == ("Her mother.", "Grace Mensah, by the link")
    (question,) = back["questions"]
    assert (question["answer"], question["came_after"], question["mailed"]) == ("Her mother.", None, True)
    assert [event["type"] for event in referrals.told("referrals", southwark)][-1] == "referrals.referral.informed"


def test_a_link_is_good_for_one_answer(referrals: Desk, asked: Ask, somebody: Caller, clinician: Caller) -> None:
    waiting, token = asked()
    referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer="Her mother.")
    again = referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer="No, her sister.")
    assert (again["state"], again["words"]) == ("answered", None)
    assert read(referrals, clinician, waiting)["questions"][0]["answer"] == "Her mother."


def test_who_answers_is_told_whether_it_was_kept(referrals: Desk, asked: Ask, somebody: Caller) -> None:
    _, token = asked()
    told = [referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer=words)["kept"] for words in ("One", "Two")]
    assert told == [True, False]


def test_of_two_answers_at_once_one_is_kept(referrals: Desk, asked: Ask, somebody: Caller, clinician: Caller) -> None:
    waiting, token = asked()
    with ThreadPoolExecutor(2) as two:
        list(two.map(lambda words: referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer=words), ["One", "Two"]))
    back = read(referrals, clinician, waiting)
    assert [step["status"] for step in back["steps"]] == ["received", "needs_information", "received"]
    assert back["questions"][0]["answer"] == back["steps"][-1]["reason"]


def test_a_link_that_has_ended_takes_no_answer(referrals: Desk, asked: Ask, somebody: Caller, clinician: Caller) -> None:
    waiting, token = asked(at=clock.now() - timedelta(days=contract.QUESTION_DAYS, minutes=1))
    assert referrals.ask(contract.QUESTION_BY_LINK, somebody, token=token)["state"] == "expired"
    assert referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer="Her mother.")["state"] == "expired"
    assert read(referrals, clinician, waiting)["status"] == "needs_information"


@pytest.mark.parametrize("wrong", ["altered", "cut short", "made up", "of another borough"])
def test_a_link_that_opens_nothing_says_the_same_whatever_is_wrong_with_it(
    referrals: Desk, asked: Ask, somebody: Caller, lambeth: UUID, wrong: str
) -> None:
    _, token = asked()
    links = {
        "altered": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "cut short": token[:-4],
        "made up": "x" * 43,
        "of another borough": token,
    }
    who = stranger(lambeth) if wrong == "of another borough" else somebody
    for operation, words in ((contract.QUESTION_BY_LINK, {}), (contract.ANSWER_BY_LINK, {"answer": "Her mother."})):
        with pytest.raises(NotFound) as refused:
            referrals.ask(operation, who, token=links[wrong], **words)
        assert refused.value.to_wire() == NotFound().to_wire()
    assert referrals.ask(contract.QUESTION_BY_LINK, somebody, token=token)["state"] == "open"


CLOSED: dict[str, list[tuple[Any, dict[str, Any]]]] = {
    "declined": [(contract.DECLINE, {"because": "other"})],
    "closed": [(contract.DECLINE, {"because": "other"}), (contract.CLOSE, {})],
    "accepted": [(contract.ANSWER_INFORMATION, {}), (contract.ACCEPT, {})],
    "received": [(contract.ANSWER_INFORMATION, {})],
}


@pytest.mark.parametrize("status", sorted(CLOSED))
def test_an_answer_after_the_decision_is_kept_shown_and_moves_nothing(
    referrals: Desk, asked: Ask, somebody: Caller, clinician: Caller, status: str
) -> None:
    waiting, token = asked()
    now = waiting
    for operation, words in CLOSED[status]:
        now = referrals.ask(operation, clinician, referral_id=now["id"], version=now["version"], reason="Decided", **words)
    assert referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer="Her mother.")["state"] == "answered"
    after = read(referrals, clinician, waiting)
    assert (after["status"], after["version"]) == (status, now["version"])
    (question,) = after["questions"]
    assert (question["answer"], question["came_after"]) == ("Her mother.", status)
    board = referrals.ask(contract.TRIAGE_BOARD, clinician, status=list(contract.STATUSES), answered_late=True)
    assert ([item["id"] for item in board["items"]], board["counts"]["late_answers"]) == ([waiting["id"]], 1)


def test_an_answer_that_somebody_looked_at_is_no_longer_new_and_stays(
    referrals: Desk, asked: Ask, somebody: Caller, clinician: Caller
) -> None:
    waiting, token = asked()
    referrals.ask(contract.DECLINE, clinician, referral_id=waiting["id"], version=2, because="other", reason="Too late")
    referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer="Her mother.")
    (question,) = read(referrals, clinician, waiting)["questions"]
    looked = referrals.ask(contract.LOOK_AT_ANSWER, clinician, referral_id=waiting["id"], question_id=question["id"])
    assert (looked["questions"][0]["seen_by"], looked["questions"][0]["answer"]) == ("Ruth Osei", "Her mother.")
    assert referrals.ask(contract.TRIAGE_BOARD, clinician)["counts"]["late_answers"] == 0


def test_an_answer_of_another_referral_is_not_looked_at_by_mistake(
    referrals: Desk, asked: Ask, clinician: Caller, neighbour: Caller
) -> None:
    one, _ = asked()
    other, _ = asked()
    (question,) = read(referrals, clinician, one)["questions"]
    for who, referral_id in ((clinician, other["id"]), (neighbour, one["id"]), (clinician, new_id())):
        with pytest.raises(NotFound):
            referrals.ask(contract.LOOK_AT_ANSWER, who, referral_id=referral_id, question_id=question["id"])


def test_an_answer_about_a_family_that_was_restricted_since_is_not_lost(
    referrals: Desk, asked: Ask, somebody: Caller, clinician: Caller, southwark: UUID
) -> None:
    waiting, token = asked()
    practitioner = {"person_id": new_id(), "name": "Paul Lang", "practitioner": True}
    words: dict[str, Any] = {"reason": "domestic_abuse", "words": None, "people": [practitioner], "without_me": False}
    referrals.ask(contract.RESTRICT_FAMILY, clinician, family_id=waiting["family_id"], **words)
    assert referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer="Her mother.")["state"] == "answered"
    assert read(referrals, clinician, waiting)["questions"][0]["answer"] == "Her mother."
    with pytest.raises(NotFound):
        read(referrals, factories.caller(southwark, name="Nobody Named"), waiting)


@pytest.mark.parametrize("answer", ["", "   ", "x" * 4001])
def test_an_empty_answer_and_one_that_is_too_long_are_refused_and_use_nothing_up(
    referrals: Desk, asked: Ask, somebody: Caller, answer: str
) -> None:
    _, token = asked()
    with pytest.raises(Invalid) as refused:
        referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer=answer)
    assert set(refused.value.faults) == {"answer"}
    assert referrals.ask(contract.QUESTION_BY_LINK, somebody, token=token)["state"] == "open"


def test_an_answer_in_any_writing_comes_back_as_it_was_written(referrals: Desk, asked: Ask, somebody: Caller, clinician: Caller) -> None:
    waiting, token = asked()
    words = "\u0623\u0645\u0651\u0647\u0627 \U0001f469\u200d\U0001f467 <b>only</b>\nand nobody else"
    referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer=words)
    assert read(referrals, clinician, waiting)["questions"][0]["answer"] == words


def test_where_no_mail_may_leave_the_question_is_kept_all_the_same(referrals: Desk, asked: Ask, southwark: UUID) -> None:
    waiting, token = asked(referrer={**GRACE, "may_be_told": "outcome"})
    assert token == ""
    assert (waiting["questions"][0]["mailed"], waiting["questions"][0]["words"]) == (False, "Who else lives there?")


def test_who_holds_only_other_rights_opens_no_link(referrals: Desk, asked: Ask, southwark: UUID) -> None:
    _, token = asked()
    with pytest.raises(Forbidden):
        referrals.ask(contract.QUESTION_BY_LINK, factories.caller(southwark, permissions=frozenset({"groups.read"})), token=token)


def test_a_colleague_who_may_not_read_what_is_clinical_reads_neither_question_nor_answer(
    referrals: Desk, asked: Ask, somebody: Caller, clinician: Caller
) -> None:
    waiting, token = asked()
    referrals.ask(contract.ANSWER_BY_LINK, somebody, token=token, answer="Her mother.")
    lesser = replace(clinician, permissions=clinician.permissions - {"referrals.read_clinical"})
    assert {(one["words"], one["answer"]) for one in read(referrals, lesser, waiting)["questions"]} == {(None, None)}
