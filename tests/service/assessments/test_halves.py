"""Each half of a record is read and written by who may: decided in the service, from the verified caller."""

from typing import Any
from uuid import UUID

import pytest

from chassis.caller import Caller
from chassis.contract import Operation
from chassis.errors import Forbidden, Stale
from gateway.access.roles import ROLES, permissions_of
from services.assessments import contract
from tests import factories
from tests.service.assessments.conftest import Open
from tests.support.desk import Desk

WORDS = {"parent_side": "parentwords", "child_side": "childwords", "shared": "sharedwords"}
MARKS = {*WORDS.values(), "reasonwords", "disagreewords", "olderwords"}
EVERY_ROLE = [(role, kind) for role in ROLES for kind in ("", *contract.AGENCY_KINDS)]


def somebody(borough_id: UUID, role: str, kind: str) -> Caller:
    """Return a member as the gateway describes one, of a role and a kind of agency."""
    return factories.caller(borough_id, kind=kind, permissions=permissions_of([role], kind), name=f"{role} of {kind}")


@pytest.fixture
def record(both: Desk, written: Open, ruth: Caller) -> dict[str, Any]:
    """A record of three versions with words in every part, and a disagreement."""
    assessment = written(**dict.fromkeys(WORDS, "olderwords"))
    decision = factories.decision_details(reason="reasonwords")
    both.ask(contract.EDIT, ruth, assessment_id=assessment["id"], version=2, **WORDS, decision=decision)
    return both.ask(contract.DISAGREE, ruth, assessment_id=assessment["id"], version=3, reason="disagreewords")


def everything_told(desk: Desk, reader: Caller, record: dict[str, Any]) -> str:
    """Return whatever the service tells a reader of a record, by every operation that reads and by a stale save."""
    asked: list[tuple[Operation, dict[str, Any]]] = [
        (contract.GET_ASSESSMENT, {"assessment_id": record["id"]}),
        (contract.ASSESSMENT_CHANGES, {"assessment_id": record["id"], "earlier": 1, "later": 3}),
        (contract.ASSESSMENT_CHANGES, {"assessment_id": record["id"], "earlier": 2, "later": 3}),
        (contract.ASSESSMENT_STORY, {"family_id": record["family_id"]}),
        (contract.ASSESSMENTS_WAITING, {}),
        (contract.LIST_ASSESSMENTS, {}),
        (contract.EDIT, {"assessment_id": record["id"], "version": 1}),
        (contract.SIGN, {"assessment_id": record["id"], "version": 1}),
        (contract.DISAGREE, {"assessment_id": record["id"], "version": 1, "reason": "x"}),
    ]
    told = []
    for operation, values in asked:
        try:
            told.append(str(desk.ask(operation, reader, **values)))
        except (Forbidden, Stale) as refused:
            told.append(str(refused.to_wire()))
    return " ".join(told)


@pytest.mark.parametrize(("role", "kind"), EVERY_ROLE, ids=lambda word: word or "none")
def test_a_role_of_an_agency_is_told_its_parts_and_no_other(
    both: Desk, southwark: UUID, record: dict[str, Any], role: str, kind: str
) -> None:
    reader = somebody(southwark, role, kind)
    told = everything_told(both, reader, record)
    clinician = role == "practitioner" and kind in contract.SIDES
    assert {word for word in MARKS if word in told} == (MARKS if clinician else set())


@pytest.mark.parametrize("part", WORDS)
def test_a_part_alone_is_told_where_its_permission_alone_is_held(both: Desk, southwark: UUID, record: dict[str, Any], part: str) -> None:
    held = frozenset({"assessments.read", "assessments.edit", "assessments.sign", contract.READ[part]})
    told = everything_told(both, factories.caller(southwark, permissions=held), record)
    beside = {"reasonwords", "disagreewords"} if part == "shared" else set()
    assert {word for word in MARKS if word in told} == {WORDS[part], "olderwords", *beside}


def test_what_is_left_out_is_named_so_that_nobody_takes_it_for_empty(both: Desk, southwark: UUID, record: dict[str, Any]) -> None:
    reader = factories.caller(southwark, permissions=frozenset({"assessments.read", contract.READ["child_side"]}))
    read = both.ask(contract.GET_ASSESSMENT, reader, assessment_id=record["id"])
    assert read["left_out"] == ["parent_side", "shared"]
    assert (read["parent_side"], read["shared"], read["decision"], read["disagreements"]) == (None, None, None, [])
    assert both.ask(contract.ASSESSMENT_CHANGES, reader, assessment_id=record["id"], earlier=2, later=3)["left_out"] == read["left_out"]


@pytest.mark.parametrize(
    ("kind", "mine", "theirs"), [("camhs", "child_side", "parent_side"), ("adult_mental_health", "parent_side", "child_side")]
)
def test_each_agency_writes_its_own_side_and_the_shared_part(
    both: Desk, southwark: UUID, record: dict[str, Any], kind: str, mine: str, theirs: str
) -> None:
    writer = somebody(southwark, "practitioner", kind)
    version = record["version"]
    saved = both.ask(contract.EDIT, writer, assessment_id=record["id"], version=version, **{mine: "New", "shared": "Both"})
    assert (saved["version"], saved[mine], saved["shared"], saved[theirs]) == (version + 1, "New", "Both", WORDS[theirs])
    with pytest.raises(Forbidden, match="Nothing was saved"):
        both.ask(contract.EDIT, writer, assessment_id=record["id"], version=version + 1, **{theirs: "Not mine"})
    read = both.ask(contract.GET_ASSESSMENT, writer, assessment_id=record["id"])
    assert (read["version"], read[theirs]) == (version + 1, WORDS[theirs])


@pytest.mark.parametrize(("role", "kind"), [one for one in EVERY_ROLE if one[0] != "practitioner"], ids=lambda word: word or "none")
def test_no_other_role_writes_or_signs_whatever_its_agency(
    both: Desk, southwark: UUID, record: dict[str, Any], role: str, kind: str
) -> None:
    writer = somebody(southwark, role, kind)
    for operation, values in (
        (contract.EDIT, {"shared": "x"}), (contract.SIGN, {}), (contract.DISAGREE, {"reason": "x"}), (contract.GET_ASSESSMENT, {}),
    ):  # fmt: skip
        version = {"version": record["version"]} if operation.changes else {}
        with pytest.raises(Forbidden):
            both.ask(operation, writer, assessment_id=record["id"], **version, **values)


def test_permissions_that_a_caller_made_up_are_held_against_the_signature(both: Desk, southwark: UUID, record: dict[str, Any]) -> None:
    """A role's name in the token gives nothing: only signed permissions count."""
    pretender = factories.caller(southwark, permissions=permissions_of(["facilitator"]), roles=("practitioner",))
    with pytest.raises(Forbidden):
        both.ask(contract.GET_ASSESSMENT, pretender, assessment_id=record["id"])
