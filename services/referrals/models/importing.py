"""A waiting list that comes as a file: kept as it came, checked row by row, reviewed, and referred whole or not at all."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow, Versioned, within_borough

KEPT_FOR: Final = timedelta(days=14)
"""How long a file is kept under review; then it is deleted, and has to be sent again."""


class Import(Versioned, BoroughRow, Base):
    """One file of a waiting list.

    Attributes:
        file_name: as it was called; shown to those who may import, and to nobody else.
        state: see `IMPORT_STATES`.
        reading: how it was read: encoding and separator.
        headings: of its columns, as they stand in the file.
        content: the file in UTF-8 until every row lies in `ImportRow`; then nothing.
        next_line: the line of ``content`` at which the next row begins.
        total, checked: rows in the file, and how many of them were looked at.
        made_by_id, made_by_name, made_by_agency: who sent it.
        expires_at: when it is deleted, unless it is imported before.
        imported_at, imported_by_name: when its rows became referrals.
    """

    __tablename__ = "imports"
    unaudited = frozenset({"*"})  # a file's name may be a family's; what was done with it is noted by each operation
    __table_args__ = (
        Index(None, "borough_id", "created_at", "id"),
        Index("ix_imports_expires_at", "borough_id", "expires_at"),
    )

    file_name: Mapped[str]
    state: Mapped[str]
    reading: Mapped[dict[str, Any]]
    headings: Mapped[list[str]]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    next_line: Mapped[int]
    total: Mapped[int]
    checked: Mapped[int]
    made_by_id: Mapped[UUID]
    made_by_name: Mapped[str]
    made_by_agency: Mapped[str]
    expires_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    imported_by_name: Mapped[str | None]


class ImportRow(BoroughRow, Base):
    """One row of a file under review. Once it is a referral nothing of what it said is kept here.

    Attributes:
        number: the row as a spreadsheet counts it; the headings are row 1.
        cells: what it says, a text a column.
        faults: what is wrong with it, by heading; under an empty heading what is wrong with the row.
        keys: what the same family would have in another row; empty once they were held against each other.
        same_rows: the numbers of other rows that seem to be the same family.
        matches: families and referrals that seem to be the same: each with its id, its score and the reasons.
        state: ``checked``, ``left_out`` or ``imported``.
        allowed: somebody looked at what seems to be the same and wants it referred all the same.
        referral_id: what became of it.
    """

    __tablename__ = "import_rows"
    unaudited = frozenset({"*"})  # the whole file would stand in the audit trail, also what is never referred
    __table_args__ = (
        within_borough("import_id", "imports", ondelete="CASCADE"),
        UniqueConstraint("borough_id", "import_id", "number", name="uq_import_rows_number"),
    )

    import_id: Mapped[UUID]
    number: Mapped[int]
    cells: Mapped[list[str]]
    faults: Mapped[dict[str, Any]]
    keys: Mapped[list[str]]
    same_rows: Mapped[list[int]] = mapped_column(JSONB)
    matches: Mapped[list[dict[str, Any]]]
    state: Mapped[str]
    allowed: Mapped[bool]
    referral_id: Mapped[UUID | None]
