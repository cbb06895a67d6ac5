"""An organisation that works in a borough."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, Versioned
from chassis.errors import Conflict


class Agency(Versioned, BoroughRow, Base):
    """An organisation that works in the borough. Its kind never changes: what people may do goes by it.

    Attributes:
        retired_at: since when nobody can belong to it any more; what its people did keeps its name.
    """

    __tablename__ = "agencies"
    __table_args__ = (Index("uq_agencies_present", "borough_id", "name", unique=True, postgresql_where=text("retired_at IS NULL")),)

    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    retired_at: Mapped[datetime | None]

    def rename(self, *, version: int, name: str) -> None:
        """Take another name.

        Raises:
            Stale: somebody else saved first.
            Conflict: it is retired.
        """
        self.require_present()
        self.expect(version, yours={"name": name}, theirs={"name": self.name})
        self.name = name

    def retire(self, *, version: int, belonging: list[dict[str, Any]], now: datetime) -> None:
        """Let nobody belong to it from now on.

        Args:
            version: the version that was looked at.
            belonging: who belongs to it or is invited to, each with ``id`` and ``name``.
            now: the moment of the work.

        Raises:
            Stale: somebody else saved first.
            Conflict: it is retired, or somebody belongs to it; ``facts["belonging"]`` says who.
        """
        self.require_present()
        self.expect(version, theirs={"name": self.name})
        if belonging:
            count = "One person belongs" if len(belonging) == 1 else f"{len(belonging)} people belong"
            raise Conflict(f"{count} to this agency or is invited to. Move them to another agency first.", belonging=belonging)
        self.retired_at = now

    def require_present(self) -> None:
        """Let only a present agency pass.

        Raises:
            Conflict: it is retired.
        """
        if self.retired_at is not None:
            raise Conflict("This agency is retired. Choose another.")
