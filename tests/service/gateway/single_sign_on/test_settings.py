"""How an administrator sets single sign-on up: by the API and on the page; and that its secret is never told."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from gateway.people.sealing import BrokenSeal, Sealer
from tests.support.gateway import Someone
from tests.support.mailing import change
from tests.support.pages import seen
from tests.support.providing import SECRET, Provider, client, running_provider
from tests.support.signing_on import LABEL, Council, asked, described, keys


@pytest.fixture
def browser(bare: Council) -> FlaskClient:
    """The administrator's browser."""
    return bare.signed_in(bare.borough.answer["invitation"]["email"])


def page_of(council: Council) -> str:
    return f"/{council.slug}/sign-on"


def form(council: Council, browser: FlaskClient, **answers: str) -> dict[str, str]:
    """Return the form of the page with the answers of a right provider, some of them changed."""
    right = {
        "label": LABEL, "issuer": council.provider.issuer, "client_id": "stayplay", "client_secret": SECRET,
        "acr_values": "", "trusts_factor": "no", "factor_values": "mfa",
    }  # fmt: skip
    return {**keys(browser, page_of(council)), **right, **answers}


def everything_kept(council: Council) -> str:
    """Return every row of every table of the gateway, as text."""
    database, found = council.gateway.database, []
    tables = "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('public', 'identity')"
    with database.session(council.borough.id) as session:  # type: ignore[arg-type]  # a borough's id, as its answer has it
        names = [tuple(row) for row in session.execute(text(tables))]
    for opened in (lambda: database.session(council.borough.id), database.platform_session):  # type: ignore[arg-type]  # as above
        for schema, name in names:
            with opened() as session:
                may = session.execute(text("SELECT has_table_privilege(:t, 'SELECT')"), {"t": f'"{schema}"."{name}"'}).scalar_one()
                if may:
                    found += [str(row) for row in session.execute(text(f'SELECT t::text FROM "{schema}"."{name}" t'))]
    return "\n".join(found)


# --- by the API -------------------------------------------------------------------------------------------------------


def test_a_borough_that_never_set_it_up_is_told_what_to_give_the_provider(bare: Council) -> None:
    assert bare.settings == {
        "version": 0, "label": "", "issuer": "", "client_id": "", "has_secret": False, "acr_values": "", "trusts_factor": False,
        "factor_values": "mfa", "use": "off", "checked_at": None, "fault": "", "linked": 0, "administrators_in": 0,
        "redirect_uri": "http://localhost:8000/sign-on/callback",
        "back_channel_uri": "http://localhost:8000/sign-on/back-channel-logout",
    }  # fmt: skip


def test_it_is_set_up_checked_and_switched_on(bare: Council) -> None:
    kept = bare.set_up(acr_values="AAL2_OR_AAL3_ANY", trusts_factor=True).json
    assert (kept["issuer"], kept["has_secret"], kept["use"], kept["checked_at"]) == (bare.provider.issuer, True, "off", None)
    checked = bare.check()
    assert checked["checked_at"]
    assert checked["fault"] == ""
    assert bare.use("beside").json["use"] == "beside"
    assert asked(bare.away(bare.browser()))["acr_values"] == "AAL2_OR_AAL3_ANY"
    assert bare.use("off").json["use"] == "off"


def test_only_a_boroughs_administrator_does(bare: Council, found_council: Callable[..., Council]) -> None:
    facilitator = bare.borough.join(bare.invite())
    neighbour = found_council(name="Lambeth").boss
    for somebody, status in ((facilitator, 403), (neighbour, 404), (bare.gateway.anyone, 401)):
        assert somebody.get(f"{bare.borough.base}/sign-on").status_code == status
        for path, body in (("sign-on", described(bare.provider)), ("sign-on/check", {}), ("sign-on/use", {"version": 0, "use": "off"})):
            assert somebody.post(f"{bare.borough.base}/{path}", body).status_code == status, path


