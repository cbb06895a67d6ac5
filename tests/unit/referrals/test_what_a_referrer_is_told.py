"""A referrer hears what the family agreed to, and nothing else."""

from typing import Any

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.database import Page
from services.referrals import contract, views
from services.referrals.models import Referral
from tests import factories
from tests.unit.referrals.conftest import received


def agreed(may_be_told: str) -> Referral:
    return received(referrer=factories.referrer_details(may_be_told=may_be_told))


def asked_and_accepted(referral: Referral, by: Caller) -> list[str]:
    told = [referral.told().told_as]
    referral.ask(1, "Does she have a GP?", by, clock.now())
    told.append(referral.told().told_as)
    referral.answer(2, "Yes", by, clock.now())
    told.append(referral.told().told_as)
    referral.accept(3, "Fits", by, clock.now())
    told.append(referral.told().told_as)
    referral.close(4, "Settled in the group", by, clock.now())
    return [*told, referral.told().told_as]


def test_each_step_where_the_family_agreed_to_that(clinician: Caller) -> None:
    steps = asked_and_accepted(agreed("status"), clinician)
    assert steps == ["received", "needs_information", "received", "accepted", "closed"]


def test_the_outcome_only_where_the_family_agreed_to_that(clinician: Caller) -> None:
    steps = asked_and_accepted(agreed("outcome"), clinician)
    assert steps == ["received", "received", "received", "accepted", "closed"]


def test_only_that_it_arrived_where_the_family_agreed_to_nothing(clinician: Caller) -> None:
    assert set(asked_and_accepted(agreed("nothing"), clinician)) == {"received"}


@pytest.mark.parametrize(
    ("agreed_to", "at_most", "told"),
    [
        ("status", "outcome", "received"), ("status", "nothing", "received"), ("outcome", "status", "received"),
        ("status", "status", "needs_information"), ("nothing", "status", "received"),
    ],
)  # fmt: skip
def test_never_more_than_the_borough_lets_anybody_be_told(clinician: Caller, agreed_to: str, at_most: str, told: str) -> None:
    referral = agreed(agreed_to)
    referral.ask(1, "Does she have a GP?", clinician, clock.now())
    assert referral.told(at_most).told_as == told
    shown = views.own(Page([referral]), at_most)["items"][0]
    assert (shown["told"], shown["question"]) == (told, "Does she have a GP?" if told == "needs_information" else None)


def test_the_outcome_where_the_family_agreed_to_more_than_the_borough_allows(clinician: Caller) -> None:
    referral = agreed("status")
    referral.accept(1, "Fits", clinician, clock.now())
    assert [referral.told(most).told_as for most in ("nothing", "outcome", "status")] == ["received", "accepted", "accepted"]


def test_not_even_the_time_of_a_step_that_may_not_be_told(clinician: Caller) -> None:
    referral = agreed("nothing")
    referral.decline(1, "Lives in Kent", clinician, clock.now(), because="other")
    assert referral.told().at == referral.received_at


@pytest.mark.parametrize("may_be_told", list(contract.MAY_BE_TOLD))
def test_never_that_somebody_else_referred_the_family(may_be_told: str, clinician: Caller) -> None:
    referral = agreed(may_be_told)
    referral.mark_duplicate(1, received(), "Same address", clinician, clock.now())
    assert referral.told().told_as in {"received", "closed"}
    assert "duplicate" not in str(views.own(Page([referral]), "status"))


def own(referral: Referral) -> dict[str, Any]:
    reply = contract.PageOfOwnReferrals()
    told: dict[str, Any] = reply.load(reply.dump(views.own(Page([referral]), "status")))["items"][0]
    return told


def test_a_referrer_sees_the_question_they_are_asked(clinician: Caller) -> None:
    referral = agreed("status")
    referral.ask(1, "Does she have a GP?", clinician, clock.now())
    assert own(referral)["question"] == "Does she have a GP?"
    assert own(referral)["told_words"] == "We need more information from you"


def test_a_referrer_sees_no_question_where_the_family_agreed_to_the_outcome_only(clinician: Caller) -> None:
    referral = agreed("outcome")
    referral.ask(1, "Does she have a GP?", clinician, clock.now())
    assert own(referral)["question"] is None


def test_a_referrer_sees_no_words_of_the_team(clinician: Caller) -> None:
    referral = agreed("status")
    referral.redirect(1, "Perinatal mental health team", "Needs more than a group", clinician, clock.now())
    assert own(referral)["told"] == "redirected"
    assert "Perinatal" not in str(own(referral))
    assert "Needs more" not in str(own(referral))
    assert "Ruth Osei" not in str(own(referral))


def test_every_status_that_may_be_told_has_words() -> None:
    assert set(contract.TOLD) == (set(contract.STATUSES) - {"duplicate"}) | {"offered"}
    assert set(contract.TOLD) > contract.OUTCOMES
