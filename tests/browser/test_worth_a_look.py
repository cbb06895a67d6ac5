"""Every page was looked at: whoever adds one and lets no browser look at it is told here.

pytest runs this module last of its folder, by its name; alone it has nothing to say.
"""

from collections.abc import Mapping

import pytest
from werkzeug.exceptions import HTTPException

from stayplay.access.needs import ways
from tests.browser.eyes import LOOKED, WIDTHS
from tests.support.gateway import application

NO_PAGES: Mapping[str, str] = {
    "pages.sign_in.front": "leads on",
    "pages.branding.picture": "a picture",
}
"""Addresses outside the API that show no page, each with the reason."""


@pytest.fixture(scope="module")
def looked_at() -> set[tuple[str, int]]:
    """Endpoints of the pages that axe looked at, with the width."""
    if len(LOOKED) < 100:
        pytest.skip("the other modules of this folder were not run")
    addresses = application().url_map.bind("localhost")
    found = set()
    for path, width in LOOKED:
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
