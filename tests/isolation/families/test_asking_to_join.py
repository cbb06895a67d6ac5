"""A parent asks to join, without an account: what becomes of it, and what can go wrong on the way."""

from collections.abc import Mapping
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from tests.support import green

green.patch()

from chassis import clock  # noqa: E402 - imported in a patched process
from chassis.working_days import working_days_after  # noqa: E402 - as above
from gateway.contract.plain_words import clinical_words  # noqa: E402 - as above
from tests.support.desk import until  # noqa: E402 - as above
from tests.support.installation import SECRETS  # noqa: E402 - as above
from tests.support.parents import ANSWERS, BORN, COOKIE, DUE, Parent, taking_families, words_of  # noqa: E402 - as above
from tests.support.whole import Person, Town  # noqa: E402 - as above

LEAST: Mapping[str, Mapping[str, Any]] = {
    "you": ANSWERS["you"],
    "contact": {"channels": ["someone"], "someone": "My sister Bea, 07700 900456"},
    "children": {
        "children-0-": "",
        "children-0-given_name": "Rui",
        **{f"children-0-born_or_due-{part}": str(getattr(BORN, part)) for part in ("day", "month", "year")},
    },
    "home": {},
    "help": {},
    "words": {},
}
"""No more than what is needed."""


@pytest.fixture(scope="session")
def clinician(town: Town) -> Person:
    return town.member("Amina Khan", "practitioner", "camhs")


FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def title(page: BeautifulSoup) -> str:
    found = page.select_one("h1")
    assert found is not None
    return " ".join(found.get_text().split())


def reference(page: BeautifulSoup) -> str:
    found = page.select_one(".reference")
    assert found is not None, page.get_text()
    return found.get_text().strip()


def referred(clinician: Person, number: str) -> list[dict[str, Any]]:
    """Return the referrals with a reference, as a clinician reads them."""
    listed = clinician.get("/referrals", sort="newest", limit=100).json()["items"]
    found = [clinician.get(f"/referrals/{one['id']}").json() for one in listed]
    return [one for one in found if one["reference"] == number]


def written(parent: Parent, answers: Mapping[str, Mapping[str, Any]]) -> BeautifulSoup:
    """Answer every step so, and send it."""
    parent.begin()
    for step, given in answers.items():
        parent.send(f"after {step}", step=step, **given)
    return parent.send("sent", go="send")


def test_what_a_parent_wrote_becomes_a_referral_of_their_own(parent: Parent, clinician: Person) -> None:
    [referral] = referred(clinician, reference(parent.finish()))
    assert (referral["source"], referral["status"], referral["urgency"]) == ("B1", "received", "routine")
    family = referral["family"]
    assert [(one["given_name"], one["family_name"], one["relationship"]) for one in family["parents"]] == [("Ana", "Lopes", "MTH")]
    assert [(one["given_name"], one["birth_date"], one["expected_date"]) for one in family["children"]] == [
        ("Rui", BORN.isoformat(), None),
        ("", None, DUE.isoformat()),
    ]
    assert family["safe_contact"]["channels"] == ["text", "email"]
    assert [(one["name"], one["may_not"]) for one in family["not_allowed"]] == [("My brother", ["be_told"])]
    assert family["address"] == {"line": "1 Rye Lane", "postcode": "SE15 5LX"}
    assert (family["language"], family["interpreter"], referral["why_now"]) == ("Portuguese", True, ANSWERS["words"]["hopes"])


def test_nothing_about_health_has_to_be_said(parent: Parent, clinician: Person) -> None:
    [referral] = referred(clinician, reference(written(parent, LEAST)))
    assert (referral["why_now"], referral["concern"], referral["secondary_care"]) == ("", "", "not_known")
    assert referral["family"]["safe_contact"]["through"] == "My sister Bea, 07700 900456"
    assert referral["family"]["parents"][0]["contact_points"] == []


def test_the_team_reads_on_the_page_of_the_referral_how_to_reach_them(parent: Parent, clinician: Person) -> None:
    [referral] = referred(clinician, reference(written(parent, LEAST)))
    token = clinician.http.headers["Authorization"].removeprefix("Bearer ")
    answer = parent.http.get(f"/{parent.slug}/referrals/{referral['id']}", headers={"Cookie": f"stayplay={token}"})
    assert answer.status_code == 200, answer.text
    said = words_of(answer.text)
    assert "Somebody they trust: My sister Bea, 07700 900456." in said
    assert "The parent" in said


def test_the_page_says_by_when_as_the_policy_of_the_borough_has_it(parent: Parent, town: Town) -> None:
    rules = town.administrator.get("/policy").json()["current"]["policy"]
    page = words_of(str(parent.finish()))
    for days in ("first_contact_days", "assessment_days"):
        by = working_days_after(clock.today(), rules[days])
        assert f"{by:%A} {by.day} {by:%B}" in page


