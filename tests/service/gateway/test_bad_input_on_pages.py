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
from services.referrals.contract import ReferRequest
from tests import factories
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
        self.http.post("/sign-in", data={"email": person.me["email"], "password": PASSWORD})
        if person.phone:
            asking = parsed(self.http.get("/account/second-factor")).select_one("form[method=post] input[name=csrf_token]")
            assert asking is not None
            self.http.post("/account/second-factor", data={"code": person.phone.code(), "csrf_token": str(asking["value"])})

    def open(self, path: str) -> httpx.Response:
        """Look at a page of the borough."""
        return self.http.get(f"{self.base}{path}")

    def form(self, **changed: Any) -> Form:
        """Return the form of a new referral with believable answers in it, as the page sends it."""
        page = parsed(self.open("/refer"))
        given = factories.referral_details()
        given["parents"][0]["family_name"] = SURNAME
        answers = {name: values if len(values) > 1 else values[0] for name, values in written(ReferRequest(), given).lists()}
        hidden = {name: page.select_one(f"form[method=post] input[name={name}]") for name in ("csrf_token", "form_key")}
        found = {name: str(field["value"]) for name, field in hidden.items() if field}
        return {**answers, **found, "step": "send", **changed}

    def send(self, form: Form) -> httpx.Response:
        """Send the form."""
        return self.http.post(f"{self.base}/refer", data=form)


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
@pytest.mark.parametrize("step", ["check", "send"])
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("urgency", "whenever"), ("referrer-source", "Z9"), ("safe_contact-channels", ["pigeon"]), ("parents-0-phone", "call me"),
        ("parents-0-email", "nowhere"), ("address-postcode", "SE15"), ("language", ""), ("why_now", "x" * 4001), ("concern", "a\x00b"),
        ("family_agrees", ""), ("interpreter", "perhaps"), ("parents-0-given_name", ""), ("children-0-family_name", "x" * 121),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named_and_leads_to_its_question(browser: Browser, step: str, question: str, answer: Any) -> None:
    sent = browser.send(browser.form(**{question: answer}, step=step))
    assert list(summary(sent)) == [question]


@pytest.mark.usefixtures("nothing_written")
def test_what_was_typed_is_there_to_be_put_right(browser: Browser) -> None:
    sent = browser.send(browser.form(**{"parents-0-phone": "call me", "address-postcode": "SE15"}))
    assert set(summary(sent)) == {"parents-0-phone", "address-postcode"}
    values = {str(field.get("id")): field.get("value") for field in parsed(sent).select("input")}
    assert (values["parents-0-phone"], values["address-postcode"]) == ("call me", "SE15")


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("question", ["referred_on", "children-0-birth_date", "parents-0-birth_date"])
@pytest.mark.parametrize("on", ["tomorrow", "1899-12-31", "0001-01-01"])
def test_a_day_in_the_future_or_before_1900_is_refused(browser: Browser, question: str, on: str) -> None:
    day = clock.today() + timedelta(days=1) if on == "tomorrow" else date.fromisoformat(on)
    typed = {**day_of(question, day), f"{question}-year": f"{day.year:04}"}
    found = summary(browser.send(browser.form(**typed)))
    assert list(found) == [question]
    assert found[question].endswith("today or in the past." if on == "tomorrow" else "It must be 1900 or later.")


@pytest.mark.usefixtures("nothing_written")
def test_a_day_that_is_none_is_refused(browser: Browser) -> None:
    typed = {"referred_on-day": "31", "referred_on-month": "2", "referred_on-year": "2026"}
    assert list(summary(browser.send(browser.form(**typed)))) == ["referred_on"]


@pytest.mark.usefixtures("nothing_written")
def test_a_child_older_than_the_borough_takes_is_refused(browser: Browser) -> None:
    found = summary(browser.send(browser.form(**day_of("children-0-birth_date", clock.today() - timedelta(days=365 * 6)))))
    assert list(found) == ["children-0-birth_date"]
    assert "5 years" in found["children-0-birth_date"]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("broken", [b"Ana%EFs%FF", b"Ana\xef\xff", b"%ED%A0%80", b"%C3%28"])
def test_bytes_that_are_no_utf_8_are_refused(browser: Browser, broken: bytes) -> None:
    form = browser.form(**{"parents-0-given_name": "MARK"})
    body = httpx.Request("POST", "http://x", data=form).content.replace(b"MARK", broken)
    answer = browser.http.post(f"{browser.base}/refer", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 400
    assert "could not be read" in answer.text


@pytest.mark.parametrize("path", ["/referrals?after=%ff", "/referrals?status=%C3%28", "/refer/sent?referral=%ED%A0%80"])
def test_an_address_with_bytes_that_are_no_utf_8_is_refused(browser: Browser, path: str) -> None:
    answer = browser.open(path)
    assert answer.status_code == 400
    assert "could not be read" in answer.text


@pytest.mark.usefixtures("nothing_written")
def test_too_much_is_refused_with_a_page(browser: Browser) -> None:
    answer = browser.send(browser.form(why_now="x" * MEBIBYTE))
    assert answer.status_code == 413
    assert heading(answer) == "Too much was sent"


@pytest.mark.usefixtures("nothing_written")
def test_a_form_without_its_own_token_is_refused(browser: Browser) -> None:
    assert browser.send(browser.form(csrf_token="x")).status_code == 403
    assert browser.http.post(f"{browser.base}/refer", content=b"\xff\x00{", headers={"Content-Type": "text/plain"}).status_code == 403


def test_a_form_sent_twice_is_one_referral(browser: Browser, clinician: Person) -> None:
    name = f"Twice{uuid4().hex[:8]}"
    form = browser.form(**{"parents-0-family_name": name})
    first, second = browser.send(form), browser.send(form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    listed = clinician.get("/referrals", limit=100, sort="newest").json()["items"]
    assert len([one for one in listed if name in one["family_name"]]) == 1


@pytest.mark.usefixtures("nothing_written")
def test_a_form_sent_again_with_other_answers_is_refused_and_says_what_to_do(browser: Browser) -> None:
    form = browser.form(**{"parents-0-family_name": f"Once{uuid4().hex[:8]}"})
    assert browser.send(form).status_code == 303
    again = browser.send({**form, "parents-0-family_name": SURNAME})
    assert again.status_code == 422
    assert "sent before with other answers" in again.text


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
    form, token = browser.form(), browser.http.cookies["stayplay"]
    ended = browser.http.delete("/api/v1/session", headers={"Authorization": f"Bearer {token}"})
    assert ended.status_code == 204
    for answer in (browser.open("/referrals"), browser.send(form)):
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in?why=ended")
    assert "Your session has ended" in browser.http.get(browser.open("/referrals").headers["Location"]).text


@pytest.mark.parametrize("query", ["after=nonsense", "after=bnVsbA", "status=lost", "sort=sideways"])
def test_a_list_survives_an_address_that_makes_no_sense(whole: Whole, peckham: Town, clinician: Person, query: str) -> None:
    answer = Browser(whole, clinician, peckham.slug).open(f"/referrals?{query}")
    assert answer.status_code in {200, 422}
    assert heading(answer)
