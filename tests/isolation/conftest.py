"""Two full boroughs side by side on the whole platform, inside this process."""

from collections.abc import Iterator, Mapping
from uuid import uuid4

import pytest

from tests.support import green

green.patch()

from werkzeug.routing import Rule  # noqa: E402 - what it imports is imported in a patched process

from tests.support.at_once import at_once  # noqa: E402 - as above
from tests.support.hooks import receiver  # noqa: E402 - as above
from tests.support.installation import Templates  # noqa: E402 - as above
from tests.support.isolation.answers import Answer  # noqa: E402 - as above
from tests.support.isolation.pages import Browser, Step, url_map  # noqa: E402 - as above
from tests.support.isolation.side_by_side import ALONE, CURSORS, SideBySide, side_by_side  # noqa: E402 - as above
from tests.support.isolation.telling import TOLD  # noqa: E402 - as above
from tests.support.whole import whole_platform  # noqa: E402 - as above


@pytest.fixture(scope="session")
def boroughs(request: pytest.FixtureRequest, postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SideBySide]:
    """Whoever asks is of ``here``; nothing of ``there`` may ever be seen."""
    asked = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    mails = tmp_path_factory.mktemp("mails").as_uri()
    broker = f"inprocess://{uuid4().hex}"
    with (
        receiver() as hook,
        whole_platform(Templates(postgres_url), broker, MAIL_URL=mails) as whole,
        side_by_side(whole, postgres_url, hook.url, asked) as both,
    ):
        yield both


@pytest.fixture(scope="session")
def browsers(boroughs: SideBySide) -> Iterator[Mapping[str, Browser]]:
    """A browser of everybody who asks."""
    opened = {who: Browser(boroughs.whole.url, asker.token, asker.slug) for who, asker in boroughs.askers.items()}
    yield opened
    for browser in opened.values():
        browser.http.close()


@pytest.fixture(scope="session")
def walked(browsers: Mapping[str, Browser]) -> Mapping[str, Mapping[str, Step]]:
    """Every kind of link and form that each of our people can reach, from every page that needs no identifier to be opened.

    What they read on the way stands in their browsers.
    """
    plain = sorted(rule.rule for rule in url_map().iter_rules() if is_plain(rule))

    def walk(who: str) -> tuple[str, dict[str, Step]]:
        browser = browsers[who]
        return who, browser.walk([Step(rule.replace("<borough>", browser.slug)) for rule in plain])

    return dict(at_once(walk, browsers))


def is_plain(rule: Rule) -> bool:
    """Tell whether an address is that of a page of a borough, and names nothing in it."""
    return rule.endpoint.startswith("pages.") and rule.arguments == {"borough"} and "GET" in (rule.methods or set())


@pytest.fixture(name=ALONE)
def read_alone(boroughs: SideBySide) -> Mapping[tuple[str, str], Answer]:
    """What everybody of ``here`` read before the other borough was there, by who it was and the operation."""
    return boroughs.alone


@pytest.fixture(name=CURSORS)
def their_cursors(boroughs: SideBySide) -> Mapping[tuple[str, str], str]:
    """Cursors of the first page of each list there, by who was given it and the operation."""
    return boroughs.cursors


@pytest.fixture(autouse=True)
def just_confirmed(request: pytest.FixtureRequest) -> None:
    """Whoever asks in a test has shown a moment ago who they are, and nobody waits for what another test asked."""
    if "boroughs" in request.fixturenames:
        boroughs = request.getfixturevalue("boroughs")
        boroughs.confirm_ours()
        boroughs.calm()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was tried."""
    if TOLD:
        terminalreporter.section("tried across boroughs")
        for line in TOLD:
            terminalreporter.write_line(line)
