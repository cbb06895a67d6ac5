"""Looking at pages in a browser: as one of the members, at one of two widths, with script or without."""

import json
import os
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from stayplay.journey import Borough
from tests.browser.stage import PASSWORD, Stage

WIDTHS = (390, 1280)
SCREENS = Path("build/screens")
AXE = Path("node_modules/axe-core/axe.min.js")
CONFIRM_AFTER = 240
"""Seconds after which somebody who is signed in shows again who they are: sensitive pages ask for it after ten minutes."""
LOOKED: set[tuple[str, int]] = set()
"""Paths of the pages in which axe has looked for faults, each with the width of the window."""
LOOKED_IN = os.environ.get("LOOKED_IN", "")
"""The folder in which runs beside each other write down what they looked at; empty where one run looks at everything."""
LOOK = """rules => {
    const later = window.setTimeout
    window.setTimeout = (then, wait, ...given) => wait ? later(then, wait, ...given) : (Promise.resolve().then(() => then(...given)), 0)
    return axe.run(document, {runOnly: rules, resultTypes: ['violations']}).finally(() => { window.setTimeout = later })
}"""
"""Where no script of a page runs, no timer does: axe waits for some that wait for nothing, and would wait for ever."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Eyes:
    """Members signed in at each width; a context each, made when first used."""

    def __init__(self, stage: Stage, browser: Browser) -> None:
        self.stage, self.browser = stage, browser
        self._contexts: dict[tuple[str, bool, bool], BrowserContext] = {}
        self._confirmed: dict[BrowserContext, float] = {}
        SCREENS.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def page(self, who: str = "", width: int = 1280, *, empty: bool = False, script: bool = True) -> Iterator[Page]:
        """Open a page as a member (``facilitator``, ``camhs`` ...) or, without a name, as nobody."""
        page = self._context(who, empty=empty, script=script).new_page()
        page.set_viewport_size({"width": width, "height": 900})
        yield page
        page.close()

    def address(self, path: str, *, empty: bool = False) -> str:
        """Return an address; ``/borough/`` at its start is the full or the empty borough, ``{name}`` one of the stage's ids."""
        slug = (self.stage.empty if empty else self.stage.borough).slug
        return self.stage.url + path.replace("/borough/", f"/{slug}/", 1).format(**self.stage.ids)

    def close(self) -> None:
        """Close every context."""
        for context in self._contexts.values():
            context.close()

    def _context(self, who: str, *, empty: bool, script: bool) -> BrowserContext:
        key = (who, empty, script)
        if key not in self._contexts:
            context = self.browser.new_context(java_script_enabled=script)
            context.set_default_timeout(8000)
            self._contexts[key] = context
            self._begin(context, who, empty=empty)
        context = self._contexts[key]
        if monotonic() - self._confirmed.get(context, monotonic()) > CONFIRM_AFTER:
            self._confirm(context)
        return context

    def _begin(self, context: BrowserContext, who: str, *, empty: bool) -> None:
        """Sign in, where it is somebody; the page stays open, so that those to come share its process."""
        page = context.new_page()
        page.goto(self.stage.url + "/sign-in")
        if who:
            self._sign_in(page, who, self.stage.empty if empty else self.stage.borough)
            self._confirmed[context] = monotonic()

    def _sign_in(self, page: Page, who: str, borough: Borough) -> None:
        page.fill("#email", borough.members[who].email)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"**/{borough.slug}/**")

    def _confirm(self, context: BrowserContext) -> None:
        """Show again who they are, before any page asks for it: it does after ten minutes."""
        page = context.new_page()
        page.goto(self.stage.url + "/account/confirm")
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/account")
        page.close()
        self._confirmed[context] = monotonic()


def press(page: Page, name: str) -> None:
    """Press the first button of that name."""
    page.get_by_role("button", name=name, exact=True).first.click()


def choose(page: Page, question: str, answer: str) -> None:
    """Choose one answer of several."""
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def fill_day(page: Page, name: str, on: date) -> None:
    """Type a day into its three boxes."""
    for part, number in (("", on.day), ("-month", on.month), ("-year", on.year)):
        page.fill(f"#{name}{part}", str(number))


def write_down_what_was_seen() -> None:
    """Let the run that asks for every page know what this one looked at."""
    if LOOKED_IN:
        (Path(LOOKED_IN) / f"{os.getpid()}.json").write_text(json.dumps(sorted(LOOKED)), encoding="utf-8")


def seen_by_every_run() -> set[tuple[str, int]]:
    """Return the paths that any run beside this one looked at, or this one did, each with the width of the window."""
    files = sorted(Path(LOOKED_IN).glob("*.json")) if LOOKED_IN else []
    return LOOKED.union(*({(path, width) for path, width in json.loads(file.read_text(encoding="utf-8"))} for file in files))


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider


def faults_of(page: Page) -> list[str]:
    """Return what axe-core finds, a line each; note that this page was looked at."""
    LOOKED.add((urlsplit(page.url).path, page.viewport_size["width"] if page.viewport_size else 0))
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(LOOK, RULES)
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']} at {[node['target'] for node in violation['nodes']][:3]}"
        for violation in found["violations"]
    ]


def keep_picture(page: Page, name: str, width: int) -> None:
    """Save a picture of the whole page under ``build/screens/``, in a window so high that what sticks to its end is there."""
    height: int = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, 900)})
    session = page.context.new_cdp_session(page)  # left to the page: one that is detached takes the page's passkeys with it
    taken = session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
    (SCREENS / f"{name}-{width}.png").write_bytes(b64decode(taken["data"]))


def looks_right(page: Page, name: str, *widths: int) -> None:
    """Look at the page as it stands, at the widths given or at both: it fits, axe finds nothing, and a picture of it is kept."""
    before = page.viewport_size
    for width in widths or WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, f"{name}: wider than {width} pixels"
        assert faults_of(page) == [], f"{name} at {width} pixels"
        keep_picture(page, name, width)
    page.set_viewport_size(before or {"width": 1280, "height": 900})
