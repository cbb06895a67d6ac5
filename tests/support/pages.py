"""Pages outside a browser: somebody who looks, and what holds for every page."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

from bs4 import BeautifulSoup
from flask import Response

from gateway.access.visitor import Borough, Member, Visitor

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ME = UUID("01a20000-0000-7000-8000-000000000001")
Looking = Callable[..., object]


def visitor(*roles: str, kind: str = "", practice: bool = False) -> Visitor:
    borough = Borough(uuid4(), "southwark", "Southwark", "Southwark Stay & Play", practice=practice, policy={}, version=1)
    member = Member(uuid4(), 1, roles, uuid4(), "CAMHS", kind)
    return Visitor(uuid4(), ME, "Amina Khan", "amina@example.org", borough, member)


def soup(response: Response) -> BeautifulSoup:
    """Return a page, having checked what holds for every one of them."""
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)), f"an id twice: {sorted(one for one in ids if ids.count(one) > 1)}"
    assert len(page.select("h1")) == 1
    assert page.html["lang"] == "en"
    assert page.select_one("main#main")
    assert page.select_one("a.govuk-skip-link")["href"] == "#main"
    for form in page.select("form[method=post]"):
        assert form.select_one("input[name=csrf_token]") is not None, form
        if form.find_parent(class_="menu__sheet") is None and "sign-in" not in form["action"]:
            assert form.select_one("input[name=form_key]")["value"], form
    for field in page.select("input:not([type=hidden]), select, textarea"):
        assert page.select_one(f'label[for="{field["id"]}"]'), f"no label: {field}"
    return page
