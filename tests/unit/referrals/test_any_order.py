"""Whatever happens to a referral or a family in whatever order: nothing is overwritten, and nothing is told too much."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis import clock
from chassis.database import Page
from chassis.errors import Stale, StayPlayError
from chassis.ids import new_id
from services.referrals import contract, views
from services.referrals.models import Family, Referral, record_of
from tests import factories
from tests.unit.referrals.conftest import received
from tests.unit.referrals.test_referral_moves import MOVES

STEPS = st.lists(st.sampled_from(sorted(MOVES)), max_size=10)
SECRETS = ("Does she have a GP?", "Perinatal team", "Too unwell", "Lives in Kent", "Dealt with", "Changed her mind", "Ruth Osei")
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=40)


def lived(may_be_told: str, steps: list[str]) -> Referral:
    """Return a referral on which as many of the steps were done as its rules allowed."""
    referral, by = received(referrer=factories.referrer_details(may_be_told=may_be_told)), factories.caller()
    for step in steps:
        try:
            MOVES[step](referral, by)
        except StayPlayError:
            continue
    return referral


def own(referral: Referral) -> dict[str, Any]:
    told: dict[str, Any] = views.own(Page([referral]), "status")["items"][0]
    return told


@given(STEPS)
def test_where_nothing_may_be_told_every_referral_looks_as_on_its_first_day(steps: list[str]) -> None:
    referral = lived("nothing", steps)
    assert own(referral) == {
        "id": referral.id,
        "reference": referral.reference,
        "family_name": referral.family_name,
        "referred_on": referral.referred_on,
        "told": "received",
        "told_words": "Received",
        "told_at": referral.received_at,
        "question": None,
        "question_id": None,
        "answer_until": None,
    }


@given(STEPS)
def test_where_the_outcome_may_be_told_no_step_on_the_way_is(steps: list[str]) -> None:
    told = own(lived("outcome", steps))
    assert told["told"] in {"received", *contract.OUTCOMES}
    assert told["question"] is None
    assert not any(secret in str(told) for secret in SECRETS)


@given(STEPS)
def test_where_each_step_may_be_told_the_newest_is_and_only_the_question_in_words(steps: list[str]) -> None:
    referral = lived("status", steps)
    told = own(referral)
    assert told["told"] == ("closed" if referral.status == "duplicate" else referral.status)
    shown = SECRETS[1:] if referral.status == "needs_information" else SECRETS
    assert not any(secret in str(told) for secret in shown)


@given(STEPS, st.sampled_from(sorted(contract.MAY_BE_TOLD)))
def test_no_referrer_ever_reads_a_clinical_word_or_of_a_duplicate(steps: list[str], may_be_told: str) -> None:
    told = own(lived(may_be_told, steps))
    assert factories.CLINICAL not in str(told)
    assert "duplicate" not in str(told).lower()


@given(STEPS)
def test_no_story_ever_holds_anybodys_words(steps: list[str]) -> None:
    story = str(views.story([lived("status", steps)]))
    assert not any(secret in story for secret in (*SECRETS[:-1], factories.CLINICAL, "large dog"))


@given(STEPS)
def test_the_team_reads_every_step_in_order(steps: list[str]) -> None:
    referral = lived("status", steps)
    reply = contract.Referral()
    read = reply.load(reply.dump(views.referral(referral, factories.caller(), [], [])))
    assert [step["status"] for step in read["steps"]] == [step.status for step in referral.history]
    assert read["may_move_to"] == list(contract.MOVES[referral.status])
    assert read["version"] == len(read["steps"])


@given(NAMES, NAMES, NAMES, st.dates(date(2023, 1, 1), date(2025, 1, 1)))
def test_a_family_of_any_name_reads_back_as_it_was_written(given_name: str, family_name: str, child: str, born: date) -> None:
    parents = [factories.parent_details(given_name=given_name, family_name=family_name)]
    children = [factories.child_details(given_name=child, family_name=family_name, birth_date=born)]
    request = contract.ReferRequest().load(
        factories.as_json(contract.ReferRequest, factories.referral_details(parents=parents, children=children))
    )
    referral = Referral.from_request(request, factories.caller(), clock.now(), clock.today())
    family = referral.register_family(clock.now())
    assert family.parents[0].given_name == request["parents"][0]["given_name"]
    assert family.children[0].birth_date == born == referral.child_birth_dates[0]
    assert family.name == referral.family_name
    assert contract.FamilyFacts().validate(contract.FamilyFacts().dump(family.registered().data)) == {}


class TwoEditors(RuleBasedStateMachine):
    """Two people edit one family; each saves on the version that they opened last."""

    @initialize()
    def begin(self) -> None:
        self.family = Family.from_record(new_id(), new_id(), record_of(factories.family_details(language="English")), clock.now())
        self.opened = {"Ruth": self.read(), "Amina": self.read()}
        self.saved = ["English"]

    def read(self) -> dict[str, Any]:
        """Return what a form shows."""
        record = {name: value for name, value in self.family.record().items() if name != "name"}
        return {**record, "family_id": self.family.id, "version": self.family.version}

    @rule(who=st.sampled_from(["Ruth", "Amina"]))
    def open(self, who: str) -> None:
        self.opened[who] = self.read()

    @rule(who=st.sampled_from(["Ruth", "Amina"]), language=st.sampled_from(["Spanish", "Arabic", "Welsh"]))
    def save(self, who: str, language: str) -> None:
        request = {**self.opened[who], "language": language}
        if self.opened[who]["version"] == self.family.version:
            assert self.family.change(request, clock.now()).sequence == self.family.version
            self.saved.append(language)
            return
        with pytest.raises(Stale) as refused:
            self.family.change(request, clock.now())
        shown = refused.value.facts
        assert (shown["yours"]["language"], shown["theirs"]["language"]) == (language, self.family.language)

    @invariant()
    def what_stands_is_what_was_saved_last(self) -> None:
        assert self.family.language == self.saved[-1]
        assert self.family.version == len(self.saved)


TestTwoEditors = TwoEditors.TestCase
TestTwoEditors.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
