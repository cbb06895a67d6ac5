"""The whole platform, once for everything that is done with records here."""

from collections.abc import Iterator

import pytest

from tests.support.looking import Looked, looked_into


@pytest.fixture(scope="package")
def story(postgres_url: str) -> Iterator[Looked]:
    with looked_into(postgres_url) as looked:
        yield looked
