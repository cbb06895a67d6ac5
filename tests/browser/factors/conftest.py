"""A real borough beside the others of the stage, its people, and devices that hold passkeys."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from stayplay.client import Client
from tests.browser.stage import Stage
from tests.support.boroughs import described
from tests.support.factors import code_now

PASSWORD = "three quiet words"


@dataclass
class Town:
    """A real borough, as its administrator has it, whose mail address is ``head``."""

    url: str
    slug: str
    administrator: Client
    head: str

    def invited(self, name: str, role: str = "practitioner", kind: str = "camhs") -> str:
        """Return the mail address of somebody who has just joined."""
        agencies = {agency["kind"]: agency["id"] for agency in self.administrator.get(f"/api/v1/{self.slug}/agencies")["items"]}
        email = f"{uuid4().hex[:10]}@{self.slug}.example"
        body = {"name": name, "email": email, "roles": [role], "agency_id": agencies[kind]}
        invitation = self.administrator.post(f"/api/v1/{self.slug}/invitations", body)
        self.administrator.with_token("").post(f"/api/v1/invitations/{invitation['token']}", {"password": PASSWORD})
        return email

    @property
    def today(self) -> str:
        """The address of the borough's front page."""
        return f"{self.url}/{self.slug}/"


class Device:
    """A browser of somebody's own, on a machine that makes passkeys and knows its owner's finger (Chromium's virtual authenticator)."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.cdp: CDPSession = context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        self.authenticator = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def passkeys(self) -> list[dict[str, Any]]:
        """Return what the device holds."""
        found: list[dict[str, Any]] = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})["credentials"]
        return found

    def put(self, passkey: dict[str, Any]) -> None:
        """Put a passkey onto the device, as somebody would who copied it."""
        self.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": self.authenticator})
        self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.authenticator, "credential": passkey})

    def refuse_finger(self) -> None:
        """Let the device not know its owner from now on."""
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.authenticator, "isUserVerified": False})

    def sign_in(self, town: Town, email: str, *, where: str = "") -> None:
        """Give mail address and password on the sign-in page."""
        self.page.goto(where or town.today)
        self.page.fill("#email", email)
        self.page.fill("#password", PASSWORD)
        self.page.click("main form[action$='/sign-in'] button[type=submit]")

    def forget(self) -> None:
        """Forget every cookie, as a browser does that was closed and cleaned."""
        self.page.context.clear_cookies()

    def add_passkey(self, town: Town, name: str = "Work laptop") -> None:
        """Go through the page of passkeys."""
        self.page.goto(f"{town.url}/account/passkeys")
        self.page.fill("#name", name)
        self.page.click("form[data-passkey=create] button[type=submit]")

    def set_up_app(self, town: Town) -> str:
        """Go through the page of an authenticator app; return its secret."""
        self.page.goto(f"{town.url}/account/second-step/app")
        secret = self.page.inner_text(".secret code").replace(" ", "")
        self.page.fill("#code", code_now(secret))
        self.page.click("main form[action$='/second-step/app'] button[type=submit]")
        self.page.wait_for_selector(".recovery-codes")
        return secret


@pytest.fixture(scope="module")
def town(stage: Stage) -> Town:
    made = stage.operator.post("/api/v1/operator/boroughs", described(name="Camden", gss_code="E09000007", practice=False))
    anyone, head = stage.operator.with_token(""), made["invitation"]["email"]
    anyone.post(f"/api/v1/invitations/{made['invitation']['token']}", {"password": PASSWORD})
    return Town(stage.url, made["slug"], anyone.signed_in(head, PASSWORD), head)


@pytest.fixture
def device(chromium: Browser) -> Iterator[Device]:
    context = chromium.new_context()
    context.set_default_timeout(8000)
    yield Device(context)
    context.close()


@pytest.fixture
def other_device(chromium: Browser) -> Iterator[Device]:
    context = chromium.new_context()
    context.set_default_timeout(8000)
    yield Device(context)
    context.close()
