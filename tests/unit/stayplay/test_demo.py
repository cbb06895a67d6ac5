"""The demonstration borough, however few families it is to have."""

import pytest

from stayplay.demo.year import CLOSED_ENDS, COMING, FAMILIES, OPEN_ENDS, way_of


@pytest.mark.parametrize("count", range(1, 100))
def test_the_first_family_comes_and_so_do_half_of_them(count: int) -> None:
    ways = [way_of(number, count) for number in range(count)]
    assert ways[0] in COMING
    assert 2 * sum(way in COMING for way in ways) >= count


def test_the_usual_number_goes_every_way_that_there_is() -> None:
    ways = [way_of(number, FAMILIES) for number in range(FAMILIES)]
    assert set(ways) == {*COMING, *OPEN_ENDS, *CLOSED_ENDS}
    assert [sum(way == end for way in ways) for end in OPEN_ENDS] == [OPEN_ENDS.count(end) for end in OPEN_ENDS]
