"""Copies of what another service owns, kept by its events: only what is newer is taken over.

Order on the wire is not promised and two replicas may handle two events of one thing at once, so the decision is
made by PostgreSQL, in the statement that writes.
"""

from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from chassis import clock
from chassis.database.base import BoroughRow
from chassis.database.repository import Repository

M = TypeVar("M", bound=BoroughRow)


class Copies(Repository[M], Generic[M]):
    """A repository of copies. Its model has a column ``sequence``: the version of the original that was told of."""

    def hear(self, identity: UUID, sequence: int, **values: Any) -> bool:
        """Take over what an event says of one thing; return whether it was news."""
        row = {"borough_id": self.borough_id, "id": identity, "sequence": sequence, **values}
        added = insert(self.model).values(row)
        newer = added.on_conflict_do_update(
            index_elements=[self.model.borough_id, self.model.id],
            set_={"sequence": sequence, **values, "changed_at": clock.now()},
            where=self.model.sequence < sequence,
        ).returning(self.model.id)
        return self.session.execute(newer).one_or_none() is not None
