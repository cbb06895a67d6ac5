"""A parent who asks to join: pages read and forms sent as a browser without script does, with every page kept that was seen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import randrange
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from bs4 import BeautifulSoup

from gateway.people.seals import Seals
from stayplay.client import trusted
from tests.support.desk import until
from tests.support.installation import SECRETS
from tests.support.whole import Town, Whole

COOKIE: Final = "stayplay-join"
_SEALS: Final = Seals(SECRETS["GATEWAY_SIGNING_KEY"])
_FORM: Final[Mapping[str, str]] = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}

SPOKEN: Final = ("alt", "aria-label", "title", "placeholder", "value", "content", "data-left")
"""Attributes that are read or heard."""
BORN: Final = datetime.now(UTC).date() - timedelta(days=500)
DUE: Final = datetime.now(UTC).date() + timedelta(days=90)
ANSWERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "you": {"given_name": "Ana", "family_name": "Lopes", "relationship": "MTH"},
    "contact": {
        "channels": ["text", "email"],
        "phone": "07700 900123",
        "email": "ana@example.org",
        "times": "after 1pm",
        "must_not_know": "My brother",
    },
    "children": {
        "children-0-": "",
        "children-0-given_name": "Rui",
        **{f"children-0-born_or_due-{part}": str(getattr(BORN, part)) for part in ("day", "month", "year")},
        "children-1-": "",
        **{f"children-1-born_or_due-{part}": str(getattr(DUE, part)) for part in ("day", "month", "year")},
    },
    "home": {"line": "1 Rye Lane", "postcode": "se15 5lx"},
    "help": {"language": "Portuguese", "interpreter": "yes", "access_needs": "No steps."},
    "words": {"hopes": "I would like to meet other mums."},
}
"""What a parent may answer, by step, as a browser sends it."""


@dataclass
class Parent:
    """Somebody with a phone and no account.

    Attributes:
        seen: every page that came, by what it is.
        email: where they are written to; only so many mails go to one address.
    """

    url: str
    slug: str
    language: str = ""
    seen: dict[str, str] = field(default_factory=dict)
    email: str = str(ANSWERS["contact"]["email"])

    def __post_init__(self) -> None:
        """Open a browser, at a network address of its own."""
        there = {"X-Forwarded-For": f"2001:db8:{randrange(1, 65535):x}:{randrange(1, 65535):x}::1"}
        self.http = httpx.Client(base_url=self.url, verify=trusted(), timeout=30, follow_redirects=True, headers=there)

    def address(self, path: str) -> str:
        """Return an address of the borough, in the language that was asked for."""
        return f"/{self.slug}{path}" + (f"?language={self.language}" if self.language else "")

    def look(self, name: str, path: str = "/join") -> BeautifulSoup:
        """Open a page."""
        return self._kept(name, self.http.get(self.address(path)))

    def send(self, name: str, path: str = "/join", **answers: Any) -> BeautifulSoup:
        """Send a form with what its page carries."""
        carried = {str(one["name"]): str(one.get("value", "")) for one in self._page().select("form input[type=hidden][name]")}
        sent = {**carried, **answers}
        return self._kept(name, self.http.post(self.address(path), content=urlencode(sent, doseq=True), headers=_FORM))

    def begin(self, ago: timedelta = timedelta(minutes=4)) -> BeautifulSoup:
        """Begin, some minutes ago: nobody waits in a test for what no machine waits for."""
        self.http.cookies.clear()
        self.look("start")
        self.send("first question", go="start")
        self.began(ago)
        return self.look("first question")

    def began(self, ago: timedelta) -> None:
        """Have begun some time ago, as far as the browser knows."""
        draft, secret, _ = self.held.split("~")
        self.hold("~".join((draft, secret, _SEALS.new(datetime.now(UTC) - ago))))

    @property
    def held(self) -> str:
        """The cookie that the browser was given last; empty where it holds none."""
        return next((cookie.value or "" for cookie in reversed(list(self.http.cookies.jar)) if cookie.name == COOKIE), "")

    def hold(self, cookie: str) -> None:
        """Hold another cookie."""
        self.http.cookies.clear()
        self.http.cookies.set(COOKIE, cookie)

    def answer(self, *steps: str, **changed: Mapping[str, Any]) -> BeautifulSoup:
        """Answer steps in turn; return the page after the last."""
        for step in steps:
            own = {"email": self.email} if step == "contact" else {}
            self.send(f"after {step}", step=step, **{**ANSWERS[step], **own, **changed.get(step, {})})
        return self._page()

    def finish(self) -> BeautifulSoup:
        """Answer everything, and send it."""
        self.begin()
        self.answer(*ANSWERS)
        return self.send("sent", go="send")

    def close(self) -> None:
        """Close the browser."""
        self.http.close()

    def _page(self) -> BeautifulSoup:
        return BeautifulSoup(self._last, "html.parser")

    def _kept(self, name: str, answer: httpx.Response) -> BeautifulSoup:
        self._last, self.status = answer.text, answer.status_code
        self.seen[name] = answer.text
        return self._page()


def words_of(html: str) -> str:
    """Return everything that a person can read or hear of a page: text, names of images, labels, values, the title."""
    page = BeautifulSoup(html, "html.parser")
    for unseen in page.select("script, style"):
        unseen.decompose()
    said = [page.get_text(" "), *(str(tag[name]) for name in SPOKEN for tag in page.select(f"[{name}]"))]
    return " ".join(" ".join(said).split())


def sentences_of(html: str) -> Iterator[str]:
    """Yield what is read as sentences in the main part: headings, paragraphs, list items, labels and hints, each with its end."""
    main = BeautifulSoup(html, "html.parser").select_one("main")
    assert main is not None
    for tag in main.select("h1, h2, p, li, legend, label, .govuk-hint, dt"):
        text = " ".join(tag.get_text(" ").split())
        if text and not tag.select("p, li, h1, label, legend"):
            yield text if text[-1] in ".?!:" else f"{text}."


def taking_families(platform: Whole, name: str) -> Town:
    """Return a borough that the referrals service has heard of."""
    made = platform.borough(name, practice=True)
    somebody = Parent(platform.url, made.slug)
    until(lambda: somebody.look("start") and somebody.send("first question", go="start") and somebody.held)
    somebody.close()
    return made
