"""A borough whose people sign in by a real provider, in the gateway inside the test's process."""

import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from gateway.access.audit.security import SecurityNotes
from gateway.people.sealing import Sealer
from gateway.people.single_sign_on.under_way import UnderWay
from tests.support.gateway import Borough, Gateway, Someone
from tests.support.mailing import change
from tests.support.pages import seen
from tests.support.providing import SECRET, Provider

LABEL = "Southwark Council account"
COOKIE = "stayplay-sign-on"


def described(provider: Provider, **changed: Any) -> dict[str, Any]:
    """Return the settings of a provider as an administrator sends them."""
    return {
        "label": LABEL,
        "issuer": provider.issuer,
        "client_id": provider.clients[0]["client_id"],
        "client_secret": SECRET,
        "trusts_factor": False,
        "version": 0,
    } | changed


def with_query(address: str, **changed: str | None) -> str:
    """Return an address with other answers in its query; None takes one away."""
    parts = urlsplit(address)
    found = {name: value for name, value in {**dict(parse_qsl(parts.query)), **changed}.items() if value is not None}
    return parts._replace(query=urlencode(found)).geturl()


def asked(address: str) -> dict[str, str]:
    """Return the query of an address."""
    return dict(parse_qsl(urlsplit(address).query))


@dataclass
class Council:
    """A borough and its provider.

    Attributes:
        boss: its administrator, who came in by a password.
    """

    gateway: Gateway
    borough: Borough
    provider: Provider
    boss: Someone

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.borough.slug

    @property
    def settings(self) -> dict[str, Any]:
        """How single sign-on is set up now."""
        found: dict[str, Any] = self.boss.get(f"{self.borough.base}/sign-on").json
        return found

    def set_up(self, **changed: Any) -> Any:
        """Set it up, or change it."""
        body = described(self.provider, version=self.settings["version"], **changed)
        return self.boss.post(f"{self.borough.base}/sign-on", body)

    def check(self) -> dict[str, Any]:
        """Check the provider."""
        found: dict[str, Any] = self.boss.post(f"{self.borough.base}/sign-on/check").json
        return found

    def use(self, use: str) -> Any:
        """Switch it."""
        return self.boss.post(f"{self.borough.base}/sign-on/use", {"version": self.settings["version"], "use": use})

    def in_use(self, **changed: Any) -> "Council":
        """Set it up, check it, and switch it on beside the other ways."""
        assert self.set_up(**changed).status_code == 200
        assert self.check()["fault"] == ""
        assert self.use("beside").status_code == 200
        return self

    def only(self) -> "Council":
        """Make it the only way in, once the administrator has linked their account and come in by it."""
        browser = self.signed_in(self.borough.answer["invitation"]["email"])
        assert self.link(browser, "boss").status_code == 303
        assert self.enter("boss").status_code == 303
        answer = self.use("only")
        assert answer.status_code == 200, answer.json
        return self

    def browser(self) -> FlaskClient:
        """Return somebody's browser."""
        return self.gateway.app.test_client()

    def signed_in(self, email: str, password: str = "three quiet words") -> FlaskClient:  # noqa: S107 - of tests
        """Return the browser of somebody who came in by a password."""
        browser = self.browser()
        assert browser.post("/sign-in", data={"email": email, "password": password}).status_code == 303
        return browser

    def away(self, browser: FlaskClient, **query: str) -> str:
        """Press the button on the sign-in page; return the provider's address that it leads to."""
        answer = browser.get(f"/sign-on/{self.slug}", query_string=query)
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def enter(self, account: str, browser: FlaskClient | None = None, **query: str) -> TestResponse:
        """Sign in by the provider, in a browser of one's own there; return what the gateway answers when one comes back."""
        browser = browser or self.browser()
        return back(browser, self.provider.another_browser().let_in(self.away(browser, **query), account))

    def let_in(self, account: str, browser: FlaskClient | None = None) -> FlaskClient:
        """Return a browser that came in by the provider."""
        browser = browser or self.browser()
        answer = self.enter(account, browser)
        assert answer.status_code == 303, answer.text
        return browser

    def invite(self, name: str = "Ruth Osei", *roles: str, kind: str | None = None) -> dict[str, Any]:
        """Invite somebody."""
        return self.borough.invite(self.boss, name, list(roles or ["facilitator"]), kind)

    def join(self, invitation: dict[str, Any], account: str, browser: FlaskClient | None = None) -> TestResponse:
        """Accept an invitation with an account at the provider; return what the gateway answers when one comes back."""
        browser = browser or self.browser()
        gone = browser.post(f"/invitation/{invitation['token']}/organisation", data=keys(browser, f"/invitation/{invitation['token']}"))
        return back(browser, self.provider.another_browser().let_in(onward(gone), account))

    def member(self, account: str, *roles: str, kind: str | None = None) -> FlaskClient:
        """Return the browser of somebody new who joined with their account."""
        browser = self.browser()
        answer = self.join(self.invite(f"Ruth{uuid4().hex[:4]} Osei", *roles, kind=kind), account, browser)
        assert answer.status_code == 303, answer.text
        return browser

    def link(self, browser: FlaskClient, account: str) -> TestResponse:
        """Link an account on one's account page; return what the gateway answers when one comes back."""
        page = f"/account/organisation/{self.slug}"
        gone = browser.post(f"{page}/link", data=keys(browser, page))
        return back(browser, self.provider.another_browser().let_in(onward(gone), account))

    def trail(self, operation: str) -> list[dict[str, Any]]:
        """Return the entries of one operation in the borough's audit trail, oldest first."""
        SecurityNotes(self.gateway.database).write()
        with self.gateway.database.session(UUID(self.borough.id)) as session:
            rows = session.execute(text("SELECT * FROM audit WHERE operation = :it ORDER BY number"), {"it": f"gateway.{operation}"})
            return [dict(row) for row in rows.mappings()]

    def confirm(self) -> None:
        """Let everybody have shown just now that it is them."""
        change(self.gateway.database, "UPDATE identity.sign_ins SET confirmed_at = now()")

    def logout_token(self, **changed: Any) -> str:
        """Return a logout token as the provider makes it, with some claims changed; None takes one away."""
        claims = {
            "iss": self.provider.issuer,
            "aud": self.provider.clients[0]["client_id"],
            "iat": int(time.time()),
            "exp": int(time.time()) + 120,
            "jti": uuid4().hex,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        } | {name: value for name, value in changed.items() if name != "header"}
        header = {"typ": "logout+jwt", **changed.get("header", {})}
        return self.provider.signed({name: value for name, value in claims.items() if value is not None}, **header)

    def log_out(self, token: str) -> TestResponse:
        """Tell the gateway what the provider's server would."""
        return self.browser().post("/sign-on/back-channel-logout", data={"logout_token": token})


