"""Service tests run services in this process, on eventlet, a real PostgreSQL and a real broker."""

from tests.support import green

green.patch()

from collections.abc import Iterator  # noqa: E402 - after the patch, as in a service's process

import pytest  # noqa: E402

from tests.support.installation import Installation, Templates, installation  # noqa: E402


@pytest.fixture(scope="session")
def templates(postgres_url: str) -> Templates:
    """Migrated databases to copy."""
    return Templates(postgres_url)


@pytest.fixture(scope="module")
def installed(templates: Templates, broker: str) -> Iterator[Installation]:
    """A fresh installation: databases of every service, keys and a broker. Nothing runs yet."""
    urls = templates.fresh()
    yield installation(urls, broker)
    templates.drop(urls)
