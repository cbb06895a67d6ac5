"""Whatever a browser sends wrong gets a page that says what to do, changes nothing, and leaves no name in the log."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from bs4 import BeautifulSoup
from structlog.testing import capture_logs

from chassis import clock
from gateway.pages.forms.reading import written
from services.referrals.contract import DRAFT_KINDS, step_of, step_schema
from tests.support.drafts import answers
from tests.support.gateway import PASSWORD
from tests.support.whole import Person, Town, Whole

SURNAME = "Quixotesurname"
MEBIBYTE = 1024 * 1024
Form = dict[str, Any]


class Browser:
    """A browser that somebody signed in with."""

    def __init__(self, whole: Whole, person: Person, slug: str) -> None:
        self.http = httpx.Client(base_url=whole.url, timeout=20)
        self.base = f"/{slug}"
        self.draft = ""
        self.http.post("/sign-in", data={"email": person.me["email"], "password": PASSWORD})
        if person.phone:
            asking = parsed(self.http.get("/account/second-factor")).select_one("form[method=post] input[name=csrf_token]")
            assert asking is not None
            self.http.post("/account/second-factor", data={"code": person.phone.code(), "csrf_token": str(asking["value"])})

    def open(self, path: str) -> httpx.Response:
        """Look at a page of the borough."""
        return self.http.get(f"{self.base}{path}")

    def begun(self) -> str:
        """Begin a referral; return its address, in which every question but one is answered by what believable people answer."""
        page = parsed(self.open("/refer"))
        begun = self.http.post(f"{self.base}/refer", data={**hidden(page), "kind": "professional"})
        self.draft = begun.headers["Location"]
        return self.draft

    def form(self, step: str, **changed: Any) -> Form:
        """Return the form of a question with believable answers in it, as the page sends it."""
        page = parsed(self.http.get(f"{self.draft or self.begun()}/{step}"))
        given = answers()
        given["parents"]["parents"][0]["family_name"] = SURNAME
        schema = step_schema("professional", step)
        filled = {name: values if len(values) > 1 else values[0] for name, values in written(schema, schema.load(given[step])).lists()}
        return {**filled, **hidden(page), **changed}

    def send(self, step: str, form: Form) -> httpx.Response:
        """Send the answer to a question."""
        return self.http.post(f"{self.draft}/{step}", data=form)

    def finished(self) -> None:
        """Answer every question that was not answered yet."""
        for step in DRAFT_KINDS["professional"].steps:
            if step != "relations":
                assert self.send(step, self.form(step)).status_code == 303

    def sent(self) -> httpx.Response:
        """Send the referral."""
        return self.http.post(f"{self.draft}/check", data=hidden(parsed(self.http.get(f"{self.draft}/check"))))


@pytest.fixture
def browser(whole: Whole, health_visitor: Person, peckham: Town, referral: dict[str, Any]) -> Browser:
    """A referrer's browser, in a borough that every service has heard of."""
    del referral
    return Browser(whole, health_visitor, peckham.slug)


