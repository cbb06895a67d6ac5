"""The platform that is looked at, its boroughs, and the browser that looks."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser

from stayplay.client import Client
from tests.browser.eyes import Eyes, write_down_what_was_seen
from tests.browser.stage import Stage
from tests.support import green
from tests.support.chromium import running_chromium
from tests.support.debian import Missing
from tests.support.embedded import Embedded


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """An embedded platform with a full borough and an empty one."""
    green.refuse_if_patched()
    with TemporaryDirectory(prefix="stayplay-") as folder:
        embedded = Embedded(Path(folder) / "home")
        embedded.start()
        operator = Client(embedded.url, token=embedded.operator_token())
        yield Stage(embedded.url, operator, Path(folder) / "home" / "mail").build()
        embedded.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser to share."""
    try:
        with running_chromium() as browser:
            yield browser
    except Missing as fault:
        pytest.exit(str(fault), returncode=2)


@pytest.fixture(scope="session")
def eyes(stage: Stage, chromium: Browser) -> Iterator[Eyes]:
    """Somebody to look at pages, as any member of either borough, at any width."""
    looking = Eyes(stage, chromium)
    yield looking
    looking.close()
    write_down_what_was_seen()