def test_changing_it_asks_again(council: Council) -> None:
    version = council.settings["version"]
    change(council.gateway.database, "UPDATE identity.sign_ins SET confirmed_at = now() - interval '11 minutes'")
    for path, body in (
        ("sign-on", described(council.provider, version=version)),
        ("sign-on/use", {"version": version, "use": "off"}),
    ):
        refused = council.boss.post(f"{council.borough.base}/{path}", body)
        assert (refused.status_code, refused.json["code"]) == (403, "confirmation_needed"), path
    assert council.settings["use"] == "beside"


def test_two_administrators_do_not_undo_each_others_work(council: Council) -> None:
    version = council.settings["version"]
    council.set_up(label="Another name")
    refused = council.boss.post(f"{council.borough.base}/sign-on", described(council.provider, version=version))
    assert (refused.status_code, refused.json["code"]) == (409, "stale")
    refused = council.boss.post(f"{council.borough.base}/sign-on/use", {"version": version, "use": "off"})
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("issuer", "login.example.org"), ("issuer", "ftp://login.example.org"), ("issuer", "https://a@b.example"),
        ("issuer", "https://login.example.org/?x=1"), ("issuer", "https://login.example.org/#x"), ("issuer", "javascript:alert(1)"),
        ("issuer", ""), ("label", ""), ("label", "x" * 61), ("client_id", ""), ("client_secret", "x" * 1001), ("trusts_factor", None),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_at_its_field(bare: Council, name: str, value: Any) -> None:
    refused = bare.set_up(**{name: value})
    assert refused.status_code == 422
    assert list(refused.json["faults"]) == [name]


def test_the_check_is_the_gateways_own_word(bare: Council) -> None:
    """Nobody switches a provider on by saying themselves that it was checked."""
    bare.set_up(issuer="http://localhost:1")
    path = f"{bare.borough.base}/sign-on/check"
    assert bare.boss.post(path, {"issuer": "http://localhost:1", "fault": ""}).status_code == 422
    assert "can't be reached" in bare.check()["fault"]
    assert bare.use("beside").status_code == 409


def test_nothing_is_checked_that_was_never_set_up(bare: Council) -> None:
    assert bare.boss.post(f"{bare.borough.base}/sign-on/check").status_code == 404
    assert bare.use("off").status_code == 404


def test_a_provider_that_was_well_and_is_away_now_stays_on_with_its_fault_told(bare: Council) -> None:
    with running_provider([client("http://localhost:8000")]) as brief:
        bare.provider = brief
        bare.in_use()
    assert "can't be reached" in bare.check()["fault"]
    assert bare.settings["use"] == "beside"


DISCOVERED = {
    "another issuer": ({"issuer": "https://evil.example"}, "another issuer"),
    "no keys": ({"jwks_uri": None}, "jwks_uri"),
    "no place to exchange codes": ({"token_endpoint": 7}, "token_endpoint"),
    "keys in a private network": ({"jwks_uri": "http://10.0.0.1/keys"}, "not an https address"),
    "only signatures that we could make too": ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "no way that can be trusted"),
    "no PKCE": ({"code_challenge_methods_supported": ["plain"]}, "PKCE"),
    "an address with a password in it": ({"authorization_endpoint": "https://a:b@evil.example/"}, "not an https address"),
}


@pytest.mark.parametrize(("found", "words"), DISCOVERED.values(), ids=DISCOVERED)
def test_a_provider_that_is_not_as_it_must_be_is_not_switched_on(bare: Council, found: dict[str, Any], words: str) -> None:
    bare.set_up()
    bare.provider.spoil(discovery=found)
    assert words in bare.check()["fault"]
    assert bare.use("beside").status_code == 409
    bare.provider.spoil()
    assert bare.check()["fault"] == ""


# --- its secret -------------------------------------------------------------------------------------------------------


