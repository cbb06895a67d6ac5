"""A borough that takes families, on the whole platform inside this process, and the mails that leave it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support import green

green.patch()

from tests.support.installation import Templates  # noqa: E402 - what it imports is imported in a patched process
from tests.support.parents import Parent, taking_families  # noqa: E402 - as above
from tests.support.whole import Town, Whole, whole_platform  # noqa: E402 - as above


@pytest.fixture(scope="session")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where mails arrive."""
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="session")
def platform(postgres_url: str, mailbox: Path) -> Iterator[Whole]:
    """Every service."""
    with whole_platform(Templates(postgres_url), f"inprocess://{uuid4().hex}", MAIL_URL=mailbox.as_uri(), PROXIES="1") as whole:
        yield whole


@pytest.fixture(scope="session")
def town(platform: Whole) -> Town:
    """A borough that takes families."""
    return taking_families(platform, "Southwark")


@pytest.fixture(scope="session")
def lambeth(platform: Whole) -> Town:
    """Another one."""
    return taking_families(platform, "Lambeth")


@pytest.fixture
def parent(town: Town) -> Iterator[Parent]:
    """Somebody with a phone and no account."""
    somebody = Parent(town.whole.url, town.slug, email=f"ana-{uuid4().hex[:8]}@example.org")
    yield somebody
    somebody.close()
