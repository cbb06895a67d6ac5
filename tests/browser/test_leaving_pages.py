"""Operators' pages of a borough on its way out, in each of its states: nothing wider than the window, nothing that axe finds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from stayplay.roster import PACKAGES
from tests.browser.eyes import Eyes, looks_right

CHECKSUM = "ab" * 32
BY = "Olu Operator"
BOROUGHS = "/api/v1/operator/boroughs"


@pytest.fixture(scope="module")
def leaving(eyes: Eyes) -> dict[str, Any]:
    """A borough that is to leave."""
    slug = f"gone-{uuid4().hex[:6]}"
    described = {
        "slug": slug, "name": "Gone", "gss_code": "E09000028", "programme_name": "Gone Stay & Play", "practice": True,
        "agencies": [{"name": "CAMHS", "kind": "camhs"}], "administrator": {"name": "Ada Minister", "email": f"ada@{slug}.example"},
    }  # fmt: skip
    return eyes.stage.operator.post(BOROUGHS, described)


@pytest.fixture(scope="module")
def operator(eyes: Eyes) -> Iterator[Page]:
    context = eyes.browser.new_context()
    context.set_default_timeout(8000)
    page = context.new_page()
    page.goto(f"{eyes.stage.url}/operator/sign-in")
    page.fill("[name=token]", eyes.stage.operator.token)
    page.locator("main button[type=submit]").click()
    yield page
    context.close()


def test_the_whole_way_out_looks_right(eyes: Eyes, operator: Page, leaving: dict[str, Any]) -> None:
    address, api = f"{eyes.stage.url}/operator/leaving/{leaving['id']}", f"{BOROUGHS}/{leaving['id']}"
    operator.goto(address)
    assert "Suspend it on its page" in operator.inner_text("main")
    looks_right(operator, "leaving-at-work")
    eyes.stage.operator.post(f"{api}/suspend", {"reason": "It leaves"})
    rows = {service: {"families": 3, "audit": 12} for service in PACKAGES}
    made = {"manifest_checksum": CHECKSUM, "made_at": datetime.now(UTC).isoformat(), "by": BY, "rows": rows}
    eyes.stage.operator.post(f"{api}/export", made)
    operator.goto(address)
    for name, typed in (("manifest_checksum", CHECKSUM), ("slug", leaving["slug"]), ("slug_again", "another"), ("by", BY)):
        operator.fill(f"[name={name}]", typed)
    operator.get_by_role("button", name="Erase Gone").click()
    assert "this is another name than above" in operator.inner_text(".govuk-error-summary")
    looks_right(operator, "leaving-refused")
    operator.fill("[name=slug_again]", leaving["slug"])
    operator.get_by_role("button", name="Erase Gone").click()
    assert "stayplay borough erase" in operator.inner_text("main")
    looks_right(operator, "leaving-erasing")
    left = {service: {"families": 0} for service in PACKAGES}
    eyes.stage.operator.post(f"{api}/certificate", {"left": left, "audit_erased": {service: {"audit": 12} for service in PACKAGES}})
    operator.goto(address)
    looks_right(operator, "leaving-erased")
    operator.get_by_role("button", name="See the certificate").click()
    assert "Every row of this borough was deleted" in operator.inner_text("main")
    looks_right(operator, "certificate")
    operator.goto(f"{eyes.stage.url}/operator/leaving")
    assert leaving["slug"] in operator.inner_text("main")
    looks_right(operator, "leaving-list")


def test_a_stranger_sees_none_of_it(eyes: Eyes, leaving: dict[str, Any]) -> None:
    with eyes.page() as page:
        for path in ("leaving", f"leaving/{leaving['id']}", f"leaving/{leaving['id']}/certificate"):
            page.goto(f"{eyes.stage.url}/operator/{path}")
            assert "/operator/sign-in" in page.url
            assert "Gone" not in page.content()
