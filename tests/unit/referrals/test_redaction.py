"""What is proposed to be left out of a pack, and that what is left out is not there."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.referrals.models.records.redaction import REMOVED, Redaction, without

MOTHER, CHILD, FATHER = uuid4(), uuid4(), uuid4()
PEOPLE: list[dict[str, Any]] = [
    {"id": MOTHER, "side": "parent", "given_name": "Sinéad", "family_name": "Doyle", "phone": "07700 900123"},
    {"id": FATHER, "side": "parent", "given_name": "Al", "family_name": "Marsh", "email": "al@example.org"},
    {"id": CHILD, "side": "child", "given_name": "Finn", "family_name": "Doyle"},
]


def item(*words: str, about: str = "family", person_id: UUID | None = None, title: str = "A record") -> dict[str, Any]:
    return {"title": title, "about": about, "person_id": person_id, "lines": [{"label": "Note", "words": one} for one in words]}


def test_another_person_s_own_record_is_proposed_to_be_left_out() -> None:
    proposal = Redaction(MOTHER, PEOPLE).propose(item("anything", about="child", person_id=CHILD))
    assert (proposal.decision, proposal.reason) == ("withhold", "third_party")


def test_the_half_of_an_assessment_that_is_about_the_other_side_is_proposed_to_be_left_out() -> None:
    assert Redaction(CHILD, PEOPLE).propose(item("Low in mood", about="parent")).decision == "withhold"
    assert Redaction(MOTHER, PEOPLE).propose(item("Low in mood", about="parent")).decision == "give"


def test_other_peoples_names_are_proposed_to_be_hidden_and_their_own_are_not() -> None:
    proposal = Redaction(MOTHER, PEOPLE).propose(item("Sinéad Doyle came with Finn; Al Marsh rang from al@example.org."))
    assert proposal.decision == "give"
    assert set(proposal.hidden) == {"Finn", "Al Marsh", "Al", "Marsh", "al@example.org"}
    assert proposal.reason == "third_party"


def test_a_shared_family_name_is_not_hidden() -> None:
    assert "Doyle" not in Redaction(MOTHER, PEOPLE).propose(item("The Doyle family")).hidden


def test_a_name_within_another_word_is_no_name() -> None:
    assert Redaction(MOTHER, PEOPLE).propose(item("Also finnish, always marshy")).hidden == ()


@pytest.mark.parametrize(("source", "shown"), [("A2", True), ("C1", True), ("B2", False), ("G4", False), (None, False)])
def test_a_referrer_is_hidden_unless_they_are_a_health_social_or_education_worker(source: str | None, shown: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    redaction = Redaction(MOTHER, PEOPLE, [{"name": "Aunt Grace", "source": source}])
    proposal = redaction.propose(item("Aunt Grace said that she is low."))
    assert proposal.hidden == (() if shown else ("Aunt Grace",))
    assert proposal.reason == (None if shown else "confidence")


def test_the_whole_family_s_pack_hides_nobody_of_it() -> None:
    proposal = Redaction(None, PEOPLE).propose(item("Finn and Al", about="child", person_id=CHILD))
    assert (proposal.decision, proposal.hidden) == ("give", ())


def test_what_is_hidden_is_gone_whatever_its_capitals_and_blanks() -> None:
    told = without("AL  marsh said that al\nMarsh and Almarsh came; Marsh, too.", ["Al Marsh", "Marsh"])
    assert told == f"{REMOVED} said that {REMOVED} and Almarsh came; {REMOVED}, too."


def test_hiding_nothing_changes_nothing() -> None:
    assert without("Al (Marsh) [x]*", ["", "  "]) == "Al (Marsh) [x]*"
    assert without(None, ["Al"]) is None


def test_signs_of_regular_expressions_are_words_like_others() -> None:
    assert without("a.c abc (Al)", ["a.c", "(Al)"]).startswith(f"{REMOVED} abc")  # type: ignore[union-attr]  # a text stays a text
