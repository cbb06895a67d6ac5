"""Every form of every page, whoever adds one: what is wrong is told in the title, above the form, and at the field."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from uuid import uuid4

import pytest

from tests.support.forms import Asked, complaints, reachable
from tests.support.installation import Templates
from tests.support.isolation.answers import Answer
from tests.support.isolation.neighbours import Neighbour, neighbour
from tests.support.isolation.pages import Browser
from tests.support.whole import whole_platform

pytestmark = pytest.mark.timeout(300)
GOES_ON = {HTTPStatus.OK, HTTPStatus.SEE_OTHER}
"""Nothing has to be answered: a search finds everything, a note may be left out."""
OVER = "This can&#39;t be done now"
"""What another form did a moment ago can't be done by this one any more: no answer in it is wrong."""


@pytest.fixture(scope="module")
def browsers(postgres_url: str) -> Iterator[Mapping[str, Browser]]:
    """A browser of everybody who works in a borough in which everything has happened."""
    with whole_platform(Templates(postgres_url), f"inprocess://{uuid4().hex}") as whole:
        here: Neighbour = neighbour(whole, "Southwark", "Doyle")
        opened = {who: Browser(whole.url, token, here.borough.slug) for who, token in here.sessions.items()}
        yield opened
        for browser in opened.values():
            browser.http.close()


@pytest.fixture(scope="module")
def forms(browsers: Mapping[str, Browser]) -> Mapping[str, tuple[Browser, Asked]]:
    found: dict[str, tuple[Browser, Asked]] = {}
    for browser in browsers.values():
        for kind, form in reachable(browser, f"/{browser.slug}/", "/account").items():
            found.setdefault(kind, (browser, form))
    return found


def told(answer: Answer) -> list[str]:
    fine = answer.status in GOES_ON and "govuk-error-summary" not in answer.body
    return [] if fine or (answer.status == HTTPStatus.CONFLICT and OVER in answer.body) else list(complaints(answer))


def lines(lacking: Mapping[str, list[str]]) -> str:
    return "\n".join(f"{kind}: {lack}" for kind, lacks in lacking.items() for lack in lacks)


def test_there_are_many(forms: Mapping[str, tuple[Browser, Asked]]) -> None:
    print(f"\n{len(forms)} kinds of forms")
    assert len(forms) > 30


def test_nonsense_is_told_above_the_form_and_at_the_field(forms: Mapping[str, tuple[Browser, Asked]]) -> None:
    typed = {kind: each for kind, each in forms.items() if each[1].typed}
    assert len(typed) > 25
    lacking = {kind: list(complaints(browser.take(form.with_nonsense()))) for kind, (browser, form) in typed.items()}
    assert lines(lacking) == "", lines(lacking)


def test_what_is_not_answered_is_told_above_the_form_and_at_the_field(forms: Mapping[str, tuple[Browser, Asked]]) -> None:
    """Runs after the other: a form in which nothing has to be answered is saved, so these come last."""
    in_order = sorted(forms.items(), key=lambda each: each[1][1].optional)
    lacking = {kind: told(browser.take(form.with_nothing())) for kind, (browser, form) in in_order}
    assert lines(lacking) == "", lines(lacking)
