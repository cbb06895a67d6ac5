"""A pack is looked through record by record: whatever is wrong with a decision is told above the form and at its own question."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import Invalid
from gateway.pages.records import packs
from tests.support.pages import Looking, Seen, seen

REASON = ["Why is something left out?: choose a reason."]
TOLD = "Why is something left out? Choose a reason."


def record(number: int) -> dict[str, Any]:
    return {
        "number": number, "title": f"Contact {number}", "at": datetime(2026, 5, 4, 10, tzinfo=UTC),
        "lines": [{"label": "Note", "words": "Well."}],
        "decision": None, "proposed": "give", "hidden": [], "reason": None, "words": None, "reviewed_by": None,
    }  # fmt: skip


def reviewing(looking: Looking, refused: Invalid | None = None) -> Seen:
    """Return the page of records 4 and 5 of a pack."""
    with looking("records_lead", path=f"/southwark/records/requests/{uuid4()}/pack/2"):
        return seen(packs._reviewing({"request_id": uuid4(), "version": 3}, "Contacts", [record(4), record(5)], refused))


def links(page: Seen) -> dict[str, str]:
    return {one["href"]: one.text for one in page.all(".govuk-error-summary a")}


@pytest.mark.parametrize("place", [1, "1"], ids=["a number", "as it came by wire"])
def test_what_is_wrong_is_told_at_the_record_that_was_sent_in_that_place(looking: Looking, place: object) -> None:
    page = reviewing(looking, Invalid(faults={"decisions": {place: {"reason": REASON}}}))
    assert links(page) == {"#reason-5": f"Contact 5: {TOLD}"}
    assert TOLD in page.one("#reason-5-error").text
    assert page.one("#reason-5")["aria-describedby"] == "reason-5-error"
    assert len(page.all(".govuk-error-message")) == 1


def test_each_question_has_a_place_for_what_is_wrong_with_it(looking: Looking) -> None:
    wrong = {
        "decision": ["Field may not be null."],
        "hidden": {0: ["Length must be between 1 and 2000."]},
        "reason": REASON,
        "words": ["Too long."],
    }
    page = reviewing(looking, Invalid(faults={"decisions": {0: wrong}}))
    assert list(links(page)) == ["#decision-4", "#hidden-4", "#reason-4", "#words-4"]
    for link in links(page):
        assert page.all(link), "it leads somewhere"
        assert page.all(f"{link}-error")


def test_what_is_wrong_with_none_of_them_is_said_in_words(looking: Looking) -> None:
    page = reviewing(looking, Invalid("Give at least one."))
    assert "Give at least one." in page.one(".govuk-error-summary").text
    assert not page.all(".govuk-error-message")


def test_where_nothing_is_wrong_nothing_is_told(looking: Looking) -> None:
    page = reviewing(looking)
    assert not page.all(".govuk-error-summary")
    assert not page.all("[class*=--error]")
    assert page.one("#decision-4").has("checked")
