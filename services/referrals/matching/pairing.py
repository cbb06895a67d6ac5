"""Who is whom: each of one family with at most one of the other, so that as much as can be speaks for it in all."""

from collections.abc import Sequence
from functools import cache

Pairs = frozenset[tuple[int, int]]


def best(points: Sequence[Sequence[int]]) -> Pairs:
    """Return the pairs, by row and column, whose points add up to the most; nobody is paired against the evidence.

    A family has at most 6 parents and 8 children: every way is tried, each set of people that are left once.
    """
    width = len(points[0]) if points else 0

    @cache
    def from_row(row: int, taken: int) -> tuple[int, Pairs]:
        if row == len(points):
            return 0, frozenset()
        choices = [from_row(row + 1, taken)]
        for column in range(width):
            worth = points[row][column]
            if worth > 0 and not taken >> column & 1:
                rest, pairs = from_row(row + 1, taken | 1 << column)
                choices.append((rest + worth, pairs | {(row, column)}))
        return max(choices, key=lambda choice: choice[0])

    return from_row(0, 0)[1]
