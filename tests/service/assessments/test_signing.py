"""Both agencies sign the same version, and only then the assessment is agreed."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import eventlet
import pytest

from chassis.caller import Caller
from chassis.errors import Forbidden, InvalidTransition, NotFound, Stale, StayPlayError
from chassis.ids import new_id
from services.assessments import contract
from tests import factories
from tests.service.assessments.conftest import Open
from tests.support.desk import Desk


def sign(desk: Desk, by: Caller, assessment: dict[str, Any], version: int = 2, **options: Any) -> dict[str, Any]:
    return desk.ask(contract.SIGN, by, assessment_id=assessment["id"], version=version, **options)


def edit(desk: Desk, by: Caller, assessment: dict[str, Any], version: int, **changed: Any) -> dict[str, Any]:
    return desk.ask(contract.EDIT, by, assessment_id=assessment["id"], version=version, **factories.halves_details(**changed))


def agreements(desk: Desk, borough_id: UUID) -> list[dict[str, Any]]:
    return [event for event in desk.told("assessments", borough_id) if event["type"] == "assessments.assessment.agreed"]


def test_both_sign_and_it_is_agreed_and_told_once(both: Desk, written: Open, ruth: Caller, paul: Caller, southwark: UUID) -> None:
    group = new_id()
    assessment = written(decision=factories.decision_details(group_id=group, group_name="Peckham Tuesday"))
    assert sign(both, ruth, assessment)["status"] == "visited"
    assert agreements(both, southwark) == []
    agreed = sign(both, paul, assessment)
    assert (agreed["status"], agreed["signed_by"], agreed["may_sign"]) == ("agreed", ["CAMHS", "Adult mental health team"], False)
    (event,) = agreements(both, southwark)
    assert (event["subject"], event["sequence"]) == (assessment["id"], 2)
    assert (event["data"]["decision"], event["data"]["group_id"], event["data"]["version"]) == ("offer_place", str(group), 2)
    assert factories.CLINICAL not in str(event["data"])


def test_two_of_the_same_agency_are_not_enough(both: Desk, written: Open, ruth: Caller, southwark: UUID) -> None:
    assessment = written()
    sign(both, ruth, assessment)
    with pytest.raises(contract.TwoAgenciesNeeded):
        sign(both, replace(ruth, person_id=new_id(), person_name="Ada Nwosu"), assessment)
    assert agreements(both, southwark) == []


def test_an_edit_needs_both_again(both: Desk, written: Open, ruth: Caller, paul: Caller, southwark: UUID) -> None:
    assessment = written()
    sign(both, ruth, assessment)
    edited = edit(both, paul, assessment, 2, shared="They laugh together now.")
    assert (edited["version"], edited["signed_by"], edited["may_sign"]) == (3, [], True)
    with pytest.raises(Stale):
        sign(both, paul, assessment, 2)
    assert sign(both, paul, assessment, 3)["status"] == "visited"
    assert sign(both, ruth, assessment, 3)["status"] == "agreed"
    kept = both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=assessment["id"])["signatures"]
    names = [(signature["version"], signature["person_name"]) for signature in kept]
    assert names == [(3, "Ruth Osei"), (3, "Paul Lang"), (2, "Ruth Osei")]
    assert len(agreements(both, southwark)) == 1


def test_a_signature_repeated_with_its_key_is_one(both: Desk, written: Open, ruth: Caller) -> None:
    assessment, key = written(), uuid4().hex
    first = sign(both, ruth, assessment, key=key)
    assert sign(both, ruth, assessment, key=key) == first
    with pytest.raises(contract.AlreadySigned):
        sign(both, ruth, assessment)


def test_of_two_of_one_agency_who_sign_at_once_one_is_refused(both: Desk, written: Open, ruth: Caller, southwark: UUID) -> None:
    assessment, outcomes = written(), []
    colleague = replace(ruth, person_id=new_id(), person_name="Ada Nwosu")

    def signing(by: Caller) -> None:
        try:
            outcomes.append(sign(both, by, assessment)["status"])
        except StayPlayError as refused:
            outcomes.append(refused.code)

    for thread in [eventlet.spawn(signing, by) for by in (ruth, colleague)]:
        thread.wait()
    assert sorted(outcomes) == ["two_agencies_needed", "visited"]
    assert agreements(both, southwark) == []


def test_both_agencies_may_sign_at_once(both: Desk, written: Open, ruth: Caller, paul: Caller, southwark: UUID) -> None:
    assessment = written()
    for thread in [eventlet.spawn(sign, both, by, assessment) for by in (ruth, paul)]:
        thread.wait()
    assert both.ask(contract.GET_ASSESSMENT, ruth, assessment_id=assessment["id"])["status"] == "agreed"
    assert len(agreements(both, southwark)) == 1


def test_nobody_signs_before_the_visit_or_without_a_decision(both: Desk, opened: Open, visited: Open, ruth: Caller) -> None:
    for assessment, error in ((opened(), contract.VisitNeeded), (visited(), contract.DecisionNeeded)):
        with pytest.raises(error) as refused:
            sign(both, ruth, assessment, 1)
        assert refused.value.status == 409


def test_a_stale_save_is_refused_and_both_versions_are_shown(both: Desk, written: Open, ruth: Caller, paul: Caller) -> None:
    assessment = written()
    edit(both, paul, assessment, 2, shared="Paul's words")
    with pytest.raises(Stale) as refused:
        edit(both, ruth, assessment, 2, shared="Ruth's words")
    assert (refused.value.facts["yours"]["shared"], refused.value.facts["theirs"]["shared"]) == ("Ruth's words", "Paul's words")
    assert refused.value.facts["theirs"]["version"] == 3


def test_what_changed_between_two_versions_is_shown(both: Desk, written: Open, ruth: Caller, paul: Caller, neighbour: Caller) -> None:
    assessment = written()
    edit(both, paul, assessment, 2, shared="They laugh together now.")
    told = both.ask(contract.ASSESSMENT_CHANGES, ruth, assessment_id=assessment["id"], earlier=2, later=3)
    assert [(change["label"], change["after"]) for change in told["changes"]] == [("Together", "They laugh together now.")]
    for who, later in ((ruth, 9), (neighbour, 3)):
        with pytest.raises(NotFound):
            both.ask(contract.ASSESSMENT_CHANGES, who, assessment_id=assessment["id"], earlier=2, later=later)


def test_a_disagreement_takes_the_signature_back_and_is_kept(both: Desk, written: Open, ruth: Caller, paul: Caller) -> None:
    assessment = written()
    sign(both, ruth, assessment)
    disagreed = both.ask(contract.DISAGREE, ruth, assessment_id=assessment["id"], version=2, reason="A place is too soon")
    assert disagreed["signed_by"] == []
    assert disagreed["disagreements"][0]["reason"] == "A place is too soon"
    assert sign(both, paul, assessment)["status"] == "visited"
    assert sign(both, ruth, assessment)["status"] == "agreed"


def test_what_is_agreed_stays(both: Desk, written: Open, ruth: Caller, paul: Caller) -> None:
    assessment = written()
    sign(both, ruth, assessment)
    sign(both, paul, assessment)
    with pytest.raises(InvalidTransition):
        edit(both, ruth, assessment, 2, shared="Changed")
    with pytest.raises(InvalidTransition):
        both.ask(contract.DISAGREE, ruth, assessment_id=assessment["id"], version=2, reason="Too late")


def test_other_borough_neither_reads_nor_writes_nor_signs(both: Desk, written: Open, neighbour: Caller) -> None:
    assessment = written()
    asked: list[tuple[Any, dict[str, Any]]] = [
        (contract.GET_ASSESSMENT, {}),
        (contract.SIGN, {"version": 2}),
        (contract.DISAGREE, {"version": 2, "reason": "No"}),
        (contract.EDIT, {"version": 2, **factories.halves_details()}),
    ]
    for operation, values in asked:
        errors = []
        for assessment_id in (assessment["id"], new_id()):
            with pytest.raises(NotFound) as refused:
                both.ask(operation, neighbour, assessment_id=assessment_id, **values)
            errors.append(refused.value.to_wire())
        assert errors[0] == errors[1]
    assert both.ask(contract.LIST_ASSESSMENTS, neighbour)["total"] == 0


def test_a_facilitator_neither_reads_nor_signs(both: Desk, written: Open, facilitator: Caller) -> None:
    assessment = written()
    with pytest.raises(Forbidden):
        both.ask(contract.GET_ASSESSMENT, facilitator, assessment_id=assessment["id"])
    with pytest.raises(Forbidden):
        sign(both, facilitator, assessment)


def test_a_facilitator_reads_the_story_and_nothing_clinical(
    both: Desk, written: Open, ruth: Caller, paul: Caller, facilitator: Caller
) -> None:
    assessment = written()
    sign(both, ruth, assessment)
    sign(both, paul, assessment)
    story = both.ask(contract.ASSESSMENT_STORY, facilitator, family_id=assessment["family_id"])["entries"]
    assert [entry["kind"] for entry in story] == ["assessment.agreed", "visit.done", "visit.arranged", "assessment.opened"]
    assert factories.CLINICAL not in str(story)


def test_the_story_of_another_boroughs_family_is_as_empty_as_an_unknown_ones(both: Desk, written: Open, neighbour: Caller) -> None:
    assessment = written()
    for family_id in (assessment["family_id"], new_id()):
        assert both.ask(contract.ASSESSMENT_STORY, neighbour, family_id=family_id) == {"entries": []}


def test_what_waits_for_whom(
    both: Desk, opened: Open, visited: Open, written: Open, ruth: Caller, paul: Caller, facilitator: Caller, neighbour: Caller
) -> None:
    opened()
    visited()
    first, second = written(), written()
    sign(both, ruth, first)
    waits = {who.person_name: both.ask(contract.ASSESSMENTS_WAITING, who) for who in (ruth, paul)}
    assert {name: waiting["to_sign"] for name, waiting in waits.items()} == {"Ruth Osei": 1, "Paul Lang": 2}
    assert [item["id"] for item in waits["Paul Lang"]["to_sign_items"]] == [first["id"], second["id"]]
    assert waits["Paul Lang"]["to_sign_items"][0]["signed_by"] == ["CAMHS"]
    assert (waits["Ruth Osei"]["to_arrange"], waits["Ruth Osei"]["to_write"]) == (1, 3)
    assert both.ask(contract.ASSESSMENTS_WAITING, neighbour)["to_sign"] == 0
    reader = replace(facilitator, permissions=frozenset({"assessments.read"}))
    assert both.ask(contract.ASSESSMENTS_WAITING, reader)["to_sign"] == 0


def test_assessments_are_listed_by_age_and_status_page_by_page(both: Desk, opened: Open, written: Open, ruth: Caller) -> None:
    ids = [opened()["id"], written()["id"], opened()["id"]]
    first = both.ask(contract.LIST_ASSESSMENTS, ruth, limit=2)
    rest = both.ask(contract.LIST_ASSESSMENTS, ruth, limit=2, after=first["next"])
    assert [item["id"] for item in first["items"] + rest["items"]] == ids
    assert first["total"] == 3
    assert [item["id"] for item in both.ask(contract.LIST_ASSESSMENTS, ruth, sort="newest")["items"]] == ids[::-1]
    assert [item["id"] for item in both.ask(contract.LIST_ASSESSMENTS, ruth, status=["visited"])["items"]] == [ids[1]]
