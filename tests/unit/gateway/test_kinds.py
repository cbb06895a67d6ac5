"""The kinds of a story's entries are named alike, whichever service tells them."""

import re

import pytest

from gateway.family_story import WAY
from gateway.pages.family.story import TELLERS
from services.outreach.contract import STORY_KINDS as OUTREACH
from services.sessions.contract import STORY_KINDS as SESSIONS

KINDS = sorted({*WAY, *TELLERS, *OUTREACH, *SESSIONS})


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_a_thing_and_what_happened_to_it(kind: str) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", kind)


def test_what_sessions_and_outreach_tell_has_its_place_among_things_of_one_moment() -> None:
    assert {*OUTREACH, *SESSIONS} <= set(WAY)
    assert len(WAY) == len(set(WAY))
