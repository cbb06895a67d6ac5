"""Four parts become one story."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import Forbidden, NotFound, StayPlayError, Unavailable
from gateway.family_story import TELLERS, WAY, merged


def entry(kind: str, day: int) -> dict[str, Any]:
    return {"id": uuid4(), "occurred_at": datetime(2026, 3, day, 10, tzinfo=UTC), "kind": kind, "facts": {}}


def told(*parts: list[dict[str, Any]] | StayPlayError) -> dict[str, Any]:
    return merged([part if isinstance(part, StayPlayError) else {"entries": part} for part in parts])


def kinds(story: dict[str, Any]) -> list[str]:
    return [entry["kind"] for entry in story["entries"]]


def test_the_parts_are_told_newest_first() -> None:
    story = told([entry("referral.received", 1)], [entry("visit.done", 9)], [entry("family.attended", 20)], [entry("contact.made", 15)])
    assert kinds(story) == ["family.attended", "contact.made", "visit.done", "referral.received"]


def test_each_entry_says_who_tells_it() -> None:
    story = told([entry("referral.received", 1)], [], [entry("family.attended", 2)], [])
    assert [one["service"] for one in story["entries"]] == ["sessions", "referrals"]


def test_what_has_one_moment_stands_in_the_order_of_the_way() -> None:
    story = told([entry("referral.accepted", 1)], [entry("assessment.opened", 1)], [entry("place.offered", 1)], [entry("case.opened", 1)])
    assert kinds(story) == ["case.opened", "place.offered", "assessment.opened", "referral.accepted"]


def test_an_unknown_kind_is_told_all_the_same() -> None:
    assert kinds(told([entry("something.new", 1)], [], [], [])) == ["something.new"]


def test_a_service_that_does_not_answer_is_named_and_the_rest_is_told() -> None:
    story = told([entry("referral.received", 1)], Unavailable(), [entry("family.attended", 2)], Unavailable())
    assert story["silent"] == ["assessments", "outreach"]
    assert len(story["entries"]) == 2


def test_a_service_that_has_not_met_the_family_is_not_silent() -> None:
    story = told([entry("referral.received", 1)], NotFound(), NotFound(), NotFound())
    assert story["silent"] == []


def test_a_family_that_the_registry_does_not_know_is_not_found() -> None:
    with pytest.raises(NotFound):
        told(NotFound(), [], [], [])


def test_nobody_reads_a_part_of_a_story_that_they_may_not_read() -> None:
    with pytest.raises(Forbidden):
        told([], Forbidden(), [], [])


def test_every_service_tells_its_part() -> None:
    assert [teller.service for teller in TELLERS] == ["referrals", "assessments", "sessions", "outreach"]
    assert len(WAY) == len(set(WAY))
