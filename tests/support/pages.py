"""Pages outside a browser: somebody who looks, and what holds for every page."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID, uuid4

from bs4 import BeautifulSoup, Tag
from werkzeug.wrappers import Response

from gateway.access.visitor import Borough, Member, Visitor

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ME = UUID("01a20000-0000-7000-8000-000000000001")
Looking = Callable[..., AbstractContextManager[None]]


def visitor(*roles: str, kind: str = "", practice: bool = False) -> Visitor:
    borough = Borough(uuid4(), "southwark", "Southwark", "Southwark Stay & Play", practice=practice, policy={}, version=1)
    member = Member(uuid4(), 1, roles, uuid4(), "CAMHS", kind)
    return Visitor(uuid4(), ME, "Amina Khan", "amina@example.org", borough, member)


class Seen:
    """A part of a page: what it says and holds."""

    def __init__(self, tag: Tag) -> None:
        self._tag = tag

    def __getitem__(self, attribute: str) -> str:
        return str(self._tag[attribute])

    @property
    def text(self) -> str:
        """What it says."""
        return self._tag.get_text()

    @property
    def words(self) -> str:
        """What it says, with one blank between words."""
        return " ".join(self.text.split())

    def one(self, selector: str) -> "Seen":
        """Return the first part that the selector finds; there must be one."""
        found = self._tag.select_one(selector)
        assert found is not None, f"nothing at {selector}"
        return Seen(found)

    def all(self, selector: str) -> "list[Seen]":
        """Return every part that the selector finds."""
        return [Seen(found) for found in self._tag.select(selector)]

    def has(self, attribute: str) -> bool:
        """Tell whether it has an attribute."""
        return self._tag.has_attr(attribute)


def seen(response: Response) -> Seen:
    """Return a page, having checked what holds for every one of them."""
    page = Seen(BeautifulSoup(response.get_data(as_text=True), "html.parser"))
    ids = [tag["id"] for tag in page.all("[id]")]
    assert len(ids) == len(set(ids)), f"an id twice: {sorted(one for one in ids if ids.count(one) > 1)}"
    assert len(page.all("h1")) == 1
    assert page.one("html")["lang"] == "en"
    assert page.all("main#main")
    assert page.one("a.govuk-skip-link")["href"] == "#main"
    for form in page.all("form[method=post]"):
        assert form.all("input[name=csrf_token]")
        reads = form.has("role") and form["role"] == "search"
        if not reads and not any(part in form["action"] for part in ("sign-in", "sign-out", "invitation/")):
            assert form.one("input[name=form_key]")["value"]
    for field in page.all("input:not([type=hidden]), select, textarea"):
        assert page.all(f'label[for="{field["id"]}"]'), field["id"]
    return page
