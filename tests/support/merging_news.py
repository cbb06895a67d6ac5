"""News of merges, as referrals tells the other services of them."""

from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from chassis.events.envelope import Envelope
from chassis.ids import new_id
from services.referrals.contract import FAMILY_MERGED
from tests.support.hall import FIRST, Hall, moment

_NUMBERS = count()


@dataclass
class Merging:
    """A merge of two families, as referrals tells of it."""

    hall: Hall
    into: dict[str, Any]
    other: dict[str, Any]
    id: UUID

    def told(self, *, undone: bool = False, restriction: dict[str, Any] | None = None) -> Envelope:
        """Let the services hear of it, or of its end."""
        people = [
            {"merged": theirs["id"], "into": ours["id"]}
            for side in ("parents", "children")
            for theirs, ours in zip(self.other[side], self.into[side], strict=False)
        ]
        facts = {"family_id": self.into["family_id"], "merged_id": self.other["family_id"], "at": moment(FIRST, 9), "undone": undone}
        event = FAMILY_MERGED(self.id, 2 if undone else 1, **facts, people=people, restriction=restriction)
        return self.hall.post.deliver(self.hall.borough_id, event, at=moment(self.hall.today, 12))


def merging(hall: Hall, into: dict[str, Any], other: dict[str, Any]) -> Merging:
    """Return a merge that was decided on after every other; ids begin with their millisecond."""
    return Merging(hall, into, other, UUID(int=new_id().int + (next(_NUMBERS) << 80)))
