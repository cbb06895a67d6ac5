"""Every page was looked at: whoever adds one and lets no browser look at it is told here.

pytest runs this module last of its folder, by its name; alone it has nothing to say. `make test` looks in several runs beside
each other, and runs it when they have ended: each wrote down what it looked at.
"""

from collections.abc import Mapping

import pytest
from werkzeug.exceptions import HTTPException

from stayplay.access.needs import ways
from tests.browser.eyes import LOOKED_IN, WIDTHS, seen_by_every_run
from tests.support.gateway import application

NO_PAGES: Mapping[str, str] = {
    "pages.sign_in.front": "leads on",
    "pages.branding.picture": "a picture",
    "pages.imports.template": "a file",
    "pages.join.leave": "leads away",
    "pages.records.json_file": "a file",
    "pages.records.pdf_file": "a file",
    "pages.refer.go_on": "leads on",
}
"""Addresses outside the API that show no page, each with the reason."""


@pytest.fixture(scope="module")
def looked_at() -> set[tuple[str, int]]:
    """Endpoints of the pages that axe looked at, with the width."""
    looked = seen_by_every_run()
    if not LOOKED_IN and len(looked) < 100:
        pytest.skip("the other modules of this folder were not run")
    addresses = application().url_map.bind("localhost")
    found = set()
    for path, width in looked:
        for method in ("GET", "POST"):
            try:
                found.add((addresses.match(path, method)[0], width))
            except HTTPException:
                continue
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_has_looked_at_every_page(looked_at: set[tuple[str, int]], width: int) -> None:
    pages = {way.endpoint for way in ways() if way.method == "GET" and way.endpoint.startswith("pages.")}
    never = sorted(pages - {endpoint for endpoint, at in looked_at if at == width} - NO_PAGES.keys())
    assert never == [], f"no browser looked at {', '.join(never)}"
