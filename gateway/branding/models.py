"""How a borough shows itself to its people and to families."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import clock
from chassis.database import Base, BoroughRow, Versioned
from gateway.branding.logo import Logo
from gateway.contract.colours import DEFAULT_ACCENT


class Branding(Versioned, BoroughRow, Base):
    """The borough's own face, one row a borough: its ``id`` is the borough's.

    Attributes:
        accent: colour of its pages, ``#rrggbb``; white words can be read on it.
        address, email, phone: where families find and reach the programme; each may be empty.
        privacy_notice: what the borough does with what it is told, in its own words; may be empty.
        logo, logo_type, logo_hash: the cleaned picture, what it is (``image/png`` or ``image/svg+xml``), and the
            SHA-256 of its bytes, which names it in addresses. All None where there is none.
        checked_at, checked_by: when an administrator last looked at the public page as it is now and found it right.
    """

    __tablename__ = "brandings"

    accent: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    privacy_notice: Mapped[str] = mapped_column(Text)
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    logo_type: Mapped[str | None] = mapped_column(Text)
    logo_hash: Mapped[str | None] = mapped_column(Text)
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[UUID | None]

    @classmethod
    def of_new_borough(cls, borough_id: UUID, accent: str = DEFAULT_ACCENT) -> Self:
        """Return the branding of a borough that has just come: a colour, and nothing to read yet."""
        return cls(borough_id=borough_id, id=borough_id, accent=accent, address="", email="", phone="", privacy_notice="")

    def change(self, version: int, former_name: str, *, programme_name: str, **face: Any) -> None:
        """Take a new face; what anybody reads has to be looked at again.

        Args:
            version: that the change was made on.
            former_name: what the programme was called until now.
            programme_name: what it is to be called; kept with the borough.
            face: colour, contacts and privacy notice; one that is None becomes empty.

        Raises:
            Stale: somebody else saved first.
        """
        complete = {name: value or "" for name, value in face.items()}
        mine = {name: getattr(self, name) for name in complete}
        self.expect(version, yours={"programme_name": programme_name, **complete}, theirs={"programme_name": former_name, **mine})
        for name, value in complete.items():
            setattr(self, name, value)
        self.changed_at = clock.now()  # counts a version also where nothing but the programme's name is new, which is kept elsewhere
        self.checked_at = self.checked_by = None

    def take_logo(self, logo: Logo | None) -> None:
        """Show another logo, or none."""
        self.logo = logo.content if logo else None
        self.logo_type = logo.media_type if logo else None
        self.logo_hash = logo.hash if logo else None
        self.checked_at = self.checked_by = None

    def check(self, version: int, by: UUID, now: datetime) -> None:
        """Note that somebody found the public page right as it is.

        Raises:
            Stale: it was changed since they looked.
        """
        self.expect(version)
        self.checked_at, self.checked_by = now, by
