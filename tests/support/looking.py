"""The whole platform, with eyes on every table of every database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from tests.support.installation import Templates
from tests.support.planted import Planted, places_of
from tests.support.whole import Whole, whole_platform

PATIENCE_SECONDS = 30


@dataclass
class Looked:
    """The platform, and where its databases are.

    Attributes:
        whole: the platform.
        admin_url: of a superuser, whom nothing is hidden from.
        databases: the name of each service's database.
    """

    whole: Whole
    admin_url: str
    databases: dict[str, str]

    def family(self, mark: str) -> Planted:
        """Return a family that has lived through everything, with its word in every field."""
        family = Planted(self.whole, mark)
        family.live()
        return family

    def places_of(self, word: str) -> list[str]:
        """Return every column in which a word stands."""
        return places_of(word, self.admin_url, self.databases)

    def until_nothing_is_left(self, word: str) -> None:
        """Wait until a word stands nowhere: what was on its way while the others erased is erased at the end."""
        end = time.monotonic() + PATIENCE_SECONDS
        left = self.places_of(word)
        while left and time.monotonic() < end:
            time.sleep(0.3)
            left = self.places_of(word)
        assert not left, f"left: {left}"


@contextmanager
def looked_into(postgres_url: str) -> Iterator[Looked]:
    """Run the platform for the length of a ``with`` block."""
    with whole_platform(Templates(postgres_url), f"inprocess://{uuid4().hex}") as whole:
        urls = {name: container.config["settings"].database_url for name, container in whole.containers.items()}
        databases = {name: urlsplit(url).path.strip("/") for name, url in urls.items()}
        yield Looked(whole, postgres_url, databases)
