"""What was heard of a family, in whatever order it was heard."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from chassis.ids import new_id
from services.outreach.models import Standing
from tests.support.reaching import BOROUGH, WEEK, at


def nothing_heard() -> Standing:
    """Return what is known of a family of which nothing was heard."""
    return Standing(borough_id=BOROUGH, id=new_id(), **Standing.blank())


def test_only_newer_news_of_attendance_is_taken_over() -> None:
    standing = nothing_heard()
    assert standing.heard(3, 2)
    assert not standing.heard(2, 1)
    assert not standing.heard(3, 5)
    assert (standing.sequence, standing.missed) == (3, 2)


@given(st.permutations([(1, 0), (2, 1), (3, 2), (4, 0), (5, 1)]))
def test_in_whatever_order_it_comes_the_last_news_stands(news: list[tuple[int, int]]) -> None:
    standing = nothing_heard()
    for sequence, missed in news:
        standing.heard(sequence, missed)
    assert (standing.sequence, standing.missed) == (5, 1)


def test_a_family_awaits_joining_until_it_came_or_left() -> None:
    standing = nothing_heard()
    assert standing.awaits_joining(at())
    standing.settled(at() + WEEK)
    assert not standing.awaits_joining(at())


def test_a_family_that_is_accepted_again_awaits_joining_again() -> None:
    standing = nothing_heard()
    standing.settled(at())
    assert standing.awaits_joining(at() + WEEK)


@given(st.permutations([at(), at() + WEEK, at() + 2 * WEEK]))
def test_the_latest_moment_at_which_it_settled_stands(moments: list[datetime]) -> None:
    standing = nothing_heard()
    for moment in moments:
        standing.settled(moment)
    assert standing.settled_at == at() + 2 * WEEK


def test_a_family_has_no_place_at_sessions_before_its_place_ended() -> None:
    standing = nothing_heard()
    assert standing.has_place_at(at())
    standing.ended(at())
    assert not standing.has_place_at(at() - WEEK)
    assert standing.has_place_at(at() + WEEK)
    assert not standing.awaits_joining(at() - WEEK)
