"""Changing how a borough looks: the preview follows what is typed, and comes after a submit where there is no script."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.eyes import Eyes, looks_right
from tests.browser.stage import PLUM


@pytest.fixture
def branding(eyes: Eyes) -> Iterator[Page]:
    with eyes.page("administrator", empty=True) as page:
        page.goto(eyes.address("/borough/branding", empty=True))
        yield page


def accent_of_preview(page: Page) -> str:
    found: str = page.evaluate("getComputedStyle(document.querySelector('[data-look]')).getPropertyValue('--accent').trim()")
    return found


def test_the_preview_follows_what_is_typed(branding: Page) -> None:
    assert accent_of_preview(branding) == PLUM
    branding.fill("[name=accent]", "#123456")
    branding.fill("[name=programme_name]", "Another Stay & Play")
    assert accent_of_preview(branding) == "#123456"
    assert branding.inner_text("[data-look-name]") == "Another Stay & Play"
    assert "12.7 to 1" in branding.inner_text("[data-look-contrast]")


def test_a_pale_colour_is_told_before_it_is_sent_and_refused_after(branding: Page) -> None:
    branding.fill("[name=accent]", "#ffcc00")
    assert "must be at least 4.5 to 1" in branding.inner_text("[data-look-contrast]")
    assert accent_of_preview(branding) == PLUM
    branding.get_by_role("button", name="Save", exact=True).click()
    assert "WCAG AA" in branding.inner_text(".govuk-error-summary")
    looks_right(branding, "branding-refused")


def test_a_colour_that_is_half_typed_keeps_the_preview(branding: Page) -> None:
    branding.fill("[name=accent]", "#12")
    assert accent_of_preview(branding) == PLUM


def test_the_colour_can_be_picked(branding: Page) -> None:
    branding.locator(".look-picker").fill("#004400")
    assert branding.input_value("[name=accent]") == "#004400"
    assert accent_of_preview(branding) == "#004400"


def test_without_script_the_preview_comes_after_a_submit(eyes: Eyes) -> None:
    with eyes.page("administrator", empty=True, script=False) as page:
        page.goto(eyes.address("/borough/branding", empty=True))
        assert page.locator(".look-picker").count() == 0
        page.fill("[name=accent]", "#123456")
        page.get_by_role("button", name="Show a preview").click()
        assert ".look{--accent:#123456}" in page.content()
        page.goto(eyes.address("/borough/branding", empty=True))
        assert page.input_value("[name=accent]") == PLUM


def test_a_logo_is_chosen_seen_and_taken_away(branding: Page) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (300, 100), (15, 92, 99)).save(picture, "PNG")
    branding.set_input_files("#logo", {"name": "logo.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    branding.get_by_role("button", name="Use this logo").click()
    shown = branding.locator("header img.brand__logo")
    assert shown.evaluate("image => image.complete && image.naturalWidth") == 300
    looks_right(branding, "branding-logo")
    branding.get_by_role("button", name="Show no logo").click()
    assert branding.locator("header img.brand__logo").count() == 0


def test_a_logo_that_is_refused_says_why_at_the_field(branding: Page) -> None:
    harm = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script>alert(1)</script></svg>'
    branding.set_input_files("#logo", {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": harm})
    branding.get_by_role("button", name="Use this logo").click()
    assert "<script>" in branding.inner_text("#logo-error")
    looks_right(branding, "branding-logo-refused")


def test_the_public_page_can_be_left_fast(eyes: Eyes) -> None:
    with eyes.page() as page:
        page.goto(eyes.address("/borough/about"))
        leave = page.get_by_role("link", name="Leave this page")
        assert leave.get_attribute("rel") == "noreferrer nofollow"
        assert leave.get_attribute("href") == f"/{eyes.stage.borough.slug}/leave"
        assert "Stay & Play" in page.inner_text("h1")
