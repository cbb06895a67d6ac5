"""What is written: versions, what changed between them, opening and closing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from chassis.caller import Caller
from chassis.errors import Invalid, InvalidTransition, Stale
from chassis.ids import new_id
from services.assessments import contract, views
from services.assessments.models import JointAssessment, changes_between, content_of
from tests import factories
from tests.unit.assessments.conftest import arranged, halves, opened, visited, written


def test_an_accepted_referral_opens_a_blank_assessment() -> None:
    assessment = opened()
    event = assessment.opened()
    assert (assessment.status, assessment.version) == ("waiting", 1)
    assert assessment.content == {"parent_side": None, "child_side": None, "shared": None, "decision": None}
    assert event.type is contract.ASSESSMENT_OPENED
    assert event.data["referral_id"] == assessment.referral_id
    assert contract.OpenedFacts().validate(contract.OpenedFacts().dump(event.data)) == {}


def test_each_edit_is_the_next_version_with_its_editor(ruth: Caller, paul: Caller) -> None:
    assessment = visited()
    assessment.edit(1, halves(shared="One"), ruth, clock.now())
    assessment.edit(2, halves(shared="Two"), paul, clock.now())
    assert [(each.version, each.edited_by) for each in assessment.versions] == [(3, "Paul Lang"), (2, "Ruth Osei"), (1, "")]
    assert (assessment.version, assessment.edited_by) == (3, "Paul Lang")


def test_a_save_on_an_older_version_is_refused_with_both_versions_shown(ruth: Caller, paul: Caller) -> None:
    assessment = written()
    assessment.edit(2, halves(shared="Paul's words"), paul, clock.now())
    with pytest.raises(Stale) as refused:
        assessment.edit(2, halves(shared="Ruth's words"), ruth, clock.now())
    yours, theirs = refused.value.facts["yours"], refused.value.facts["theirs"]
    assert (yours["version"], yours["shared"]) == (2, "Ruth's words")
    assert (theirs["version"], theirs["shared"], theirs["edited_by"]) == (3, "Paul's words", "Paul Lang")
    assert assessment.content["shared"] == "Paul's words"


def test_the_halves_may_be_prepared_before_the_visit(ruth: Caller) -> None:
    for assessment in (opened(), arranged()[0]):
        assessment.edit(1, halves(decision=None), ruth, clock.now())
        assert assessment.version == 2


def test_a_group_is_named_only_where_a_place_is_offered(ruth: Caller) -> None:
    assessment = visited()
    decision = factories.decision_details(outcome="not_now", group_id=new_id(), group_name="Peckham Tuesday")
    with pytest.raises(Invalid) as refused:
        assessment.edit(1, halves(decision=decision), ruth, clock.now())
    assert list(refused.value.faults) == ["decision"]
    assert assessment.version == 1


def test_what_changed_is_told_part_by_part_in_words() -> None:
    before = content_of(halves(shared="Apart", decision=None))
    after = content_of(halves(shared="Together"))
    told = {change["label"]: (change["before"], change["after"]) for change in changes_between(before, after)}
    assert told == {
        "Together": ("Apart", "Together"),
        "Outcome": (None, "Offer a place"),
        "Why": (None, factories.CLINICAL),
        "Before joining": (None, "One more visit, collect for the first weeks"),
    }


def test_nothing_changed_between_a_version_and_itself() -> None:
    content = content_of(halves())
    assert changes_between(content, content) == []


TEXTS = st.fixed_dictionaries({side: st.none() | st.text(max_size=20) for side in ("parent_side", "child_side", "shared")})


@given(TEXTS, TEXTS)
def test_changes_are_told_exactly_where_there_are_some(before: dict[str, Any], after: dict[str, Any]) -> None:
    one, other = content_of(before), content_of(after)
    changed = {change["field"] for change in changes_between(one, other)}
    assert changed == {side for side in before if one[side] != other[side]}


@given(TEXTS)
def test_an_empty_half_is_the_same_as_none(written_down: dict[str, Any]) -> None:
    assert all(half is None or half for half in content_of(written_down).values())


def test_what_changed_can_cross() -> None:
    changed = changes_between(content_of({}), content_of(halves()))
    reply = {"earlier": 1, "later": 2, "changes": changed}
    assert contract.Changes().load(contract.Changes().dump(reply))["changes"] == changed


def test_an_assessment_closes_with_its_referral() -> None:
    assessment, visit = arranged()
    cancelled, closed = assessment.close("Its referral was closed.", clock.now())
    assert (cancelled.type, closed.type) == (contract.VISIT_CANCELLED, contract.ASSESSMENT_CLOSED)
    assert (assessment.status, visit.status, closed.sequence) == ("closed", "cancelled", 2)


def test_an_agreed_assessment_does_not_close_with_its_referral(ruth: Caller, paul: Caller) -> None:
    assessment = written()
    assessment.sign(2, ruth, clock.now())
    assessment.sign(2, paul, clock.now())
    assert assessment.close("Its referral was closed.", clock.now()) == []
    assert assessment.status == "agreed"


def test_a_closed_assessment_is_not_written_in_or_signed(ruth: Caller) -> None:
    assessment = written()
    assessment.close("Its referral was closed.", clock.now())
    assert assessment.close("Again", clock.now()) == []
    for forbidden in (lambda: assessment.edit(2, halves(shared="x"), ruth, clock.now()), lambda: assessment.sign(2, ruth, clock.now())):
        with pytest.raises(InvalidTransition):
            forbidden()


def test_an_assessor_reads_all_of_it(ruth: Caller, paul: Caller) -> None:
    assessment = written()
    assessment.sign(2, ruth, clock.now())
    assessment.disagree(2, "A place is too soon", paul, clock.now())
    reply = contract.Assessment()
    read = reply.load(reply.dump(views.assessment(assessment, paul)))
    assert (read["status"], read["version"], read["signed_by"], read["may_sign"]) == ("visited", 2, ["CAMHS"], True)
    assert read["parent_side"] == factories.CLINICAL
    assert read["decision"]["outcome"] == "offer_place"
    assert read["visits"][0]["assessors"][0]["name"] == "Ruth Osei"
    assert read["signatures"][0]["person_name"] == "Ruth Osei"
    assert read["disagreements"][0]["reason"] == "A place is too soon"
    assert [each["version"] for each in read["versions"]] == [2, 1]


def test_a_blank_assessment_reads_as_such(ruth: Caller) -> None:
    reply = contract.Assessment()
    read = reply.load(reply.dump(views.assessment(opened(), ruth)))
    assert (read["decision"], read["parent_side"], read["may_sign"], read["visits"]) == (None, None, False, [])


def in_the_story(*rows: JointAssessment) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = contract_story().load(contract_story().dump(views.story(rows)))["entries"]
    return entries


def contract_story() -> Any:
    return contract.ASSESSMENT_STORY.reply()


def test_the_story_tells_the_way_newest_first_and_nothing_clinical(ruth: Caller, paul: Caller) -> None:
    assessment = written()
    assessment.disagree(2, "A place is too soon", paul, clock.now())
    assessment.sign(2, ruth, clock.now())
    assessment.sign(2, paul, clock.now())
    entries = in_the_story(assessment)
    assert {entry["kind"] for entry in entries} == {"assessment.opened", "visit.arranged", "visit.done", "assessment.agreed"}
    assert entries[0]["kind"] == "assessment.agreed"
    assert [entry["occurred_at"] for entry in entries] == sorted((entry["occurred_at"] for entry in entries), reverse=True)
    assert len({entry["id"] for entry in entries}) == len(entries)
    for words in (factories.CLINICAL, "too soon", "Cautious", "side by side"):
        assert words not in str(entries)


def test_the_story_names_who_signed_and_what_was_decided(ruth: Caller, paul: Caller) -> None:
    assessment = written()
    assessment.sign(2, ruth, clock.now())
    assessment.sign(2, paul, clock.now())
    facts = in_the_story(assessment)[0]["facts"]
    assert facts["signed_by"] == [{"name": "Ruth Osei", "agency": "CAMHS"}, {"name": "Paul Lang", "agency": "Adult mental health team"}]
    assert (facts["version"], facts["outcome"]) == (2, "offer_place")


def test_the_story_of_a_family_without_an_assessment_is_empty() -> None:
    assert in_the_story() == []


def test_every_decision_has_words_and_every_status_too() -> None:
    assert set(contract.OUTCOMES) == {"offer_place", "not_now", "refer_on", "no_further_action"}
    assert set(contract.STATUSES) == {"waiting", "visit_arranged", "visited", "agreed", "closed"}
    assert set(contract.SIDES) < set(contract.AGENCY_KINDS)