def test_the_page_says_for_which_children_it_is_as_the_policy_has_it_and_turns_nobody_away(parent: Parent, town: Town) -> None:
    oldest = town.administrator.get("/policy").json()["current"]["policy"]["child_max_age_months"]
    said = words_of(str(parent.look("for whom", "/join")))
    assert f"for children up to {oldest // 12} years old. If yours is older, you can still ask us." in said


def mail_about(mailbox: Path, number: str) -> Any:
    """Return the mail in which a number stands; None where there is none yet."""
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in mailbox.glob("*.eml")]
    return next((mail for mail in mails if number in mail.get_content()), None)


def test_a_mail_goes_to_who_said_that_it_is_safe_and_names_nobody(parent: Parent, mailbox: Path) -> None:
    number = reference(parent.finish())
    mail = until(lambda: mail_about(mailbox, number))
    assert mail["To"] == parent.email
    said = f"{mail['Subject']} {mail.get_content()}"
    assert not any(name in said for name in ("Ana", "Lopes", "Rui"))
    assert clinical_words(said) == []
    assert "Southwark Stay & Play" in mail["Subject"]


def test_no_mail_goes_where_mail_was_not_chosen_though_an_address_was_written(parent: Parent, clinician: Person, mailbox: Path) -> None:
    silent = {**ANSWERS, "contact": {"channels": ["text"], "phone": "07700 900123", "email": "ana@example.org"}}
    page = written(parent, silent)
    assert "We will not send you an email" in words_of(str(page))
    [referral] = referred(clinician, reference(page))
    points = {one["kind"]: one["safe"] for one in referral["family"]["parents"][0]["contact_points"]}
    assert points == {"phone": True, "email": False}
    other = Parent(parent.url, parent.slug)
    loud = reference(other.finish())
    until(lambda: mail_about(mailbox, loud))
    assert mail_about(mailbox, reference(page)) is None


def test_sent_twice_it_is_one_referral(parent: Parent, clinician: Person) -> None:
    number = reference(parent.finish())
    assert reference(parent.send("sent again", go="send")) == number
    assert reference(parent.look("opened again")) == number
    assert len(referred(clinician, number)) == 1


def test_a_child_of_any_age_is_taken_in_for_a_person_to_answer_kindly(parent: Parent, clinician: Person) -> None:
    old = {**LEAST["children"], "children-0-born_or_due-year": str(BORN.year - 9)}
    [referral] = referred(clinician, reference(written(parent, {**LEAST, "children": old})))
    assert referral["status"] == "received"


def test_what_was_answered_stands_in_the_form_again(parent: Parent) -> None:
    parent.begin()
    parent.answer("you", "contact")
    page = parent.send("back", go="change", to="contact")
    assert page.select_one("#channels[checked]")
    assert page.select_one("input[name=phone]")["value"] == "07700 900123"  # type: ignore[index]  # it is there
    assert title(parent.look("after that")) == "Who would you bring?"


def test_letters_need_an_address(parent: Parent) -> None:
    page = written(parent, {**LEAST, "contact": {"channels": ["letter"]}})
    assert parent.status == 422
    assert title(page) == "Where do you live?"
    assert "Tell us where you live." in words_of(str(page))


