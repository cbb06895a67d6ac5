"""Does the group fit? Each criterion says what it rests on; a person's answer stands in place of a worked out one."""

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from chassis.caller import Caller
from chassis.errors import InvalidTransition, Stale
from services.referrals import contract
from services.referrals.models import Answer, Referral, Terms, fit_of
from services.referrals.views.referral import criterion as told_criterion
from tests import factories
from tests.unit.referrals.conftest import received

HERE = factories.terms("SE15", "SE5")


def answers(referral: Referral, terms: Terms = HERE, on: date | None = None) -> dict[str, Answer]:
    return {one.criterion: one for one in referral.criteria(terms, on or clock.today())}


def living_at(postcode: str | None, **changed: Any) -> Referral:
    return received(address=factories.address_details(postcode=postcode), **changed)


def test_every_criterion_is_answered_with_a_fact(referral: Referral) -> None:
    found = answers(referral)
    assert list(found) == list(contract.CRITERIA)
    assert all(one.answer in contract.ANSWERS and one.fact for one in found.values())


@pytest.mark.parametrize(
    ("postcode", "said", "answer", "fact"),
    [
        ("SE15 5LX", "not_known", "met", "SE15 is one of the borough's postcodes"),
        ("se15 5lx", "neither", "met", "SE15 is one of the borough's postcodes"),
        ("BR1 1AA", "uses", "met", "use services"),
        ("BR1 1AA", "lives", "not_known", "BR1 is not one of the borough's postcodes, and the referrer says that they live here"),
        ("BR1 1AA", "neither", "not_met", "neither live in the borough nor use services"),
        ("BR1 1AA", "not_known", "not_known", "Nobody said whether they use services"),
        (None, "lives", "met", "The referrer says that they live in the borough."),
        (None, "not_known", "not_known", "No postcode is known"),
    ],
)
def test_the_borough_is_known_by_its_postcodes_and_by_what_the_referrer_says(
    postcode: str | None, said: str, answer: str, fact: str
) -> None:
    found = answers(living_at(postcode, borough_link=said))["borough"]
    assert found.answer == answer
    assert fact in found.fact


def test_without_the_boroughs_postcodes_the_referrers_word_counts() -> None:
    assert answers(living_at("BR1 1AA", borough_link="lives"), factories.terms())["borough"].answer == "met"
    assert answers(living_at("BR1 1AA"), factories.terms())["borough"].fact == "The borough's postcodes are not in its policy."


@pytest.mark.parametrize("written", ["SE15 SE5", "se15, se5", "SE15;SE5\n", " SE15 ,, SE5 "])
def test_the_policys_postcodes_are_read_however_they_are_written(written: str) -> None:
    assert Terms.of({"outward_codes": written}, 0, 60).outward_codes == {"SE15", "SE5"}
    assert Terms.of({}, 0, 60).outward_codes == frozenset()


@pytest.mark.parametrize(("months", "answer"), [(0, "met"), (60, "met"), (61, "not_met"), (100, "not_met")])
def test_a_child_may_be_as_old_as_policy_lets_on_the_day_it_is_looked_at(months: int, answer: str) -> None:
    today = clock.today()
    referral = received()
    referral.family = {**referral.family, "children": [child(today - relativedelta(months=months, days=0 if months != 61 else 1))]}
    assert answers(referral, on=today)["child_age"].answer == answer


def child(born: date | None, name: str = "Finn") -> dict[str, Any]:
    return {"given_name": name, "family_name": "Doyle", "birth_date": born and born.isoformat()}


def test_one_child_of_the_right_age_is_enough(referral: Referral) -> None:
    today = clock.today()
    referral.family = {**referral.family, "children": [child(today - relativedelta(years=9), "Ama"), child(today - relativedelta(years=1))]}
    found = answers(referral)["child_age"]
    assert (found.answer, found.fact) == ("met", "Ama is older than 5 years. Finn is 12 months.")


@pytest.mark.parametrize("born", [None, clock.today() + timedelta(days=30)])
def test_of_a_baby_that_is_expected_the_age_is_not_known(referral: Referral, born: date | None) -> None:
    referral.family = {**referral.family, "children": [child(born, "")]}
    found = answers(referral)["child_age"]
    assert (found.answer, found.fact) == ("not_known", "The expected baby is not born yet.")


def test_a_child_younger_than_policy_is_not_met(referral: Referral) -> None:
    referral.family = {**referral.family, "children": [child(clock.today() - timedelta(days=20))]}
    found = answers(referral, factories.terms(youngest=6))["child_age"]
    assert (found.answer, found.fact) == ("not_met", "Finn is younger than 6 months.")


