"""A family is erased: no word of it is left in any table of any database, whatever happens meanwhile."""

from collections.abc import Iterator

import pytest

from tests.support.looking import Looked, looked_into


@pytest.fixture(scope="module")
def story(postgres_url: str) -> Iterator[Looked]:
    with looked_into(postgres_url) as looked:
        yield looked


def test_words_are_planted_in_every_service_and_then_gone_from_every_table(story: Looked) -> None:
    family = story.family("zqvonder")
    before = story.places_of(family.mark)
    assert {place.split(".")[0] for place in before} >= {"referrals", "assessments", "sessions", "outreach"}
    assert {place.split(".")[1] for place in before} >= {"outbox", "answers", "audit", "pack_items", "person_keys", "name_words"}
    done = family.until_erased(family.erase()["id"])
    assert {one["service"]: one["state"] for one in done["services"]} == dict.fromkeys(story.whole.containers, "done")
    story.until_nothing_is_left(family.mark)
