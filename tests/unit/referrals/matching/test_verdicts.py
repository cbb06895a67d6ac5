"""What somebody said of two families holds until one of the two changes."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.ids import new_id
from services.referrals.models import FamilyMatch
from services.referrals.models.matching import ordered

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
BEFORE, AFTER = ("a", "b"), ("a", "changed")


def found(level: str = "likely") -> FamilyMatch:
    one, other = ordered(new_id(), new_id())
    pair = FamilyMatch(one_id=one, other_id=other, **FamilyMatch.blank(AT))
    pair.found(level, 200, [{"code": "phone", "points": 80}], BEFORE, AT, caution=False)
    return pair


def again(pair: FamilyMatch, prints: tuple[str, str], level: str = "likely") -> None:
    pair.found(level, 210, [], prints, AT + timedelta(days=1), caution=False)


def test_a_pair_is_kept_once_whichever_comes_first() -> None:
    one, other = new_id(), new_id()
    assert ordered(one, other) == ordered(other, one)
    assert ordered(one, other) == (min(one, other), max(one, other))


@pytest.mark.parametrize("verdict", ["same", "different", "not_sure"])
def test_a_verdict_holds_while_both_stay_as_they_were(verdict: str) -> None:
    pair = found()
    pair.decide(verdict, "Two cousins", BEFORE, "Ruth Osei", AT)
    again(pair, BEFORE)
    assert (pair.state, pair.decided_by, pair.note) == (verdict, "Ruth Osei", "Two cousins")
    assert pair.holds(BEFORE)


@pytest.mark.parametrize("verdict", ["same", "different", "not_sure"])
def test_it_is_asked_again_when_one_of_the_two_changed(verdict: str) -> None:
    pair = found()
    pair.decide(verdict, "Two cousins", BEFORE, "Ruth Osei", AT)
    assert not pair.holds(AFTER)
    again(pair, AFTER)
    assert (pair.state, pair.decided_by, pair.decided_at, pair.note) == ("open", None, None, None)


def test_what_speaks_for_it_no_longer_goes_off_the_list_and_comes_back_when_it_does_again() -> None:
    pair = found()
    again(pair, AFTER, "unlikely")
    assert pair.state == "gone"
    again(pair, BEFORE)
    assert pair.state == "open"


def test_somebody_who_is_not_sure_stays_not_sure_whatever_the_machine_says() -> None:
    pair = found()
    pair.decide("not_sure", None, BEFORE, "Ruth Osei", AT)
    again(pair, BEFORE, "unlikely")
    assert pair.state == "not_sure"


def test_a_pair_of_which_one_was_merged_is_settled() -> None:
    pair = found()
    pair.settled()
    assert pair.state == "gone"
