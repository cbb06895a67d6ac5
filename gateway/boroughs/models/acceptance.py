"""Who accepted the platform's terms for a borough."""

from datetime import date
from typing import Self

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow
from gateway.boroughs.documents import document


class Acceptance(BoroughRow, Base):
    """One document that a named person accepted for the borough. Only added, never changed.

    Attributes:
        document, edition: which text, for example ``terms`` ``1``: see `gateway.boroughs.documents`.
        digest: SHA-256 of the text as it was then.
        name, role: of the person who accepted it.
        accepted_on: the day in London.
    """

    __tablename__ = "acceptances"
    __table_args__ = (UniqueConstraint("borough_id", "document", "edition"),)

    document: Mapped[str] = mapped_column(Text)
    edition: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    accepted_on: Mapped[date]

    @classmethod
    def of(cls, kind: str, edition: str, *, name: str, role: str, on: date) -> Self:
        """Return the acceptance of one edition of a document.

        Raises:
            KeyError: there is no such edition.
        """
        return cls(document=kind, edition=edition, digest=document(kind, edition).digest, name=name, role=role, accepted_on=on)
