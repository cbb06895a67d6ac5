"""Pages, read and sent as a browser without scripts would: links followed, forms filled with what stands in them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer
from werkzeug.routing import Map

from tests.support.gateway import application
from tests.support.isolation.answers import Answer
from tests.support.isolation.rows import UUID

COOKIE = "stayplay"
OTHERS = 12
NOT_ANSWERS = {"csrf_token", "form_key"}
"""What a form carries that is no answer of a person."""


@cache
def url_map() -> Map:
    """Return the addresses of the application."""
    return application().url_map


@dataclass(frozen=True)
class Step:
    """A link to follow or a form to send.

    Attributes:
        fields: what the form holds, by name; None for a link.
    """

    address: str
    fields: tuple[tuple[str, str], ...] | None = None

    @property
    def kind(self) -> str:
        """What it has in common with others like it: the address and the names, without what is in them."""
        parts = urlsplit(self.address)
        names = sorted({name for name, _ in parse_qsl(parts.query)})
        asked = sorted({name for name, _ in self.fields or ()})
        return f"{'GET' if self.fields is None else 'POST'} {UUID.sub('*', parts.path)} {names} {asked}"

    def ids(self) -> list[str]:
        """Return the identifiers in it, each once, but for keys of forms."""
        answers = [value for name, value in self.fields or () if name not in NOT_ANSWERS]
        return list(dict.fromkeys(UUID.findall(" ".join([self.address, *answers]))))

    def having(self, one: str, other: str) -> "Step":
        """Return this step with another identifier in the place of one."""
        fields = None if self.fields is None else tuple((name, value.replace(one, other)) for name, value in self.fields)
        return replace(self, address=self.address.replace(one, other), fields=fields)


class Browser:
    """Somebody who is signed in and looks at pages of one borough.

    Attributes:
        read: every page that was opened on a walk, by address.
    """

    def __init__(self, url: str, token: str, slug: str) -> None:
        self.slug = slug
        self.read: dict[str, Answer] = {}
        self.http = httpx.Client(base_url=url, cookies={COOKIE: token} if token else {}, timeout=60)

    def take(self, step: Step) -> Answer:
        """Follow a link or send a form; a redirect is an answer."""
        if step.fields is None:
            answer = self.http.get(step.address)
        else:
            answer = self.http.post(step.address, content=urlencode(step.fields), headers=_FORM)
        headers = tuple((name.lower(), value) for name, value in answer.headers.multi_items())
        return Answer(answer.status_code, headers, answer.text)

    def walk(self, starts: Sequence[Step] = (), at_most: int = 400) -> dict[str, Step]:
        """Return every kind of step that can be taken from Today and ``starts`` on.

        Of each kind of link one is followed, and where that opens nothing, which a restricted record does not, up to `OTHERS` more.
        """
        seen: dict[str, Step] = {}
        tries: Counter[str] = Counter()
        waiting = [Step(f"/{self.slug}/"), *starts]
        while waiting and len(seen) < at_most:
            step = waiting.pop(0)
            if step.kind in seen and (not 0 < tries[step.kind] <= OTHERS or step.address == seen[step.kind].address):
                continue
            seen[step.kind] = step
            if step.fields is None:
                answer = self.read[step.address] = self.take(step)
                tries[step.kind] = 0 if answer.status == HTTPStatus.OK else tries[step.kind] + 1
                waiting += steps(answer.body, step.address, self.slug)
        return seen


_LEADS_ON = SoupStrainer(["a", "form"])
_FORM: Mapping[str, str] = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def steps(html: str, here: str, slug: str) -> Iterator[Step]:
    """Yield the links and forms of a page that stay in a borough."""
    page = BeautifulSoup(html, "html.parser", parse_only=_LEADS_ON)
    for link in page.select("a[href]"):
        address = str(link["href"]).partition("#")[0]
        if address.startswith(f"/{slug}"):
            yield Step(address)
    for form in page.select("form"):
        address = str(form.get("action") or here).partition("#")[0]
        if address.startswith(f"/{slug}") and form.get("method", "get").lower() == "post":  # type: ignore[union-attr]  # one value
            yield Step(address, tuple(_answers(form)))


def _answers(form: Tag) -> Iterator[tuple[str, str]]:
    """Yield what a browser would send of a form that nobody touched, and a first choice where nothing is chosen."""
    chosen = set()
    for one in form.select("input[name], textarea[name], select[name], button[name]"):
        name, kind = str(one["name"]), str(one.get("type", one.name))
        if one.name == "select":
            options = [str(option.get("value", "")) for option in one.select("option")]
            marked = [str(option.get("value", "")) for option in one.select("option[selected]")]
            yield name, next((value for value in (*marked, *options) if value), "")
        elif kind in {"radio", "checkbox"}:
            if name not in chosen:
                chosen.add(name)
                yield name, str(one.get("value", "on"))
        elif one.name == "textarea":
            yield name, one.get_text().strip()
        elif kind not in {"submit", "button", "file"}:
            yield name, str(one.get("value", ""))
