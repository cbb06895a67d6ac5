"""Operators' own pages: in with the operator's token, boroughs described step by step, suspended, resumed."""

import re
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.support.gateway import Borough, Gateway

BEGIN = {"authority": {"authority": "E09000028"}}


class Operator:
    """Somebody with a browser on operators' pages."""

    def __init__(self, gateway: Gateway) -> None:
        assert gateway.settings.gateway is not None
        self.token = gateway.settings.gateway.operator_token
        self.http: FlaskClient = gateway.app.test_client()

    def signed_in(self) -> "Operator":
        answer = self.http.post("/operator/sign-in", data={"token": self.token})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self

    def get(self, path: str) -> BeautifulSoup:
        answer = self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return BeautifulSoup(answer.get_data(as_text=True), "html.parser")

    def send(self, path: str, **answers: Any) -> Any:
        """Fill in the form of a page, and send it."""
        page = self.get(path)
        form = page.select_one("main form[method=post]")
        assert form is not None
        typed = form.select("input:not([type=radio]), input[type=radio][checked]")
        filled = {str(field["name"]): str(field.get("value", "")) for field in typed}
        filled |= {str(field["name"]): str(chosen["value"]) for field in form.select("select") for chosen in field.select("[selected]")}
        return self.http.post(str(form["action"]), data={**filled, **answers})

    def token_for_forms(self) -> str:
        found = self.get("/operator/onboarding").select_one("input[name=csrf_token]")
        assert found is not None
        return str(found["value"])


@pytest.fixture
def operator(gateway: Gateway) -> Operator:
    return Operator(gateway).signed_in()


def begun(operator: Operator) -> str:
    answer = operator.send("/operator/onboarding")
    found = re.fullmatch(r"/operator/onboarding/([0-9a-f-]{36})/authority", answer.location)
    assert found
    return f"/operator/onboarding/{found[1]}"


def answers(slug: str) -> dict[str, dict[str, str]]:
    return {
        "authority": {"authority": "E09000028"},
        "borough": {"slug": slug, "name": "Southwark", "gss_code": "E09000028", "programme_name": "Play", "practice": "no"},
        "agencies": {"agencies-0-name": "CAMHS", "agencies-0-kind": "camhs"},
        "venues": {"venues-0-name": "1st Place", "venues-0-postcode": "SE5 0RN"},
        "administrator": {"name": "Ada Minister", "email": f"ada@{slug}.example"},
        "terms": {
            "name": "Dawn Hartley", "role": "Head of Early Help", "accepted_on-day": "12", "accepted_on-month": "1",
            "accepted_on-year": "2026",
        },
    }  # fmt: skip


def described(operator: Operator, slug: str) -> str:
    """Answer every step; return the address of the whole."""
    base = begun(operator)
    for key, given in answers(slug).items():
        answer = operator.send(f"{base}/{key}", **given)
        assert answer.status_code == 303, (key, answer.get_data(as_text=True))
    return base