def test_the_secret_is_sealed_and_stands_nowhere(council: Council, capfd: pytest.CaptureFixture[str]) -> None:
    """In no row of any table, the audit trail among them; in no answer; in no line of the log."""
    council.set_up(client_secret=SECRET, label="Changed")
    council.member("ruth")
    with council.gateway.database.session(council.borough.id) as session:  # type: ignore[arg-type]  # a borough's id, as its answer has it
        sealed = bytes(session.execute(text("SELECT secret FROM sign_ons")).scalar_one())
    assert SECRET.encode() not in sealed
    assert SECRET not in everything_kept(council)
    assert SECRET.encode().hex() not in everything_kept(council)
    assert SECRET not in str(council.settings)
    out, err = capfd.readouterr()
    assert SECRET not in out + err
    assert len(council.trail("set_sign_on")) == 2
    assert council.trail("set_sign_on")[-1]["facts"]["secret_changed"] is True


def test_a_sealed_secret_opens_only_where_it_belongs(council: Council) -> None:
    with council.gateway.database.session(council.borough.id) as session:  # type: ignore[arg-type]  # a borough's id, as its answer has it
        sealed = bytes(session.execute(text("SELECT secret FROM sign_ons")).scalar_one())
    sealer = Sealer(council.gateway.settings.signing_key, "client secret")
    with pytest.raises(BrokenSeal):
        sealer.opened(sealed, b"another borough")
    with pytest.raises(BrokenSeal):
        Sealer(council.gateway.settings.signing_key, "another purpose").opened(sealed, council.borough.id.encode())


def test_a_secret_that_is_left_empty_stays(council: Council) -> None:
    council.set_up(client_secret="", label="Another name")
    assert council.settings["has_secret"] is True
    council.member("ruth")


@pytest.mark.parametrize("changed", [{"issuer": "https://collector.example"}, {"client_id": "another"}])
def test_a_secret_never_goes_to_another_provider(council: Council, changed: dict[str, str]) -> None:
    """An administrator who does not know the secret could have it sent to an address of their own."""
    council.set_up(**changed, client_secret="")
    assert council.settings["has_secret"] is False


def test_a_secret_that_cannot_be_read_any_more_is_said_to_be(council: Council) -> None:
    with council.gateway.database.session(council.borough.id) as session:  # type: ignore[arg-type]  # a borough's id, as its answer has it
        session.execute(text("UPDATE sign_ons SET secret = '\\x0102'"))
        session.commit()
    answer = council.browser().get(f"/sign-on/{council.slug}")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


# --- on the page ------------------------------------------------------------------------------------------------------


def test_the_set_up_page_leads_to_it(bare: Council, browser: FlaskClient) -> None:
    page = seen(browser.get(page_of(bare)))
    assert page.one(".menu a[aria-current], nav a[aria-current]").words == "Set-up"
    assert "http://localhost:8000/sign-on/callback" in page.text
    assert not page.all("#use-card"), "nothing to switch yet"


def test_it_is_set_up_on_the_page(bare: Council, browser: FlaskClient) -> None:
    saved = browser.post(page_of(bare), data=form(bare, browser, trusts_factor="yes"))
    assert saved.location == f"{page_of(bare)}?done=sign_on_saved"
    page = seen(browser.get(saved.location))
    assert page.one("#issuer")["value"] == bare.provider.issuer
    assert not page.one("#client_secret").has("value")
    assert "A secret is kept, sealed" in page.text
    assert SECRET not in page.text
    checked = browser.post(f"{page_of(bare)}/check", data=keys(browser, page_of(bare)))
    assert checked.location == f"{page_of(bare)}?done=sign_on_checked#check"
    used = browser.post(f"{page_of(bare)}/use", data={**keys(browser, page_of(bare)), "use": "beside"})
    assert used.location == f"{page_of(bare)}?done=sign_on_switched#use"
    assert bare.settings["use"] == "beside"
    bare.member("ruth")


