"""A borough reads the same whether or not it is alone on the platform. pytest runs this module first of its folder, by its name."""

from collections.abc import Mapping

import pytest

from tests.support.isolation.answers import Answer
from tests.support.isolation.side_by_side import SideBySide, of_our_own_trail, reads
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)


def test_what_a_borough_reads_is_the_same_whether_or_not_another_is_there(
    boroughs: SideBySide, alone: Mapping[tuple[str, str], Answer]
) -> None:
    """Every read of every session, before the other borough was made and after it lived through a whole year's work."""
    different = []
    for operation in reads(boroughs.document):
        request = boroughs.made.request(operation)
        for who, asker in boroughs.askers.items():
            before = alone[who, operation.name].like(boroughs.known)
            now = asker.ask(operation, request)
            if of_our_own_trail(operation.address):
                before = now.like(boroughs.known)
            if now.like(boroughs.known) != before or boroughs.leaks(now):
                different.append(f"{operation.name} as {who}:\n  {before}\n  {now}")
    tell(f"{len(alone)} reads with and without a neighbour")
    assert different == [], "\n".join(different[:5])