def test_nothing_is_shown_to_whoever_is_not_signed_in(gateway: Gateway) -> None:
    stranger = gateway.app.test_client()
    for path in ("/operator", "/operator/onboarding", f"/operator/boroughs/{uuid4()}", "/operator/documents/terms/1"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/operator/sign-in"), path


def test_after_signing_in_one_is_where_one_wanted_to_be_and_never_elsewhere(gateway: Gateway) -> None:
    for where, leads in (("/operator/onboarding", "/operator/onboarding"), ("//evil.example", "/operator"), ("/southwark/", "/operator")):
        operator = Operator(gateway)
        answer = operator.http.post("/operator/sign-in", data={"token": operator.token, "next": where})
        assert answer.location == leads


def test_the_token_itself_stays_out_of_the_browser_and_out_of_the_database(gateway: Gateway, operator: Operator) -> None:
    cookie = operator.http.get_cookie("stayplay-operator")
    assert cookie is not None
    assert operator.token not in cookie.value
    assert (cookie.http_only, cookie.same_site) == (True, "Strict")
    with gateway.database.platform_session() as session:
        kept = str(session.execute(text("SELECT * FROM identity.operator_sessions")).all())
    assert cookie.value not in kept
    assert operator.token not in kept


def test_a_wrong_token_opens_nothing_and_each_try_takes_longer(gateway: Gateway) -> None:
    guesser = gateway.app.test_client()
    guesser.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    statuses = [guesser.post("/operator/sign-in", data={"token": "x" * 40}).status_code for _ in range(7)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert Operator(gateway).signed_in().get("/operator/onboarding").find("h1")


@pytest.mark.parametrize("change", ["seen_at = now() - interval '31 minutes'", "ends_at = now()", "begun_with = 'another'"])
def test_a_session_ends(gateway: Gateway, operator: Operator, change: str) -> None:
    with gateway.database.platform_session() as session:
        session.execute(text(f"UPDATE identity.operator_sessions SET {change}"))
        session.commit()
    assert operator.http.get("/operator").status_code == 303


def test_signing_out_ends_it(operator: Operator) -> None:
    operator.http.post("/operator/sign-out", data={"csrf_token": operator.token_for_forms()})
    assert operator.http.get("/operator").status_code == 303


def test_a_form_of_another_site_does_nothing(operator: Operator, southwark: Borough) -> None:
    path = f"/operator/boroughs/{southwark.id}/suspend"
    assert operator.http.post(path, data={"reason": "x"}).status_code == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert operator.http.post(path, data={"reason": "x", "csrf_token": operator.token_for_forms()}, headers=foreign).status_code == 403


def test_a_member_of_a_borough_is_no_operator(gateway: Gateway, southwark: Borough) -> None:
    member = gateway.app.test_client()
    member.set_cookie("stayplay-operator", southwark.administrator().token)
    member.set_cookie("stayplay", southwark.administrator().token)
    assert member.get("/operator").status_code == 303


def test_an_operator_is_no_member_of_a_borough(operator: Operator, southwark: Borough) -> None:
    assert operator.http.get(f"/{southwark.slug}/").location.startswith("/sign-in")


def test_a_borough_is_onboarded_step_by_step(gateway: Gateway, operator: Operator) -> None:
    slug = f"o-{uuid4().hex[:8]}"
    base = described(operator, slug)
    check = operator.get(f"{base}/check").get_text(" ", strip=True)
    for told in ("Southwark", "E09000028", "CAMHS", "1st Place", f"ada@{slug}.example", "Dawn Hartley", "12 January"):
        assert told in check, told
    made = operator.send(f"{base}/check")
    page = BeautifulSoup(made.get_data(as_text=True), "html.parser")
    link = page.select_one("#link")
    assert (made.status_code, link is not None) == (200, True)
    token = str(link["value"]).rsplit("/", 1)[-1] if link else ""
    assert gateway.anyone.get(f"/api/v1/invitations/{token}").json["borough_name"] == "Southwark"


def test_what_was_answered_is_kept_and_gone_on_with_later(gateway: Gateway, operator: Operator) -> None:
    base = begun(operator)
    operator.send(f"{base}/authority", authority="E09000028")
    form = operator.get(f"{base}/borough")
    assert [form.select_one(f"#{name}")["value"] for name in ("name", "slug", "gss_code")] == ["Southwark", "southwark", "E09000028"]  # type: ignore[index]  # a missing field fails the test
    slug = f"o-{uuid4().hex[:8]}"
    operator.send(f"{base}/borough", **{**answers(slug)["borough"], "name": f"Unfinished {slug}"})
    later = Operator(gateway).signed_in()
    link = later.get("/operator/onboarding").find("a", string=f"Unfinished {slug}")
    assert link is not None
    assert str(link["href"]) == f"{base}/agencies"


def test_an_answer_that_is_wrong_is_not_kept_and_is_told_at_its_field(operator: Operator) -> None:
    base = begun(operator)
    operator.send(f"{base}/authority", authority="E09000028")
    refused = operator.send(f"{base}/borough", **{**answers("x")["borough"], "slug": "Not This", "gss_code": "S1"})
    page = BeautifulSoup(refused.get_data(as_text=True), "html.parser")
    assert refused.status_code == 422
    assert {link["href"] for link in page.select(".govuk-error-summary a")} == {"#slug", "#gss_code"}
    assert operator.http.get(f"{base}/check").location == f"{base}/borough"


def test_the_check_leads_to_what_is_missing_and_a_change_leads_back_to_the_check(operator: Operator) -> None:
    base = described(operator, f"o-{uuid4().hex[:8]}")
    answer = operator.send(f"{base}/venues?back=check", back="check", **{"venues-0-name": "", "venues-0-postcode": ""})
    assert answer.location == f"{base}/check"
    assert "1st Place" not in operator.get(f"{base}/check").get_text()


def test_agencies_are_added_and_removed_without_script(operator: Operator) -> None:
    base = described(operator, f"o-{uuid4().hex[:8]}")
    more = operator.send(f"{base}/agencies", **{"agencies-0-name": "CAMHS", "agencies-0-kind": "camhs", "add": "agencies"})
    page = BeautifulSoup(more.get_data(as_text=True), "html.parser")
    assert page.select_one("#agencies-1-name") is not None


def test_a_practice_borough_can_leave_the_terms_out_and_a_real_one_can_not(operator: Operator) -> None:
    base = begun(operator)
    given = answers(f"o-{uuid4().hex[:8]}")
    for key in ("authority", "agencies", "venues", "administrator"):
        operator.send(f"{base}/{key}", **given[key])
    operator.send(f"{base}/borough", **given["borough"])
    assert operator.send(f"{base}/terms", step="skip").status_code == 422
    operator.send(f"{base}/borough", **{**given["borough"], "practice": "yes"})
    assert operator.send(f"{base}/terms", step="skip").location == f"{base}/check"
    assert operator.send(f"{base}/check").status_code == 200


def test_a_name_that_is_taken_is_told_on_the_check_and_leads_to_its_step(operator: Operator, southwark: Borough) -> None:
    base = described(operator, southwark.slug)
    refused = operator.send(f"{base}/check")
    page = BeautifulSoup(refused.get_data(as_text=True), "html.parser")
    link = page.select_one(".govuk-error-summary a")
    assert refused.status_code == 422
    assert link is not None
    assert (link.get_text(), link["href"]) == (
        "Another borough has this name in addresses. Choose another.", f"{base}/borough?back=check",
    )  # fmt: skip


def test_the_last_button_pressed_twice_makes_one_borough_and_leads_to_it(gateway: Gateway, operator: Operator) -> None:
    slug = f"o-{uuid4().hex[:8]}"
    base = described(operator, slug)
    csrf = operator.token_for_forms()
    first = operator.http.post(f"{base}/check", data={"csrf_token": csrf})
    again = operator.http.post(f"{base}/check", data={"csrf_token": csrf})
    found = gateway.operator.get("/api/v1/operator/boroughs", q=slug).json["items"]
    assert (first.status_code, again.status_code, len(found)) == (200, 303, 1)
    assert again.location.startswith(f"/operator/boroughs/{found[0]['id']}")


def test_once_onboarded_the_answers_are_forgotten_for_they_name_people(gateway: Gateway, operator: Operator) -> None:
    slug = f"o-{uuid4().hex[:8]}"
    operator.send(f"{described(operator, slug)}/check")
    with gateway.database.platform_session() as session:
        assert slug not in str(session.execute(text("SELECT answers FROM identity.onboardings")).all())


def test_one_that_is_given_up_is_forgotten(operator: Operator) -> None:
    base = begun(operator)
    operator.http.post(f"{base}/forget", data={"csrf_token": operator.token_for_forms()})
    assert operator.http.get(f"{base}/authority").status_code == 404


def test_two_operators_at_one_borough_do_not_overwrite_each_other(operator: Operator) -> None:
    base = begun(operator)
    old = {"csrf_token": operator.token_for_forms(), "version": "1", "authority": "E09000022"}
    operator.send(f"{base}/authority", authority="E09000028")
    refused = operator.http.post(f"{base}/authority", data=old)
    assert refused.status_code == 409
    assert "Somebody else works on this borough" in refused.get_data(as_text=True)


def test_steps_and_documents_that_are_not_there_are_not_found(operator: Operator) -> None:
    base = begun(operator)
    for path in (
        f"{base}/nonsense",
        f"/operator/onboarding/{uuid4()}/authority",
        "/operator/documents/terms/99",
        "/operator/documents/x/1",
    ):
        assert operator.http.get(path).status_code == 404, path
    assert "Terms of use" in operator.get("/operator/documents/terms/1").get_text()


def test_a_borough_is_suspended_and_resumed_from_its_page(gateway: Gateway, operator: Operator) -> None:
    borough = gateway.onboard()
    boss = borough.administrator()
    path = f"/operator/boroughs/{borough.id}"
    assert operator.send(path, reason="").status_code == 422
    assert operator.send(path, reason="Accounts were misused").location == f"{path}?done=borough_suspended"
    assert "Accounts were misused" in operator.get(path).get_text()
    assert boss.post(f"{borough.base}/agencies", {"name": "Home-Start", "kind": "referring"}).status_code == 403
    assert operator.send(path, reason="Cleared up").location == f"{path}?done=borough_resumed"
    assert boss.post(f"{borough.base}/agencies", {"name": "Home-Start", "kind": "referring"}).status_code == 201


def test_the_list_is_searched(gateway: Gateway, operator: Operator, southwark: Borough) -> None:
    found = operator.get(f"/operator?q={southwark.slug}&state=practice")
    assert [link["href"] for link in found.select(".row__link")] == [f"/operator/boroughs/{southwark.id}"]
    assert "No borough is found." in operator.get("/operator?q=nowhere-at-all").get_text()
    assert operator.http.get("/operator?state=gone").status_code == 422
    assert operator.http.get("/operator?after=nonsense").status_code == 422
