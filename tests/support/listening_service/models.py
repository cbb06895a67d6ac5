"""What the listening service keeps."""

from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow


class Heard(BoroughRow, Base):
    """Words that were heard, with the event that brought them. Nothing here stops a second row for one event: the inbox must."""

    __tablename__ = "heard"

    event_id: Mapped[UUID]
    words: Mapped[str] = mapped_column(Text)


class Copy(BoroughRow, Base):
    """The words of a note as they last were."""

    __tablename__ = "copies"

    sequence: Mapped[int]
    words: Mapped[str] = mapped_column(Text)


class Beat(BoroughRow, Base):
    """The timer was here."""

    __tablename__ = "beats"

    timer: Mapped[str] = mapped_column(Text)