def test_what_is_wrong_stands_at_its_field_and_the_secret_is_not_sent_back(bare: Council, browser: FlaskClient) -> None:
    refused = browser.post(page_of(bare), data=form(bare, browser, issuer="login.example.org"))
    assert refused.status_code == 422
    page = seen(refused)
    assert [link["href"] for link in page.all(".govuk-error-summary a")] == ["#issuer"]
    assert page.one("#label")["value"] == LABEL
    assert SECRET not in refused.text


def test_what_cannot_be_switched_is_said_at_the_choice(bare: Council, browser: FlaskClient) -> None:
    browser.post(page_of(bare), data=form(bare, browser))
    refused = browser.post(f"{page_of(bare)}/use", data={**keys(browser, page_of(bare)), "use": "only"})
    assert refused.status_code == 409
    assert "Check the provider first" in seen(refused).one(".govuk-error-summary").text


def test_a_fault_that_a_check_finds_stands_on_the_page(bare: Council, browser: FlaskClient) -> None:
    browser.post(page_of(bare), data=form(bare, browser, issuer="http://localhost:1"))
    checked = browser.post(f"{page_of(bare)}/check", data=keys(browser, page_of(bare)))
    assert "done=" not in checked.location, "nothing to be glad of"
    assert "http://localhost:1/.well-known/openid-configuration can't be reached" in seen(browser.get(checked.location)).one("#check").text


def test_a_page_that_is_stale_shows_both_and_carries_no_secret(council: Council) -> None:
    browser = council.signed_in(council.borough.answer["invitation"]["email"])
    stale = form(council, browser, label="Mine")
    council.set_up(label="Theirs")
    shown = browser.post(page_of(council), data=stale)
    assert shown.status_code == 409
    assert [part.words for part in seen(shown).all(".version")][:2] == ["Yours, not savedMine", "Theirs, savedTheirs"]
    assert SECRET not in shown.text
    page = seen(shown)
    again = {field["name"]: field["value"] for field in page.all("main form input[type=hidden]") if field.has("value")}
    assert browser.post(page_of(council), data=again).status_code == 303
    assert (council.settings["label"], council.settings["has_secret"]) == ("Mine", True)


def test_the_page_is_for_administrators(council: Council) -> None:
    known = council.invite()
    council.borough.join(known)
    other = council.signed_in(known["email"])
    assert other.get(page_of(council)).status_code == 403
    for path in ("", "/check", "/use"):
        assert other.post(f"{page_of(council)}{path}", data=keys(other, "/account/name")).status_code == 403


def test_a_suspended_borough_is_still_entered_and_nothing_of_it_is_changed(council: Council) -> None:
    council.member("ruth")
    invitation = council.invite("Jo Marsh")
    operator: Someone = council.gateway.operator
    operator.post(f"/api/v1/operator/boroughs/{council.borough.id}/suspend", {"reason": "A review"})
    assert council.let_in("ruth").get(f"/{council.slug}/").status_code == 200
    assert council.set_up(label="Another").status_code in {403, 409}
    assert council.join(invitation, "jo").status_code in {403, 409}


def test_what_was_changed_is_in_the_trail(council: Council) -> None:
    council.set_up(label="Another name")
    council.member("ruth")
    assert [entry["facts"]["use"] for entry in council.trail("switch_sign_on")] == ["beside"]
    assert "Another name" in str(council.trail("set_sign_on")[-1]["changes"])
    assert council.trail("note_sign_on_check")[0]["facts"]["answered"] is True
    assert council.trail("accept_invitation")
    assert [entry["facts"] for entry in council.trail("sign_in") if entry["facts"].get("method") == "sso"] == [{"method": "sso"}]


def test_other_addresses_than_the_providers_are_never_asked(bare: Council, provider: Provider) -> None:
    """What discovery names in a private network, or over http from elsewhere, is refused before anything is sent there."""
    bare.set_up()
    provider.spoil(discovery={"token_endpoint": "http://169.254.169.254/latest/meta-data"})
    assert "not an https address" in bare.check()["fault"]