@pytest.mark.parametrize(
    ("step", "answers", "said"),
    [
        ("you", {"given_name": "Ana"}, "Write your last name."),
        ("contact", {}, "Choose at least one."),
        ("contact", {"channels": ["phone"]}, "Write the number we can use."),
        ("contact", {"channels": ["email"], "email": "ana"}, "enter an address like name@example.org"),
        ("contact", {"channels": ["someone"]}, "Tell us who to ask"),
        ("contact", {"channels": ["pigeon"]}, "Choose from the answers."),
        ("children", {"children-0-": ""}, "Write the day your child was born"),
        ("children", {f"children-0-born_or_due-{part}": "31" for part in ("day", "month", "year")}, "real date"),
        ("children", {f"children-0-born_or_due-{part}": str(getattr(BORN, part)) for part in ("day", "month", "year")}, "first name"),
        ("home", {"postcode": "nowhere"}, "It should look like SE15 5LX."),
        ("words", {"hopes": "x" * 5000}, "Use 4000 characters or fewer"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_said_plainly_and_nothing_is_lost(parent: Parent, step: str, answers: Mapping[str, Any], said: str) -> None:
    parent.begin()
    page = parent.send("wrong", step=step, **answers)
    assert parent.status == 422
    summary = page.select_one(".govuk-error-summary")
    assert summary is not None
    assert said in summary.get_text()
    for link in summary.select("a"):
        assert page.select_one(f"[id='{str(link['href'])[1:]}']"), link
    assert page.select_one("title").get_text().startswith("Error: ")  # type: ignore[union-attr]  # it is there


def test_two_windows_do_not_overwrite_each_other_unsaid(parent: Parent) -> None:
    parent.begin()
    parent.send("one window", step="you", **ANSWERS["you"])
    page = parent.send("the other", step="you", version="1", **{**ANSWERS["you"], "given_name": "Anna"})
    assert parent.status == 422
    assert "You changed this in another window" in words_of(str(page))
    assert page.select_one("#given_name")["value"] == "Anna"  # type: ignore[index]  # it is there
    page = parent.send("once more", step="you", **{**ANSWERS["you"], "given_name": "Anna"})
    assert title(page) == "How can we reach you safely?"


def test_emoji_and_names_from_right_to_left_arrive_as_they_were_written(parent: Parent, clinician: Person) -> None:
    names = {"given_name": "نور \U0001f338", "family_name": " ".join(["de"] * 40), "relationship": "GRMTH"}
    [referral] = referred(clinician, reference(written(parent, {**LEAST, "you": names})))
    first = referral["family"]["parents"][0]
    assert (first["given_name"], first["family_name"]) == (names["given_name"], names["family_name"])


def test_a_draft_opens_in_its_own_borough_only(parent: Parent, lambeth: Town) -> None:
    parent.begin()
    parent.answer("you")
    stranger = Parent(parent.url, lambeth.slug)
    stranger.hold(parent.held)
    assert title(stranger.look("there")) == "Come and play with us"
    assert title(stranger.send("there", step="you", **ANSWERS["you"])) == "Your answers are not here any more"


@pytest.mark.parametrize("altered", ["{held}0", "0{held}", "{held:.60}", "xxx", "~~", "00000000-0000-0000-0000-000000000000"])
def test_an_altered_cookie_opens_nothing(parent: Parent, altered: str) -> None:
    parent.begin()
    parent.hold(altered.format(held=parent.held))
    assert title(parent.look("altered")) == "Come and play with us"


def test_somebody_elses_draft_does_not_open_by_its_number(parent: Parent) -> None:
    parent.begin()
    draft, _, seal = parent.held.split("~")
    parent.hold("~".join((draft, "A" * 43, seal)))
    assert title(parent.look("guessed")) == "Come and play with us"


# --- machines


def test_who_fills_in_what_nobody_sees_is_asked_once_more_and_gets_through(parent: Parent) -> None:
    parent.begin()
    page = parent.send("trapped", step="you", website="https://spam.example", **ANSWERS["you"])
    assert parent.status == 422
    assert "Please send it once more" in words_of(str(page))
    assert page.select_one("#given_name")["value"] == "Ana"  # type: ignore[index]  # it is there
    assert page.select_one("#website")["value"] == ""  # type: ignore[index]  # it is there
    assert title(parent.answer("you")) == "How can we reach you safely?"


def test_who_is_done_in_no_time_is_asked_once_more_and_gets_through(parent: Parent) -> None:
    parent.begin(ago=timedelta(0))
    parent.answer(*ANSWERS)
    page = parent.send("too fast", go="send")
    assert "Please send it once more" in words_of(str(page))
    parent.began(timedelta(seconds=6))
    parent.look("check")
    assert reference(parent.send("sent", go="send"))


def test_who_begins_without_end_is_slowed_down_in_plain_words(parent: Parent, town: Town) -> None:
    parent.look("start")
    for _ in range(60):
        parent.http.cookies.clear()
        answer = parent.http.post(parent.address("/join"), data={"go": "start"}, headers=FROM_HERE, follow_redirects=False)
        assert answer.status_code == 303
    answer = parent.http.post(parent.address("/join"), data={"go": "start"}, headers=FROM_HERE)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "Please wait a little" in answer.text
    elsewhere = Parent(town.whole.url, town.slug)
    assert title(elsewhere.begin()) == "What is your name?"


def test_a_form_from_another_site_does_nothing(parent: Parent) -> None:
    answer = parent.http.post(parent.address("/join"), data={"go": "start"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Please open the page again" in answer.text
    assert not parent.held


# --- leaving, and coming back


def test_leaving_forgets_the_answers_and_leads_to_a_page_that_says_nothing(parent: Parent) -> None:
    parent.begin()
    parent.answer("you")
    answer = parent.http.get(parent.address("/leave"), follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://www.bbc.co.uk/weather")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert f"{COOKIE}=;" in answer.headers["Set-Cookie"]


def test_a_script_that_went_ahead_has_the_answers_forgotten_too(parent: Parent) -> None:
    answer = parent.http.post(parent.address("/leave"), headers=FROM_HERE, follow_redirects=False)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Max-Age=0" in answer.headers["Set-Cookie"]


def test_one_can_leave_wherever_one_is(parent: Parent) -> None:
    for slug in ("no-such-borough", "lewisham"):
        assert parent.http.get(f"/{slug}/leave", follow_redirects=False).status_code == 303


def test_the_cookie_lasts_an_hour_and_no_script_reads_it(parent: Parent) -> None:
    answer = parent.http.post(parent.address("/join"), data={"go": "start"}, headers=FROM_HERE, follow_redirects=False)
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=3600", "Path=/"} <= set(answer.headers["Set-Cookie"].split("; "))


def back_by(parent: Parent, word: str = "sunflower") -> str:
    """Return the path of a link that this parent asked for."""
    parent.look("later", "/join/later")
    link = parent.send("link", "/join/later", word=word).select_one("#link")
    assert link is not None
    return link.get_text().strip().partition(parent.slug)[2]


def test_a_link_opens_the_answers_elsewhere_for_who_knows_the_word(parent: Parent) -> None:
    parent.begin()
    parent.answer("you", "contact")
    path = back_by(parent)
    other = Parent(parent.url, parent.slug)
    other.look("back", path)
    page = other.send("opened", path, word=" SunFlower ")
    assert title(page) == "Who would you bring?"


def test_a_link_shows_nothing_to_who_does_not_know_the_word(parent: Parent) -> None:
    parent.begin()
    parent.answer("you")
    path = back_by(parent)
    finder = Parent(parent.url, parent.slug)
    page = finder.look("back", path)
    assert "Ana" not in str(page)
    page = finder.send("guessed", path, word="rose garden")
    assert (finder.status, finder.held) == (422, "")
    assert "That is not the word for this link." in words_of(str(page))
    assert "sunflower" not in path
    for _ in range(5):
        finder.send("guessed again", path, word="rose garden")
    assert finder.status == 429


def test_a_word_is_not_tried_more_often_by_writing_the_link_in_other_ways(parent: Parent) -> None:
    parent.begin()
    parent.answer("you")
    path = back_by(parent)
    finder = Parent(parent.url, parent.slug)
    for number in range(6):
        finder.look("back", path)
        finder.send("guessed", f"{path[:-4]}{'.' * number}{path[-4:]}", word="rose garden")
    assert finder.status == 429


@pytest.mark.parametrize("word", ["", "abc", "x" * 41])
def test_a_word_is_neither_too_short_nor_too_long(parent: Parent, word: str) -> None:
    parent.begin()
    parent.look("later", "/join/later")
    page = parent.send("word", "/join/later", word=word)
    assert parent.status == 422
    assert "Choose a word with 4 to 40 letters." in words_of(str(page))


def test_who_has_written_nothing_has_nothing_to_come_back_to(parent: Parent) -> None:
    assert title(parent.look("later", "/join/later")) == "Come and play with us"


@pytest.mark.parametrize("link", ["nothing", "A" * 200, "%00", "\u00e9"])
def test_a_link_that_is_not_ours_opens_nothing(parent: Parent, link: str) -> None:
    parent.look("back", f"/join/back/{link}")
    parent.send("opened", f"/join/back/{link}", word="sunflower")
    assert parent.status == 422


# --- boroughs


def test_a_borough_that_is_not_open_says_so_kindly(platform: Any) -> None:
    parent = Parent(platform.url, platform.borough("Camden", opened=False).slug)
    page = parent.look("start")
    assert parent.status in {403, 409}
    assert title(page) == "You cannot ask to join here just now"
    assert clinical_words(words_of(str(page))) == []
    parent.look("about", "/about")
    assert "Ask to join" not in parent.seen["about"]


def test_a_suspended_borough_takes_nobody_and_does_not_say_why(platform: Any) -> None:
    town = taking_families(platform, "Hackney")
    parent = Parent(platform.url, town.slug)
    parent.begin()
    with platform.client(SECRETS["OPERATOR_TOKEN"]) as operator:
        path, key = f"/api/v1/operator/boroughs/{town.id}/suspend", {"Idempotency-Key": uuid4().hex}
        assert operator.post(path, json={"reason": "Their contract ended."}, headers=key).status_code == 200
    page = parent.look("suspended")
    assert title(page) == "You cannot ask to join here just now"
    assert "contract" not in str(page)


def test_an_address_of_no_borough_says_so_in_plain_words(parent: Parent) -> None:
    answer = parent.http.get("/atlantis/join")
    assert answer.status_code == 404
    assert "This page is not here" in answer.text
    assert clinical_words(words_of(answer.text)) == []


def test_the_trail_says_that_somebody_without_an_account_did_it(parent: Parent, clinician: Person) -> None:
    [referral] = referred(clinician, reference(parent.finish()))
    assert referral["referred_by_name"] == "Somebody without an account"
