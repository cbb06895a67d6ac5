"""The halves of a record: what is told, what is written over, and what is refused."""

from itertools import combinations
from typing import Any

import pytest

from chassis.caller import Caller
from chassis.errors import Forbidden, Stale
from services.assessments import contract
from services.assessments.models import JointAssessment, changes_between, content_of, halves
from tests import factories

PARTS = tuple(contract.PARTS)
SUBSETS = [frozenset(some) for number in range(4) for some in combinations(PARTS, number)]


def somebody(*, reads: frozenset[str] = frozenset(PARTS), writes: frozenset[str] = frozenset()) -> Caller:
    """Return a practitioner who reads and writes these parts."""
    held = {contract.READ[part] for part in reads} | {contract.WRITE[part] for part in writes}
    return factories.caller(permissions=frozenset({"assessments.read", "assessments.edit", "assessments.sign", *held}))


def record(**changed: Any) -> dict[str, Any]:
    return content_of({**factories.halves_details(), **changed})


def test_every_field_of_the_record_belongs_to_a_part() -> None:
    assert set(contract.PART_OF) == set(contract.Halves().fields)
    assert set(contract.PART_OF.values()) == set(contract.PARTS) == set(contract.READ) == set(contract.WRITE)


@pytest.mark.parametrize("reads", SUBSETS, ids=lambda parts: "+".join(sorted(parts)) or "nothing")
def test_what_is_told_is_what_may_be_read(reads: frozenset[str]) -> None:
    reader, kept = somebody(reads=reads), record()
    told = halves.readable(kept, reader)
    assert told.keys() == kept.keys()
    assert {field for field, value in told.items() if value is not None} == {
        field for field, part in contract.PART_OF.items() if part in reads
    }
    assert set(halves.left_out(reader)) == set(PARTS) - reads


@pytest.mark.parametrize("writes", SUBSETS, ids=lambda parts: "+".join(sorted(parts)) or "nothing")
def test_what_is_left_out_of_a_save_stays_where_it_is_not_the_writer_s(writes: frozenset[str]) -> None:
    present = record()
    kept = halves.written_over(present, content_of({}), somebody(writes=writes))
    assert kept == {field: None if part in writes else present[field] for field, part in contract.PART_OF.items()}


@pytest.mark.parametrize("part", PARTS)
def test_other_words_in_a_part_of_the_other_side_are_refused(part: str) -> None:
    writer = somebody(writes=frozenset(PARTS) - {part})
    with pytest.raises(Forbidden, match="Nothing was saved") as refused:
        halves.written_over(record(), record(**{part: "Mine now"}), writer)
    assert refused.value.facts == {"permission": contract.WRITE[part]}


def test_a_decision_is_written_by_who_may_write_the_shared_part() -> None:
    changed = record(decision=factories.decision_details(outcome="not_now"))
    assert halves.written_over(record(), changed, somebody(writes=frozenset({"shared"})))["decision"]["outcome"] == "not_now"
    with pytest.raises(Forbidden):
        halves.written_over(record(), changed, somebody(writes=frozenset({"parent_side", "child_side"})))


def test_the_same_words_sent_back_are_no_change() -> None:
    assert halves.written_over(record(), record(), somebody()) == record()


@pytest.mark.parametrize("part", PARTS)
def test_nobody_finds_out_by_guessing_what_a_part_says_that_they_may_not_read(part: str) -> None:
    guesser = somebody(reads=frozenset(PARTS) - {part})
    right, wrong = record(), record(**{part: "A wrong guess"})
    answers = []
    for guess in (right, wrong):
        with pytest.raises(Forbidden) as refused:
            halves.written_over(record(), {**content_of({}), part: guess[part]}, guesser)
        answers.append(refused.value.facts)
    assert answers[0] == answers[1]


def test_background_work_reads_and_writes_everything() -> None:
    service = Caller.service("assessments", factories.caller().borough_id)
    assert halves.left_out(service) == []
    assert halves.written_over(record(), content_of({}), service) == content_of({})


@pytest.mark.parametrize("part", PARTS)
def test_nobody_signs_what_they_can_not_read(assessment: JointAssessment, part: str) -> None:
    reader = somebody(reads=frozenset(PARTS) - {part})
    assert not assessment.may_sign(reader)
    with pytest.raises(Forbidden) as refused:
        assessment.sign(assessment.version, reader, assessment.edited_at)
    assert refused.value.facts == {"permission": contract.READ[part]}
    assert assessment.signatures == []


def test_a_stale_save_tells_no_more_than_its_writer_may_read(assessment: JointAssessment) -> None:
    writer = somebody(reads=frozenset({"child_side"}), writes=frozenset({"child_side"}))
    with pytest.raises(Stale) as refused:
        assessment.edit(assessment.version + 5, factories.halves_details(), writer, assessment.edited_at)
    theirs = refused.value.facts["theirs"]
    assert (theirs["parent_side"], theirs["shared"], theirs["decision"]) == (None, None, None)


def test_every_change_between_versions_belongs_to_a_part() -> None:
    other = {
        **dict.fromkeys(PARTS, "Otherwise"),
        "decision": factories.decision_details(outcome="not_now", reason="Later", before_joining="x"),
    }
    reader = somebody(reads=frozenset({"child_side"}))
    fields = [change["field"] for change in changes_between(record(), content_of(other))]
    assert len(fields) >= 5
    assert [field for field in fields if halves.may_read(reader, field)] == ["child_side"]