@pytest.fixture
def nothing_written(clinician: Person, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever the test sends, no referral of its family is there afterwards, and no log line names it."""
    with capture_logs() as lines:
        yield
    assert SURNAME not in str(lines) + caplog.text
    assert SURNAME not in clinician.get("/referrals", limit=100).text


def hidden(page: BeautifulSoup) -> Form:
    """Return what a form carries out of sight."""
    fields = {name: page.select_one(f"form[method=post] input[name={name}]") for name in ("csrf_token", "form_key", "version")}
    return {name: str(field["value"]) for name, field in fields.items() if field}


def parsed(answer: httpx.Response) -> BeautifulSoup:
    assert answer.headers["Content-Type"].startswith("text/html")
    return BeautifulSoup(answer.text, "html.parser")


def summary(answer: httpx.Response) -> dict[str, str]:
    """Return what the page says is wrong, by the id of the question that each line leads to."""
    assert answer.status_code == 422, answer.text
    page = parsed(answer)
    found = {str(link["href"]).lstrip("#"): link.get_text(strip=True) for link in page.select(".govuk-error-summary a")}
    assert all(page.find(id=question) for question in found), found
    return found


def heading(answer: httpx.Response) -> str:
    return " ".join(found.get_text(strip=True) for found in parsed(answer).select("h1"))


def day_of(name: str, on: date) -> Form:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("urgency", "whenever"), ("referrer-source", "Z9"), ("safe_contact-channels", ["pigeon"]), ("parents-0-phone", "call me"),
        ("parents-0-email", "nowhere"), ("address-postcode", "SE15"), ("language", ""), ("why_now", "x" * 4001), ("concern", "a\x00b"),
        ("agrees", "no"), ("interpreter", "perhaps"), ("parents-0-given_name", ""), ("children-0-family_name", "x" * 401),
        ("parents-0-nhs_number", "943 476 5918"), ("share_with-0-what", ""),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named_and_leads_to_its_question(browser: Browser, question: str, answer: Any) -> None:
    step = step_of("professional", question.partition("-")[0])
    assert list(summary(browser.send(step, browser.form(step, **{question: answer})))) == [question]


@pytest.mark.usefixtures("nothing_written")
def test_what_was_typed_is_there_to_be_put_right(browser: Browser) -> None:
    sent = browser.send("parents", browser.form("parents", **{"parents-0-phone": "call me", "parents-0-email": "nowhere"}))
    assert set(summary(sent)) == {"parents-0-phone", "parents-0-email"}
    values = {str(field.get("id")): field.get("value") for field in parsed(sent).select("input")}
    assert (values["parents-0-phone"], values["parents-0-email"]) == ("call me", "nowhere")


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("question", ["children-0-birth_date", "parents-0-birth_date"])
@pytest.mark.parametrize("on", ["tomorrow", "1899-12-31", "0001-01-01"])
def test_a_day_in_the_future_or_before_1900_is_refused(browser: Browser, question: str, on: str) -> None:
    day = clock.today() + timedelta(days=1) if on == "tomorrow" else date.fromisoformat(on)
    typed = {**day_of(question, day), f"{question}-year": f"{day.year:04}"}
    step = question.partition("-")[0]
    found = summary(browser.send(step, browser.form(step, **typed)))
    assert list(found) == [question]
    assert found[question].endswith("today or in the past." if on == "tomorrow" else "It must be 1900 or later.")


@pytest.mark.usefixtures("nothing_written")
def test_a_day_that_is_none_is_refused(browser: Browser) -> None:
    typed = {"children-0-birth_date-day": "31", "children-0-birth_date-month": "2", "children-0-birth_date-year": "2026"}
    assert list(summary(browser.send("children", browser.form("children", **typed)))) == ["children-0-birth_date"]


@pytest.mark.usefixtures("nothing_written")
def test_a_child_older_than_the_borough_takes_is_named_at_the_last_look_and_nothing_is_sent(browser: Browser) -> None:
    browser.begun()
    browser.finished()
    old = browser.form("children", **day_of("children-0-birth_date", clock.today() - timedelta(days=365 * 6)))
    assert browser.send("children", old).status_code == 303
    found = summary(browser.sent())
    assert list(found) == ["part-children"]
    assert "5 years" in found["part-children"]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("broken", [b"Ana%EFs%FF", b"Ana\xef\xff", b"%ED%A0%80", b"%C3%28"])
def test_bytes_that_are_no_utf_8_are_refused(browser: Browser, broken: bytes) -> None:
    form = browser.form("parents", **{"parents-0-given_name": "MARK"})
    body = httpx.Request("POST", "http://x", data=form).content.replace(b"MARK", broken)
    answer = browser.http.post(f"{browser.draft}/parents", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400
    assert "could not be read" in answer.text


@pytest.mark.parametrize("path", ["/referrals?after=%ff", "/referrals?status=%C3%28", "/refer?done=%ED%A0%80"])
def test_an_address_with_bytes_that_are_no_utf_8_is_refused(browser: Browser, path: str) -> None:
    answer = browser.open(path)
    assert answer.status_code == 400
    assert "could not be read" in answer.text


@pytest.mark.usefixtures("nothing_written")
def test_too_much_is_refused_with_a_page(browser: Browser) -> None:
    answer = browser.send("why_now", browser.form("why_now", why_now="x" * MEBIBYTE))
    assert answer.status_code == 413
    assert heading(answer) == "Too much was sent"


@pytest.mark.usefixtures("nothing_written")
def test_a_form_without_its_own_token_is_refused(browser: Browser) -> None:
    assert browser.send("why_now", browser.form("why_now", csrf_token="x")).status_code == 403
    assert browser.http.post(f"{browser.base}/refer", content=b"\xff\x00{", headers={"Content-Type": "text/plain"}).status_code == 403


def test_a_referral_sent_twice_is_one_referral(browser: Browser, clinician: Person) -> None:
    name = f"Twice{uuid4().hex[:8]}"
    browser.begun()
    browser.finished()
    assert browser.send("parents", browser.form("parents", **{"parents-0-family_name": name})).status_code == 303
    form = hidden(parsed(browser.http.get(f"{browser.draft}/check")))
    first, second, third = (
        browser.http.post(f"{browser.draft}/check", data=one) for one in (form, form, {**form, "form_key": uuid4().hex})
    )
    assert {answer.status_code for answer in (first, second, third)} == {303}
    assert first.headers["Location"] == second.headers["Location"] == third.headers["Location"]
    listed = clinician.get("/referrals", limit=100, sort="newest").json()["items"]
    assert len([one for one in listed if name in one["family_name"]]) == 1


@pytest.mark.usefixtures("nothing_written")
def test_a_form_sent_again_with_other_answers_is_refused_and_says_what_to_do(browser: Browser) -> None:
    form = browser.form("why_now")
    assert browser.send("why_now", form).status_code == 303
    again = browser.send("why_now", {**form, "why_now": "Something else."})
    assert again.status_code == 422
    assert "sent before with other answers" in again.text


@pytest.mark.usefixtures("nothing_written")
def test_two_tabs_that_answer_one_question_differently_are_shown_both_answers(browser: Browser) -> None:
    here, there = browser.form("why_now", why_now="Typed here."), browser.form("why_now", why_now="Typed there.")
    assert browser.send("why_now", there).status_code == 303
    both = browser.send("why_now", here)
    assert both.status_code == 409
    assert {version.get_text() for version in parsed(both).select(".version")} >= {
        "Yours, not savedTyped here.",
        "Theirs, savedTyped there.",
    }
    mine = {str(field["name"]): str(field["value"]) for field in parsed(both).select("main form input[type=hidden]")}
    assert browser.send("why_now", mine).status_code == 303
    assert "Typed here." in browser.http.get(f"{browser.draft}/why_now").text


def test_an_unknown_borough_is_a_page_that_was_not_found(browser: Browser, brixton: Town) -> None:
    unknown, other = browser.http.get("/atlantis/referrals"), browser.http.get(f"/{brixton.slug}/referrals")
    assert (unknown.status_code, other.status_code) == (404, 404)
    assert heading(unknown) == heading(other) == "Not found"


def test_an_id_of_another_borough_is_answered_as_an_unknown_one(
    whole: Whole, brixton: Town, other_clinician: Person, referral: dict[str, Any]
) -> None:
    neighbour = Browser(whole, other_clinician, brixton.slug)
    answers = [neighbour.open(f"/referrals/{identity}") for identity in (referral["id"], uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert parsed(answers[0]).main == parsed(answers[1]).main


def test_an_address_that_is_none_is_a_page_that_was_not_found(browser: Browser) -> None:
    for path in ("/referrals/not-an-id", "/nothing", "/referrals/%ff%fe"):
        assert browser.open(path).status_code == 404


@pytest.mark.usefixtures("nothing_written")
def test_a_session_that_ended_leads_to_sign_in_and_says_why(browser: Browser) -> None:
    form, token = browser.form("why_now"), browser.http.cookies["stayplay"]
    ended = browser.http.delete("/api/v1/session", headers={"Authorization": f"Bearer {token}"})
    assert ended.status_code == 204
    for answer in (browser.open("/referrals"), browser.send("why_now", form)):
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in?why=ended")
    assert "Your session has ended" in browser.http.get(browser.open("/referrals").headers["Location"]).text


@pytest.mark.parametrize("query", ["after=nonsense", "after=bnVsbA", "status=lost", "sort=sideways"])
def test_a_list_survives_an_address_that_makes_no_sense(whole: Whole, peckham: Town, clinician: Person, query: str) -> None:
    answer = Browser(whole, clinician, peckham.slug).open(f"/referrals?{query}")
    assert answer.status_code in {200, 422}
    assert heading(answer)