def back(browser: FlaskClient, address: str) -> TestResponse:
    """Go where the provider sent the browser back to."""
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}")


def onward(answer: TestResponse) -> str:
    """Return where a page leads that goes on by itself; its link must lead there too."""
    assert answer.status_code == 200, answer.text
    page = seen(answer)
    address = re.fullmatch(r"0;url=(.*)", page.one("meta[http-equiv=refresh]")["content"])
    assert address is not None
    assert page.one("main a.govuk-button")["href"] == address[1]
    return address[1]


def keys(browser: FlaskClient, page: str) -> dict[str, str]:
    """Return what the forms of a page carry besides answers."""
    found = seen(browser.get(page)).all("main form")[0]
    return {field["name"]: field["value"] for field in found.all("input[type=hidden]") if field.has("value")}


def today(browser: FlaskClient, council: Council) -> int:
    """Return what the borough's first page answers a browser."""
    return browser.get(f"/{council.slug}/").status_code


def sealer(council: Council) -> Sealer:
    """Return what seals the cookies of sign-ins under way."""
    return Sealer(council.gateway.settings.signing_key, "sign-on under way")


def under_way(browser: FlaskClient, council: Council) -> UnderWay:
    """Return what the browser's cookie says is under way."""
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    found = UnderWay.opened(cookie.value, sealer(council))
    assert found is not None
    return found


def keep(browser: FlaskClient, council: Council, begun: UnderWay) -> None:
    """Let a browser have this under way."""
    browser.set_cookie(COOKIE, begun.sealed(sealer(council)))


def refused(answer: Any, code: int, words: str) -> None:
    """Check that nobody was let in, and that the page says why."""
    assert answer.status_code == code, answer.text
    assert words in answer.text
    assert "stayplay=" not in str(answer.headers.get_all("Set-Cookie")).replace("stayplay-", ""), "nobody is signed in"