@pytest.mark.parametrize(("said", "answer"), [("yes", "met"), ("no", "not_met"), ("not_known", "not_known")])
def test_the_need_is_what_the_referrer_said(said: str, answer: str) -> None:
    assert answers(received(parental_need=said))["parental_need"].answer == answer


@pytest.mark.parametrize(("said", "answer", "flagged"), [("no", "met", False), ("yes", "not_met", True), ("not_known", "not_known", False)])
def test_a_parent_under_the_team_is_flagged(said: str, answer: str, flagged: bool) -> None:  # noqa: FBT001 - a parameter of the test
    found = answers(received(secondary_care=said))["below_threshold"]
    assert (found.answer, found.flagged) == (answer, flagged)


def test_a_parent_under_the_team_is_not_thrown_out() -> None:
    flagged = living_at("SE15 5LX", secondary_care="yes", parental_need="yes")
    assert fit_of(answers(flagged).values()) == "flagged"
    assert "accepted" in flagged.may_move_to


def test_who_withdrew_does_not_agree_any_more(referral: Referral, clinician: Caller) -> None:
    assert answers(referral)["agreement"].answer == "met"
    referral.withdraw(1, "Changed her mind", clinician, clock.now())
    assert answers(referral)["agreement"].answer == "not_met"


def test_a_parent_who_asked_for_themself_agrees() -> None:
    own = received(referrer=factories.referrer_details(source="B1"))
    assert answers(own)["agreement"].fact == "A parent asked to come."


def test_a_family_that_nobody_asked_is_not_known_to_agree(referral: Referral) -> None:
    referral.agreement = {**referral.agreement, "agrees": "not_asked"}
    assert answers(referral)["agreement"].answer == "not_known"


@pytest.mark.parametrize(
    ("found", "fit"),
    [
        ([], "fits"), (["met"], "fits"), (["met", "not_known"], "find_out"), (["met", "not_known", "not_met"], "does_not_fit"),
    ],
)  # fmt: skip
def test_all_answers_in_a_word(found: list[str], fit: str) -> None:
    assert fit_of([Answer("borough", answer, "Said so") for answer in found]) == fit


@given(st.lists(st.tuples(st.sampled_from(sorted(contract.CRITERIA)), st.sampled_from(sorted(contract.ANSWERS)))))
def test_whatever_is_answered_there_is_a_word_for_it(found: list[tuple[str, str]]) -> None:
    assert fit_of([Answer(criterion, answer, "") for criterion, answer in found]) in contract.FITS


def by(who: Caller, answer: str = "met", criterion: str = "borough") -> Answer:
    return Answer(criterion, answer, "She goes to the library here.", who.person_name, clock.now())


def test_a_persons_answer_stands_in_place_of_what_follows(clinician: Caller) -> None:
    referral = living_at("BR1 1AA")
    referral.judge(1, by(clinician))
    found = answers(referral)["borough"]
    assert (found.answer, found.fact, found.by_name) == ("met", "She goes to the library here.", "Ruth Osei")
    assert answers(referral)["child_age"].by_name is None
    assert referral.version == 2


def test_who_answers_on_an_old_page_is_told_what_was_answered(referral: Referral, clinician: Caller) -> None:
    referral.judge(1, by(clinician, "not_met"))
    with pytest.raises(Stale) as refused:
        referral.judge(1, by(clinician, "met"))
    assert refused.value.facts["yours"]["answer"] == "met"
    assert refused.value.facts["theirs"]["answer"] == "not_met"


def test_nobody_answers_about_what_is_decided(referral: Referral, clinician: Caller) -> None:
    referral.decline(1, "Lives in Kent", clinician, clock.now(), because="other")
    with pytest.raises(InvalidTransition):
        referral.judge(2, by(clinician))


def test_the_answers_at_acceptance_are_kept_with_it(referral: Referral, clinician: Caller) -> None:
    found = {one.criterion: one.answer for one in answers(referral).values()}
    referral.accept(1, "Fits", clinician, clock.now(), criteria=found)
    assert referral.history[-1].criteria == found


@pytest.mark.parametrize("criterion", sorted(contract.CRITERIA))
def test_of_what_is_clinical_others_read_neither_answer_nor_fact(criterion: str) -> None:
    told = told_criterion(Answer(criterion, "not_met", "Zzfact"), may_read=False)
    if criterion in contract.CLINICAL_CRITERIA:
        assert (told["answer"], told["fact"], told["flagged"]) == (None, None, False)
    else:
        assert (told["answer"], told["fact"]) == ("not_met", "Zzfact")
