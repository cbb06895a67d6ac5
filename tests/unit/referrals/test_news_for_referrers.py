"""What became of a family after it was accepted, and the mails to its referrer: never more than was agreed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from chassis.caller import Caller
from chassis.contract import Event
from services.referrals import contract
from services.referrals.models import Question, Referral, messages, new_token
from services.referrals.models.telling import NEWS
from tests import factories
from tests.unit.referrals.conftest import received

NOW = clock.now()


def agreed(may_be_told: str = "status", **changed: Any) -> Referral:
    return received(referrer=factories.referrer_details(may_be_told=may_be_told, email="grace@example.nhs.uk", **changed))


def accepted(by: Caller, may_be_told: str = "status") -> Referral:
    referral = agreed(may_be_told)
    referral.accept(1, "Fits", by, NOW)
    return referral


def later(hours: int) -> Any:
    return NOW + timedelta(hours=hours)


def test_its_way_reads_received_in_assessment_offered_a_place_closed(clinician: Caller) -> None:
    referral = agreed()
    told = [referral.told()]
    referral.accept(1, "Fits", clinician, NOW)
    told.append(referral.told())
    referral.hear("offered", later(1))
    told.append(referral.told())
    referral.close(2, "Settled", clinician, later(2))
    told.append(referral.told())
    assert [step.told_as for step in told] == ["received", "accepted", "offered", "closed"]
    assert contract.TOLD["accepted"].startswith("In assessment")


@pytest.mark.parametrize(("may_be_told", "told"), [("status", "offered"), ("outcome", "offered"), ("nothing", "received")])
def test_an_offer_is_told_as_far_as_the_family_agreed(may_be_told: str, told: str, clinician: Caller) -> None:
    referral = accepted(clinician, may_be_told)
    referral.hear("offered", later(1))
    assert referral.told().told_as == told


@pytest.mark.parametrize("what", ["not_joining", "ended"])
def test_what_ends_it_reads_as_closed_and_says_no_more(what: str, clinician: Caller) -> None:
    referral = accepted(clinician)
    referral.hear(what, later(1))
    assert referral.told().told_as == "closed"


@given(st.permutations([("offered", 1), ("ended", 2), ("offered", 3)]))
def test_news_may_come_in_any_order(news: list[tuple[str, int]]) -> None:
    referral = accepted(factories.caller())
    for what, hours in news:
        referral.hear(what, later(hours))
    assert (referral.told().told_as, referral.told().at) == ("offered", later(3))


@pytest.mark.parametrize("what", sorted(NEWS))
def test_news_of_a_referral_that_is_not_accepted_changes_nothing(what: str, clinician: Caller) -> None:
    referral = agreed()
    referral.decline(1, "Lives in Kent", clinician, NOW, because="other")
    referral.hear(what, later(1))
    assert (referral.told().told_as, referral.news) == ("declined", {})


def mailed(referral: Referral, before: Any, most_told: str = "status") -> list[dict[str, Any]]:
    return [event.data for event in messages.outcome(referral, before, most_told)]


@pytest.mark.parametrize(
    ("move", "told"),
    [
        ("accept", "accepted"), ("decline", "declined"), ("redirect", "redirected"), ("withdraw", "withdrawn"), ("ask", ""),
    ],
)  # fmt: skip
def test_what_became_of_it_is_mailed_once_and_a_step_on_the_way_is_not(move: str, told: str, clinician: Caller) -> None:
    referral = agreed()
    before, words = referral.told(), {"redirect": ("Perinatal team", "Needs more")}.get(move, ("Because",))
    getattr(referral, move)(1, *words, clinician, NOW, **({"because": "other"} if move == "decline" else {}))
    found = mailed(referral, before)
    assert [one["words"]["told"] for one in found] == ([told] if told else [])
    assert [one["kind"] for one in found] == ([] if not told else ["redirect" if told == "redirected" else "outcome"])
    assert mailed(referral, referral.told()) == []


def test_a_mail_holds_reference_and_initials_and_no_name(clinician: Caller) -> None:
    referral = accepted(clinician)
    (mail,) = mailed(referral, referral.history[0])
    assert (mail["to"], mail["reference"], mail["family_id"]) == ("grace@example.nhs.uk", referral.reference, referral.family_id)
    for person in (*referral.family["parents"], *referral.family["children"]):
        assert person["given_name"] not in str(mail)
        assert person["family_name"] not in str(mail)


@pytest.mark.parametrize("who", ["agreed to nothing", "borough tells nobody", "no address", "a parent who asked for themself"])
def test_nothing_is_mailed_to_who_may_not_hear_it_or_can_not_be_written_to(who: str, clinician: Caller) -> None:
    made: dict[str, Callable[[], Referral]] = {
        "agreed to nothing": lambda: agreed("nothing"),
        "borough tells nobody": agreed,
        "no address": lambda: received(referrer=factories.referrer_details(may_be_told="status", email=None)),
        "a parent who asked for themself": lambda: agreed(source="B1"),
    }
    referral = made[who]()
    most = "nothing" if who == "borough tells nobody" else "status"
    before = referral.told(most)
    referral.accept(1, "Fits", clinician, NOW)
    assert mailed(referral, before, most) == []


@pytest.mark.parametrize(
    ("may_be_told", "most_told", "may"), [("status", "status", True), ("outcome", "status", False), ("status", "outcome", False)]
)
def test_a_question_is_mailed_only_where_the_referrer_may_follow_each_step(
    may_be_told: str,
    most_told: str,
    may: bool,  # noqa: FBT001 - a parameter of the test
    clinician: Caller,
) -> None:
    referral = agreed(may_be_told)
    referral.ask(1, "Who else lives there?", clinician, NOW)
    assert messages.may_be_asked(referral, most_told) is may


def test_a_question_travels_as_a_link_and_never_in_words(clinician: Caller) -> None:
    referral = agreed()
    referral.ask(1, "Does she still drink in the morning?", clinician, NOW)
    event: Event = messages.question(referral, "s3cret")
    assert event.data["token"] == "s3cret"
    assert "drink" not in str(event.data)
    assert event.data["family_id"] == referral.family_id
    assert contract.MessageFacts().validate(contract.MessageFacts().dump(event.data)) == {}


def asked(by: Caller, token: str = "") -> Question:
    return Question.asked(received().id, "Who else lives there?", token or new_token(), by, NOW, mailed=True)


def test_a_link_is_good_for_one_answer(clinician: Caller) -> None:
    question = asked(clinician)
    assert question.state(NOW) == "open"
    assert question.take("Her mother.", "needs_information", later(1))
    assert (question.state(later(2)), question.answer, question.came_after) == ("answered", "Her mother.", None)


@pytest.mark.parametrize("days", [contract.QUESTION_DAYS, contract.QUESTION_DAYS + 400])
def test_a_link_ends(days: int, clinician: Caller) -> None:
    question = asked(clinician)
    assert question.state(NOW + timedelta(days=contract.QUESTION_DAYS, seconds=-1)) == "open"
    assert question.state(NOW + timedelta(days=days)) == "expired"


@pytest.mark.parametrize("status", sorted(set(contract.STATUSES) - {"needs_information"}))
def test_an_answer_that_nothing_waits_for_is_kept_with_what_it_came_after(status: str, clinician: Caller) -> None:
    question = asked(clinician)
    assert not question.take("Her mother.", status, later(1))
    assert (question.answer, question.came_after, question.seen_by) == ("Her mother.", status, None)
    question.look_at(clinician)
    assert question.seen_by == "Ruth Osei"


def test_only_an_answer_that_came_late_is_marked_as_looked_at(clinician: Caller) -> None:
    question = asked(clinician)
    question.take("Her mother.", "needs_information", later(1))
    question.look_at(clinician)
    assert question.seen_by is None


def test_the_secret_of_a_link_is_not_kept(clinician: Caller) -> None:
    token = new_token()
    question = asked(clinician, token)
    assert token.encode() not in question.digest
    assert len(question.digest) == 32
    assert len({new_token() for _ in range(50)}) == 50


def test_an_answer_of_somebody_who_signed_in_has_their_own_name(clinician: Caller) -> None:
    referral = agreed()
    referral.ask(1, "Who else lives there?", clinician, NOW)
    event = referral.answered("Her mother.", factories.caller(kind="referring", name="Helen Vance"), later(1))
    assert (event.type, referral.status) == (contract.REFERRAL_INFORMED, "received")
    step = referral.history[-1]
    assert (step.kind, step.by_name, step.agency_name) == ("answered", "Helen Vance", "Health visiting")


def test_an_answer_by_link_puts_the_referral_back_and_says_who_wrote(clinician: Caller) -> None:
    referral = agreed()
    referral.ask(1, "Who else lives there?", clinician, NOW)
    event = referral.answered_by_link("Her mother.", factories.caller(name="Somebody without an account"), later(1))
    assert (event.type, referral.status) == (contract.REFERRAL_INFORMED, "received")
    assert (referral.history[-1].kind, referral.history[-1].reason) == ("answered", "Her mother.")
    assert referral.history[-1].by_name == f"{referral.referrer['name']}, by the link"
