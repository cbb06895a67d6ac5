"""Debian's Chromium, driven by Playwright: the one that draws no window of its own, where Debian has it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.support.debian import Missing, program

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--process-per-site",
]  # fmt: skip
"""Pages of one site that are open in one context share a process: with one that stays open, the others need none to be started."""


def found() -> str:
    """Return the path of the browser: a window that nobody sees takes a third of the processor's time.

    Raises:
        Missing: neither is installed, and neither can be.
    """
    try:
        return program("chromium-headless-shell", package="chromium-headless-shell")
    except Missing:
        return program("chromium", package="chromium")


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Run a browser for the length of a ``with`` block.

    Raises:
        Missing: Chromium is not installed and can't be.
    """
    path = os.environ.get("CHROMIUM") or found()
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", _node())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def _node() -> str:
    """Return the Node that builds the assets; the one in Playwright's package needs a library that few servers have."""
    found = subprocess.run(["deploy/machine/node.sh"], check=True, capture_output=True, text=True)
    return f"{found.stdout.strip()}/node"
