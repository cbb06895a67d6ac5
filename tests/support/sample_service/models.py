"""What the sample service keeps."""

from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.contract import Event
from chassis.database import Base, BoroughRow, Versioned, within_borough
from tests.support.sample_service import contract


class Note(BoroughRow, Versioned, Base):
    """Some words, perhaps about a family."""

    __tablename__ = "notes"
    audited_as = "family_id"

    words: Mapped[str] = mapped_column(Text)
    family_id: Mapped[UUID | None]

    def added(self) -> Event:
        """Tell that the note was written."""
        return contract.NOTE_ADDED(self.id, 1, words=self.words)

    def change(self, version: int, words: str) -> None:
        """Give it new words.

        Raises:
            Stale: it was changed by somebody else first.
        """
        self.expect(version, yours={"words": words}, theirs={"words": self.words})
        self.words = words


class Remark(BoroughRow, Base):
    """Something written beside a note; it can't point at another borough's."""

    __tablename__ = "remarks"
    __table_args__ = (within_borough("note_id", "notes", ondelete="CASCADE"),)

    note_id: Mapped[UUID]
    words: Mapped[str] = mapped_column(Text)
