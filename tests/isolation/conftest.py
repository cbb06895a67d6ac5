"""Two full boroughs side by side on the whole platform, inside this process."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.support import green

green.patch()

from tests.support.installation import Templates  # noqa: E402 - what it imports is imported in a patched process
from tests.support.isolation.side_by_side import SideBySide, side_by_side  # noqa: E402
from tests.support.whole import whole_platform  # noqa: E402


@pytest.fixture(scope="session")
def boroughs(postgres_url: str) -> Iterator[SideBySide]:
    """Whoever asks is of ``here``; nothing of ``there`` may ever be seen."""
    with whole_platform(Templates(postgres_url), f"inprocess://{uuid4().hex}") as whole, side_by_side(whole, postgres_url) as both:
        yield both
