"""A real OpenID Connect provider beside the tests: `oidc-provider`, run by node on a port of localhost.

with running_provider(clients=[client(redirect_uri, back_channel_uri)]) as provider:
back = provider.let_in(address, "ruth")      # sign in there as a browser does; the address it sends the browser back to
provider.spoil(claims={"nonce": "another"})  # from now on its ID tokens hold this, signed with its own key
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
from bs4 import BeautifulSoup

from stayplay.client import trusted
from tests.support.ports import free_port

PROGRAM = Path("tests/support/provider/provider.mjs")
SECRET = "the secret of a client at a provider of tests"
REDIRECTS = {301, 302, 303, 307}


def client(public_url: str, **more: Any) -> dict[str, Any]:
    """Return how our gateway is registered at a provider."""
    return {
        "client_id": "stayplay",
        "client_secret": SECRET,
        "redirect_uris": [f"{public_url}/sign-on/callback"],
        "backchannel_logout_uri": f"{public_url}/sign-on/back-channel-logout",
        "backchannel_logout_session_required": True,
        **more,
    }


@dataclass
class Provider:
    """A provider that is up.

    Attributes:
        issuer: what it calls itself, and where it is.
        browser: what somebody is signed in with there; another one is another browser.
    """

    issuer: str
    clients: list[dict[str, Any]]
    browser: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=20, verify=trusted()))

    def spoil(self, **wrong: Any) -> None:
        """Let it answer something wrong from now on: ``claims``, ``header``, ``altered``, ``discovery``; nothing for all well."""
        self._wish("wrong", wrong or None)

    def says(self, **claims: Any) -> None:
        """Let it say more of how people signed in from now on: ``acr``, ``amr``."""
        self._wish("says", claims)

    def rotate(self) -> None:
        """Let it sign with another key from now on, and forget everybody."""
        self._wish("rotate", None)

    def signed(self, claims: Mapping[str, Any], **header: Any) -> str:
        """Return a token of these claims, signed with the provider's own key unless the header asks for something else."""
        return str(self._wish("sign", {"claims": claims, "header": header})["token"])

    def pace(self, seconds: float) -> None:
        """Let every answer take so long from now on."""
        self._wish("pace", seconds)

    def let_in(self, address: str, account: str) -> str:
        """Go where the gateway sent a browser, sign in there, and return the address that the provider sends the browser back to."""
        return self._onward(address, {"account": account})

    def refuse(self, address: str) -> str:
        """Go there and press Cancel."""
        return self._onward(address, {"refuse": "1"})

    def another_browser(self) -> "Provider":
        """Return the same provider, in a browser in which nobody is signed in."""
        return Provider(self.issuer, self.clients)

    def _onward(self, address: str, answers: Mapping[str, str]) -> str:
        answer = self.browser.get(address)
        for _ in range(10):
            if answer.status_code in REDIRECTS:
                onward = urljoin(str(answer.url), answer.headers["location"])
                if not onward.startswith(self.issuer):
                    return onward
                answer = self.browser.get(onward)
            elif answer.status_code == 200 and "<form" in answer.text:
                answer = self.browser.post(str(answer.url), data=dict(answers))
            else:
                break
        raise AssertionError(f"the provider led nowhere: {answer.status_code} {BeautifulSoup(answer.text, 'html.parser').get_text()[:300]}")

    def _wish(self, name: str, wish: Any) -> Any:
        return self.browser.post(f"{self.issuer}/wish/{name}", content=json.dumps(wish)).raise_for_status().json()


@contextmanager
def running_provider(clients: list[dict[str, Any]], **asked: Any) -> Iterator[Provider]:
    """Run a provider for the length of a ``with`` block.

    Args:
        clients: who is registered there.
        asked: ``says``: what it says of how people signed in; see `Provider.says`.
    """
    port = free_port()
    node = Path(subprocess.run(["deploy/machine/node.sh"], check=True, capture_output=True, text=True).stdout.strip()) / "node"
    command = [str(node), str(PROGRAM), json.dumps({"port": port, "clients": clients, **asked})]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("listening")
            with httpx.Client(timeout=20, verify=trusted()) as browser:
                yield Provider(f"http://localhost:{port}", clients, browser)
        finally:
            process.kill()
