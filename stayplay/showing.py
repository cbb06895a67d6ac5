"""What `stayplay run` says once the platform answers, and the filling of its demonstration borough."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import click
import eventlet

from stayplay.client import Client, Refused
from stayplay.demo.command import DEMO_PASSWORD, DEMO_SLUG, sign_ins
from stayplay.home import Home

FILLED = "demo"
OPERATOR_BOROUGHS = "/api/v1/operator/boroughs"


class Showing:
    """Prints the address and, with a demonstration, fills the borough at the first start and prints the sign-ins.

    Args:
        home: where it is noted that the borough is filled.
        url: where the platform answers.
        operator_token: what operators sign requests with.
        families: how many the demonstration borough has; 0 for no demonstration.
    """

    def __init__(self, home: Home, url: str, operator_token: str, *, families: int) -> None:
        self._home = home
        self._url = url
        self._token = operator_token
        self._families = families
        self._filling: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Say where the platform answers; called on its event loop, so what takes long goes on beside it."""
        click.echo(f"\nStay & Play is ready: {self._url}\n")
        if self._families:
            eventlet.spawn(self._show)

    def end(self) -> None:
        """Stop filling, if that goes on."""
        if self._filling is not None and self._filling.poll() is None:
            self._filling.send_signal(signal.SIGTERM)

    def _show(self) -> None:
        if not self._home.is_noted(FILLED, DEMO_SLUG) and not self._fill():
            return
        width = max(len(email) for email, _ in sign_ins())
        click.echo(f"Sign in to the demo borough with the password: {DEMO_PASSWORD}")
        for email, who in sign_ins():
            click.echo(f"  {email:<{width}}  {who}")
        click.echo("\nCtrl-C stops it.")

    def _fill(self) -> bool:
        """Fill the borough from a process of its own, as any client would."""
        with suppress(Refused):
            self._erase_half_filled()
        command = [sys.executable, "-m", "stayplay", "demo", "--url", self._url, "--families", str(self._families)]
        self._filling = subprocess.Popen(command, env={**os.environ, "OPERATOR_TOKEN": self._token}, start_new_session=True)
        if self._filling.wait() != 0:
            return False
        self._home.note(FILLED, DEMO_SLUG)
        return True

    def _erase_half_filled(self) -> None:
        operator = Client(self._url, token=self._token)
        for borough in operator.get(OPERATOR_BOROUGHS, limit=100)["items"]:
            if borough["slug"] == DEMO_SLUG:
                operator.delete(f"{OPERATOR_BOROUGHS}/{borough['id']}")
        operator.close()
