"""An assessment is agreed only when two people of two different agencies have signed the same version (domain rule 2)."""

from dataclasses import replace

import pytest

from chassis import clock
from chassis.caller import Caller
from chassis.errors import InvalidTransition, Stale
from chassis.ids import new_id
from services.assessments import contract
from services.assessments.models import JointAssessment
from tests import factories
from tests.unit.assessments.conftest import BOROUGH, arranged, halves, opened, visited, written


def test_one_signature_is_not_enough(assessment: JointAssessment, ruth: Caller) -> None:
    assert assessment.sign(2, ruth, clock.now()) == []
    assert assessment.status == "visited"
    assert assessment.signed_by == ["CAMHS"]


def test_two_agencies_under_the_same_version_agree(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    at = clock.now()
    assessment.sign(2, ruth, at)
    (event,) = assessment.sign(2, paul, at)
    assert (assessment.status, assessment.agreed_at) == ("agreed", at)
    assert event.type is contract.ASSESSMENT_AGREED
    assert event.data["signed_by"] == ["CAMHS", "Adult mental health team"]


def test_the_order_of_the_agencies_does_not_matter(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    assessment.sign(2, paul, clock.now())
    assessment.sign(2, ruth, clock.now())
    assert assessment.status == "agreed"


def test_the_agreement_says_what_was_decided_and_nothing_clinical(ruth: Caller, paul: Caller) -> None:
    group = new_id()
    assessment = written(decision=factories.decision_details(group_id=group, group_name="Peckham Tuesday"))
    assessment.sign(2, ruth, clock.now())
    (event,) = assessment.sign(2, paul, clock.now())
    assert (event.data["decision"], event.data["group_id"], event.data["group_name"]) == ("offer_place", group, "Peckham Tuesday")
    assert event.data["before_joining"] == "One more visit, collect for the first weeks"
    assert factories.CLINICAL not in str(event.data)
    assert contract.AgreedFacts().validate(contract.AgreedFacts().dump(event.data)) == {}


def test_two_people_of_the_same_agency_are_not_enough(assessment: JointAssessment, ruth: Caller) -> None:
    colleague = replace(ruth, person_id=new_id(), person_name="Ada Nwosu")
    assessment.sign(2, ruth, clock.now())
    with pytest.raises(contract.TwoAgenciesNeeded):
        assessment.sign(2, colleague, clock.now())
    assert assessment.status == "visited"


def test_two_agencies_of_the_same_side_are_not_enough(assessment: JointAssessment, ruth: Caller) -> None:
    other_camhs = factories.caller(BOROUGH, name="Ada Nwosu")
    assessment.sign(2, ruth, clock.now())
    with pytest.raises(contract.TwoAgenciesNeeded):
        assessment.sign(2, other_camhs, clock.now())


@pytest.mark.parametrize("kind", ["childrens_centre", "referring", ""])
def test_other_agencies_do_not_sign(assessment: JointAssessment, kind: str) -> None:
    with pytest.raises(contract.TwoAgenciesNeeded):
        assessment.sign(2, factories.caller(BOROUGH, kind=kind), clock.now())
    assert assessment.signatures == []


def test_somebody_of_no_agency_does_not_sign(assessment: JointAssessment, ruth: Caller) -> None:
    with pytest.raises(contract.TwoAgenciesNeeded):
        assessment.sign(2, replace(ruth, agency_id=None), clock.now())


def test_nobody_signs_the_same_version_twice(assessment: JointAssessment, ruth: Caller) -> None:
    assessment.sign(2, ruth, clock.now())
    with pytest.raises(contract.AlreadySigned):
        assessment.sign(2, ruth, clock.now())


def test_one_person_does_not_sign_for_both_agencies(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    moved = replace(paul, person_id=ruth.person_id)
    assessment.sign(2, ruth, clock.now())
    with pytest.raises(contract.AlreadySigned):
        assessment.sign(2, moved, clock.now())
    assert assessment.status == "visited"


def test_an_edit_after_a_signature_needs_both_again(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    assessment.sign(2, ruth, clock.now())
    assessment.edit(2, halves(shared="They laugh together now."), paul, clock.now())
    assert (assessment.version, assessment.signed_by) == (3, [])
    assert assessment.sign(3, paul, clock.now()) == []
    assert assessment.status == "visited"
    assessment.sign(3, ruth, clock.now())
    assert assessment.status == "agreed"


def test_signatures_of_an_older_version_are_kept_as_history(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    assessment.sign(2, ruth, clock.now())
    assessment.edit(2, halves(shared="They laugh together now."), paul, clock.now())
    assert [(signature.version, signature.person_name) for signature in assessment.signatures] == [(2, "Ruth Osei")]


def test_signing_an_older_version_is_refused_as_stale(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    assessment.edit(2, halves(shared="They laugh together now."), paul, clock.now())
    with pytest.raises(Stale) as refused:
        assessment.sign(2, ruth, clock.now())
    assert refused.value.facts["yours"] == {"version": 2}
    assert refused.value.facts["theirs"]["version"] == 3
    assert refused.value.facts["theirs"]["edited_by"] == "Paul Lang"
    assert assessment.signatures == []


def test_saving_what_stands_already_makes_no_version(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    assessment.sign(2, ruth, clock.now())
    assessment.edit(2, halves(), paul, clock.now())
    assert (assessment.version, assessment.signed_by) == (2, ["CAMHS"])


def test_nobody_signs_before_the_visit_is_done(ruth: Caller) -> None:
    for assessment in (opened(), arranged()[0]):
        assessment.edit(1, halves(), ruth, clock.now())
        with pytest.raises(contract.VisitNeeded):
            assessment.sign(2, ruth, clock.now())


def test_nobody_signs_without_a_decision(ruth: Caller) -> None:
    assessment = visited()
    with pytest.raises(contract.DecisionNeeded):
        assessment.sign(1, ruth, clock.now())
    assessment.edit(1, halves(decision=None), ruth, clock.now())
    with pytest.raises(contract.DecisionNeeded):
        assessment.sign(2, ruth, clock.now())


def test_an_agreed_assessment_stays_as_it_was_signed(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    assessment.sign(2, ruth, clock.now())
    assessment.sign(2, paul, clock.now())
    third = factories.caller(BOROUGH)
    for forbidden in (
        lambda: assessment.edit(2, halves(shared="Changed"), ruth, clock.now()),
        lambda: assessment.sign(2, third, clock.now()),
        lambda: assessment.disagree(2, "I do not think so", third, clock.now()),
    ):
        with pytest.raises(InvalidTransition):
            forbidden()
    assert (assessment.status, assessment.version, len(assessment.standing)) == ("agreed", 2, 2)


def test_who_disagrees_takes_their_signature_back(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    assessment.sign(2, ruth, clock.now())
    assessment.disagree(2, "The child's half says too little", ruth, clock.now())
    assert assessment.signed_by == []
    assert assessment.signatures[0].withdrawn_at is not None
    assert assessment.sign(2, paul, clock.now()) == []
    assert assessment.status == "visited"


def test_a_disagreement_is_recorded_with_its_reason_and_version(assessment: JointAssessment, paul: Caller) -> None:
    assessment.disagree(2, "A place is too soon", paul, clock.now())
    (disagreement,) = assessment.disagreements
    assert (disagreement.version, disagreement.person_name, disagreement.reason) == (2, "Paul Lang", "A place is too soon")


def test_who_disagreed_may_sign_after_all(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    assessment.sign(2, ruth, clock.now())
    assessment.disagree(2, "A place is too soon", ruth, clock.now())
    assessment.sign(2, paul, clock.now())
    assessment.sign(2, ruth, clock.now())
    assert assessment.status == "agreed"


def test_a_disagreement_on_an_older_version_is_refused_as_stale(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    assessment.edit(2, halves(shared="They laugh together now."), paul, clock.now())
    with pytest.raises(Stale):
        assessment.disagree(2, "A place is too soon", ruth, clock.now())


def test_who_may_sign_is_told_so(assessment: JointAssessment, ruth: Caller, paul: Caller) -> None:
    facilitator = factories.caller(BOROUGH, kind="childrens_centre", permissions=factories.FACILITATOR)
    assert [assessment.may_sign(who) for who in (ruth, paul, facilitator)] == [True, True, False]
    assessment.sign(2, ruth, clock.now())
    assert [assessment.may_sign(who) for who in (ruth, paul)] == [False, True]


def test_who_lacks_the_permission_may_not_sign(assessment: JointAssessment, ruth: Caller) -> None:
    assert not assessment.may_sign(replace(ruth, permissions=frozenset({"assessments.read"})))
