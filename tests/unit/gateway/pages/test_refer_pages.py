"""The pages on which a family is referred, from answers that are written in the test."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask, g
from werkzeug.datastructures import MultiDict

from chassis.errors import Invalid
from gateway.access.visitor import Borough
from gateway.pages.refer import asking, checking, proving, steps
from gateway.pages.refer.words import LABELS, OF_STAFF, QUESTIONS
from services.referrals.contract import DRAFT_KINDS, step_schema
from tests.support.drafts import answers
from tests.support.pages import Looking, seen

MAIL = {"email": "grace@health.example", "email_proven": True}
DRAFT = UUID("01a20000-0000-7000-8000-000000000009")


def draft(*answered: str, kind: str = "professional", **changed: Any) -> dict[str, Any]:
    given = {step: answer for step, answer in answers(kind, **changed).items() if step in answered}
    return {"id": DRAFT, "version": 3, "kind": kind, "answers": given, "sent_at": None, "reference": None, **MAIL}


@pytest.mark.parametrize("kind", ["professional", "staff"])
def test_there_are_words_for_every_step_of_both_kinds(kind: str) -> None:
    assert set(DRAFT_KINDS[kind].steps) <= set(QUESTIONS)
    assert set(OF_STAFF) <= set(QUESTIONS)
    fields = {name for step in DRAFT_KINDS[kind].steps for name in step_schema(kind, step).fields}
    assert {name.partition("-")[0] for name in LABELS} <= fields


def test_a_question_asks_what_the_contract_says(looking: Looking) -> None:
    begun = draft()
    with looking("referrer", path="/southwark/refer"):
        page = seen(asking.question_page(begun, "parents", steps.filled_of(begun, "parents")))
        plain = seen(asking.question_page(begun, "risks", steps.filled_of(begun, "risks")))
    names = {field["name"] for field in page.all("main input, main select, main textarea") if field.has("name")}
    assert {"parents-0-given_name", "parents-0-relationship", "parents-0-birth_date-year", "parents-0-nhs_number", "version"} <= names
    assert page.all("button[name=add][value=parents]")
    assert page.one(".question-number").text == "Question 4 of 17"
    assert "(optional)" in plain.one("label[for=risks_to_visitors]").text


def test_mistakes_are_named_on_top_and_beside_the_question_in_the_words_of_the_page(looking: Looking) -> None:
    begun = draft()
    with looking("referrer", path="/southwark/refer"):
        filled = steps.form_of(begun, "you").sent(MultiDict({"referrer-service": "Health visiting"}))
        asking.refuse(begun, filled, Invalid(faults={"referrer": {"name": ["Referrer's name: this is needed."]}}))
        response = asking.question_page(begun, "you", filled)
        page = seen(response)
    assert response.status_code == 422
    assert {link["href"]: link.text for link in page.all(".govuk-error-summary a")} == {"#referrer-name": "Your name: this is needed."}
    assert page.one("#referrer-name")["aria-describedby"].split()[-1] == "referrer-name-error"
    assert page.one("title").text.startswith("Error: ")


def test_whoever_is_signed_in_need_not_say_who_they_are(looking: Looking) -> None:
    with looking("referrer", path="/southwark/refer"):
        page = seen(asking.question_page(draft(), "you", steps.filled_of(draft(), "you")))
        staff = seen(asking.question_page(draft(kind="staff"), "you", steps.filled_of(draft(kind="staff"), "you")))
    assert page.one("#referrer-name")["value"] == "Amina Khan"
    assert not page.all("#referrer-email")
    assert "We write to you at amina@example.org." in page.words
    assert (staff.one("#referrer-name")["value"], staff.one("#referrer-email")["value"]) == ("", "")
    assert "We write to you" not in staff.words
    assert "Who referred?" in staff.one("h1").text


def test_who_proved_an_address_is_not_asked_for_it_again_and_sees_the_borough_s_face(app: Flask) -> None:
    with app.test_request_context("/southwark/refer"):
        g.who_asks = None
        g.public_borough = Borough(DRAFT, "southwark", "Southwark", "Southwark Stay & Play", practice=False, policy={}, version=1)
        page = seen(asking.question_page(draft(), "you", steps.filled_of(draft(), "you")))
        code = seen(proving.code_page(DRAFT, proving.CODE_FORM.blank()))
    assert not page.all("#referrer-email")
    assert "We write to you at grace@health.example." in page.words
    assert "Southwark Stay & Play" in page.one("footer").words
    assert not page.all("nav")
    assert code.one("#code")["autocomplete"] == "one-time-code"


def test_what_a_referrer_may_be_told_of_a_family_that_nobody_asked_is_said(looking: Looking) -> None:
    told = {}
    with looking("referrer", path="/southwark/refer"):
        for agrees in ("yes", "not_asked"):
            begun = draft("agreement", agrees=agrees)
            told[agrees] = seen(asking.question_page(begun, "told", steps.filled_of(begun, "told"))).one(".lede:not(.question-number)").text
    assert told["yes"] == "The family decides. Ask them."
    assert "nobody has asked them yet" in told["not_asked"]


def test_who_is_what_to_whom_is_asked_only_where_there_are_several(looking: Looking) -> None:
    child = answers()["children"]["children"][0]
    alone, twins = draft("children", "parents"), draft("children", "parents")
    twins["answers"]["children"] = {"children": [child, {**child, "given_name": "Efua"}]}
    assert "relations" not in steps.steps_of(alone)
    assert steps.next_step(alone, "parents") == "home"
    assert steps.next_step(twins, "parents") == "relations"
    with looking("referrer", path="/southwark/refer"):
        page = seen(asking.question_page(twins, "relations", steps.filled_of(twins, "relations")))
    hidden = [
        (page.one(f"[name=relations-{number}-parent]")["value"], page.one(f"[name=relations-{number}-child]")["value"]) for number in (0, 1)
    ]
    assert hidden == [("0", "0"), ("0", "1")]
    assert page.all("legend:-soup-contains('Efua')")


def test_one_comes_back_to_the_first_question_without_an_answer() -> None:
    assert steps.first_open(draft()) == "you"
    assert steps.first_open(draft("you", "agreement", "why_now")) == "children"
    assert steps.first_open(draft(*DRAFT_KINDS["professional"].steps)) == "check"
    assert steps.before(draft(), "you") == ""
    assert steps.before(draft(), "check") == "told"


def test_an_empty_item_of_a_list_that_may_be_empty_is_no_mistake(looking: Looking) -> None:
    posted = MultiDict({"share_with-0-": "", "share_with-0-what": " ", "share_with-1-with_whom": "Nursery", "share_with-1-what": "All"})
    with looking("referrer", path="/southwark/refer"):
        filled = steps.form_of(draft(), "sharing").sent(posted)
        steps.without_empty_items(filled)
    assert filled.answers == {"share_with": [{"with_whom": "Nursery", "what": "All"}]}


def test_the_last_look_shows_every_answer_and_asks_for_what_is_missing(looking: Looking) -> None:
    begun = draft("you", "children", "parents", "why_now", "sharing", "not_told")
    with looking("referrer", path="/southwark/refer"):
        page = seen(checking.check_page(begun))
    sections = {part["id"]: part.words for part in page.all(".check-group[id^=part-]")}
    assert sections["part-why_now"].endswith("She has stopped going out since the summer.")
    assert "Not answered yet" in sections["part-told"]
    assert "1st Place nursery" in sections["part-sharing"]
    assert "Left empty" in sections["part-not_told"]
    assert not page.all("button:-soup-contains('Send the referral')")
    assert page.one("a.govuk-button")["href"].endswith("/agreement")


def test_the_last_look_says_at_which_question_something_is_wrong(looking: Looking) -> None:
    everything = draft(*DRAFT_KINDS["professional"].steps)
    faults = checking.faults_by_step("professional", {"children": {"0": {"birth_date": ["Too old."]}}, "referrer": {"name": ["Needed."]}})
    assert faults == {"children": "Too old.", "you": "Needed."}
    with looking("referrer", path="/southwark/refer"):
        response = checking.check_page(everything, faults)
        page = seen(response)
    assert response.status_code == 422
    assert [link["href"] for link in page.all(".govuk-error-summary a")] == ["#part-children", "#part-you"]
    assert page.all("button:-soup-contains('Send the referral')")
