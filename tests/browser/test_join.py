"""A parent asks to join: on a phone with script, on a computer without, leaving half-way; and what is left in the browser of it.

What *Leave this page* leads to is answered here: no test reaches out of the machine.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.eyes import Eyes, looks_right
from tests.support.chromium import FLAGS
from tests.support.debian import program

WEATHER = "https://www.bbc.co.uk/weather"
BORN = date.today() - timedelta(days=500)


@contextmanager
def parent(eyes: Eyes, width: int, *, script: bool = True) -> Iterator[Page]:
    """Open the browser of somebody without an account, who knows our address from a poster."""
    context = eyes.browser.new_context(java_script_enabled=script, viewport={"width": width, "height": 844})
    context.set_default_timeout(8000)
    context.route("https://www.bbc.co.uk/**", weather)
    yield context.new_page()
    context.close()


def weather(route: Route) -> None:
    route.fulfill(body="<title>Weather</title><h1>Sunny spells</h1>", content_type="text/html")


def look(page: Page, name: str, width: int) -> None:
    """Look at a page as everybody has to be able to: nothing wider than the window, nothing that axe finds."""
    looks_right(page, f"join-{name}", width)


def go_on(page: Page) -> None:
    page.locator("main form .govuk-button--wide").click()


def who(page: Page) -> None:
    page.get_by_label("Your first name").fill("Ana")
    page.get_by_label("Your last name").fill("Lopes")
    page.get_by_label("Mum", exact=True).check()
    go_on(page)


def how(page: Page) -> None:
    page.get_by_label("Text message").check()
    page.get_by_label("Your phone number").fill("07700 900123")
    go_on(page)


def whom(page: Page) -> None:
    page.get_by_label("Your child's first name").fill("Rui")
    for part, number in (("Day", BORN.day), ("Month", BORN.month), ("Year", BORN.year)):
        page.get_by_label(part, exact=True).fill(str(number))
    go_on(page)


def titled(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_have_text(words)


def send(page: Page) -> str:
    """Press Send, again where it was too quick for a person, and return the number that comes."""
    button, number = page.get_by_role("button", name="Send", exact=True), page.locator(".reference")
    button.click()
    expect(number.or_(page.locator(".govuk-error-summary"))).to_be_visible()
    for _ in range(20):
        if number.count():
            break
        page.wait_for_timeout(500)  # as a person who reads what is said before pressing again
        if button.count():
            button.click()
    return page.locator(".reference").inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_parent_asks_to_join_and_leaves_one_entry_in_history(eyes: Eyes, width: int) -> None:
    with parent(eyes, width) as page:
        page.goto(eyes.stage.url + "/sign-in")
        page.goto(eyes.address("/borough/join"))
        entries = page.evaluate("history.length")
        look(page, "start", width)
        go_on(page)
        titled(page, "What is your name?")
        go_on(page)
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        look(page, "mistakes", width)
        who(page)
        titled(page, "How can we reach you safely?")
        expect(page.get_by_label("Your phone number")).to_be_hidden()
        page.get_by_label("Phone call").check()
        expect(page.get_by_label("Your phone number")).to_be_visible()
        page.get_by_label("Phone call").uncheck()
        look(page, "contact", width)
        how(page)
        titled(page, "Who would you bring?")
        look(page, "children", width)
        whom(page)
        for title in ("Where do you live?", "What would help you to come?", "Is there more you want to say?"):
            titled(page, title)
            look(page, title.split(maxsplit=1)[0].lower(), width)
            go_on(page)
        titled(page, "Check what you wrote")
        look(page, "check", width)
        assert len(send(page)) == 9
        look(page, "sent", width)
        assert (page.evaluate("history.length"), page.url) == (entries, eyes.address("/borough/join"))
        page.get_by_role("link", name="Finish and leave").click()
        page.wait_for_url(WEATHER)
        assert (page.evaluate("history.length"), page.context.cookies(eyes.stage.url)) == (entries, [])
        page.go_back()
        assert page.url.endswith("/sign-in"), "what was open before us comes back, and nothing of ours"


@pytest.mark.parametrize("width", [390, 1280])
def test_all_of_it_works_without_script(eyes: Eyes, width: int) -> None:
    with parent(eyes, width, script=False) as page:
        page.goto(eyes.address("/borough/join"))
        go_on(page)
        who(page)
        how(page)
        page.get_by_role("button", name="Add another child").click()
        page.get_by_role("button", name="Take out child 2").click()
        whom(page)
        page.get_by_role("button", name="Back").click()
        expect(page.get_by_label("Your child's first name")).to_have_value("Rui")
        for _ in range(4):
            go_on(page)
        titled(page, "Check what you wrote")
        look(page, "check-without-script", width)
        page.get_by_role("button", name="Change What is your name?").click()
        page.get_by_label("Your first name").fill("Anna")
        go_on(page)
        expect(page.locator(".checked").first).to_contain_text("Anna")
        assert len(send(page)) == 9
        look(page, "sent-without-script", width)


def test_leaving_without_script_leaves_the_first_page_and_no_answer(eyes: Eyes) -> None:
    with parent(eyes, 390, script=False) as page:
        page.goto(eyes.address("/borough/join"))
        go_on(page)
        who(page)
        how(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
        page.get_by_role("link", name="Leave this page").click(no_wait_after=True)
        expect(page).not_to_have_url(eyes.address("/borough/join"))
        assert asked[:2] == [eyes.address("/borough/leave"), WEATHER]
        assert page.context.cookies(eyes.stage.url) == []
        while page.url != "about:blank":
            page.go_back()
            said = page.content()
            assert not any(word in said for word in ("Ana", "Lopes", "07700"))
            if page.url.endswith("/join"):
                titled(page, "Come and play with us")
                break


def test_three_presses_of_shift_leave_in_the_middle_of_a_word(eyes: Eyes) -> None:
    with parent(eyes, 1280) as page:
        page.goto(eyes.stage.url + "/sign-in")
        page.goto(eyes.address("/borough/join"))
        go_on(page)
        page.get_by_label("Your first name").press_sequentially("ANA")
        page.keyboard.press("Shift")
        expect(page.locator(".leaving")).to_have_text("Press Shift 2 more times to leave.")
        page.keyboard.press("a")
        expect(page.locator(".leaving")).to_be_empty()
        for _ in range(3):
            page.keyboard.press("Shift")
        page.wait_for_url(WEATHER)
        page.wait_for_function("document.title === 'Weather'")
        assert page.context.cookies(eyes.stage.url) == []
        page.go_back()
        assert page.url.endswith("/sign-in")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_beside_it_can_be_read_by_everybody(eyes: Eyes, width: int) -> None:
    with parent(eyes, width) as page:
        page.goto(eyes.address("/borough/join"))
        entries = page.evaluate("history.length")
        page.get_by_role("link", name="Hide your visit", exact=True).click()
        titled(page, "How to hide your visit")
        assert page.evaluate("history.length") == entries
        look(page, "hide", width)
        page.goto(eyes.address("/borough/about"))
        look(page, "about", width)
        page.get_by_role("link", name="Ask to join").click()
        go_on(page)
        who(page)
        page.get_by_role("link", name="Come back later").click()
        titled(page, "Come back later")
        look(page, "later", width)
        page.get_by_label("Your word").fill("sunflower")
        go_on(page)
        titled(page, "Your link")
        link = page.locator("#link").input_value().strip()
        look(page, "link", width)
        page.context.clear_cookies()
        page.goto(eyes.stage.url + link[link.index(f"/{eyes.stage.borough.slug}/") :])
        look(page, "back", width)
        page.get_by_label("Your word").fill("sunflower")
        go_on(page)
        titled(page, "How can we reach you safely?")


@pytest.mark.parametrize("script", [True, False])
def test_the_list_of_visited_pages_keeps_our_address_and_nothing_written(eyes: Eyes, tmp_path: Path, *, script: bool) -> None:
    """What no page can take away is as little as can be, and what *Hide your visit* says it is."""
    with profiled(eyes, tmp_path, script=script) as page:
        page.goto(eyes.address("/borough/join"))
        go_on(page)
        who(page)
        titled(page, "How can we reach you safely?")
        page.get_by_role("link", name="Leave this page").click(no_wait_after=True)
        expect(page).not_to_have_url(eyes.address("/borough/join"))
    visited = set(rows_of(tmp_path / "Default" / "History", "SELECT url FROM urls"))
    ours = {url for url in visited if url.startswith(eyes.stage.url)}
    assert eyes.address("/borough/join") in ours
    assert ours <= {eyes.address("/borough/join"), *([] if script else [eyes.address("/borough/leave")])}
    assert rows_of(tmp_path / "Default" / "Web Data", "SELECT value FROM autofill") == []


@contextmanager
def profiled(eyes: Eyes, folder: Path, *, script: bool) -> Iterator[Page]:
    """Open a browser that keeps what browsers keep, in a folder."""
    context = eyes.browser.browser_type.launch_persistent_context(
        folder,
        executable_path=program("chromium", package="chromium"),
        args=["--headless=new", *FLAGS[1:]],
        headless=False,
        java_script_enabled=script,
    )
    context.set_default_timeout(8000)
    context.route("https://www.bbc.co.uk/**", weather)
    yield context.new_page()
    context.close()


def rows_of(database: Path, query: str) -> list[str]:
    """Return the first column of what a browser kept."""
    with closing(sqlite3.connect(database)) as kept:
        return [str(row[0]) for row in kept.execute(query)]
