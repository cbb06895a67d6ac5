"""A waiting list that comes as a file: kept as it came, checked row by row, reviewed, and referred whole or not at all."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.caller import Caller
from chassis.contract import Event
from chassis.database import Base, BoroughRow, Versioned, within_borough
from chassis.errors import Conflict, InvalidTransition
from chassis.ids import new_id
from chassis.sheets import Sheet
from services.referrals.contract.importing import IMPORT_STATES, IMPORT_STEPPED, OF_MANY

KEPT_FOR: Final = timedelta(days=14)
"""How long a file is kept under review, and how long an import can be undone; then it is deleted."""


class Import(Versioned, BoroughRow, Base):
    """One file of a waiting list.

    Attributes:
        file_name: as it was called; shown to those who may import, and to nobody else.
        state: see `IMPORT_STATES`.
        reading: how it was read: ``encoding``, ``separator``, and the ``number`` of the next row.
        headings: of its columns, as they stand in the file.
        content: the file in UTF-8 until every row lies in `ImportRow`; then nothing.
        next_line: the line of ``content`` at which the next row begins.
        total, checked: rows in the file, and how many of them were looked at.
        made_by_id, made_by_name, made_by_agency: who sent it.
        expires_at: when it is deleted.
        imported_at, imported_by_id, imported_by_name, imported_by_agency: when its rows became referrals, and who wanted it.
        imported_by_roles, imported_from: acting as what, and from which network address: for the audit trail.
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
    imported_by_id: Mapped[UUID | None]
    imported_by_name: Mapped[str | None]
    imported_by_agency: Mapped[str | None]
    imported_by_roles: Mapped[list[str]] = mapped_column(JSONB, default=list)
    imported_from: Mapped[str] = mapped_column(default="")

    @classmethod
    def of(cls, file_name: str, sheet: Sheet, total: int, by: Caller, at: datetime) -> "Import":
        """Return a file that was just sent."""
        return cls(
            borough_id=by.borough_id, id=new_id(), version=1, file_name=file_name, state="checking",
            reading={"encoding": sheet.encoding, "separator": sheet.separator, "number": sheet.first_number},
            headings=list(sheet.headings), content=sheet.text.encode(), next_line=sheet.first_line, total=total, checked=0,
            made_by_id=by.person_id, made_by_name=by.person_name, made_by_agency=by.agency_name, expires_at=at + KEPT_FOR,
        )  # fmt: skip

    def stepped(self) -> Event:
        """Return the event that has some more done."""
        return IMPORT_STEPPED(self.id, self.version, import_id=self.id)

    def looked_at(self, rows: int, next_line: int, next_number: int) -> None:
        """Note how far its rows were looked at; each step counts the version up once, so that only the last step's event is acted on."""
        self.version += 1
        self.checked += rows
        self.next_line, self.reading = next_line, {**self.reading, "number": next_number}

    def begin_review(self) -> None:
        """Let somebody decide on its rows, which hold all that it said."""
        self.version += 1
        self.state, self.content = "review", None

    def move(self, version: int, to: str, *allowed: str) -> None:
        """Move it from one of the ``allowed`` states.

        Raises:
            Stale: it moved since ``version``.
            InvalidTransition: it stands elsewhere.
        """
        self._require(version, *allowed)
        self.state = to
        self.version += 1

    def _require(self, version: int, *allowed: str) -> None:
        self.expect(version, theirs={"state": self.state})
        if self.state not in allowed:
            raise InvalidTransition(f"This can't be done: the file is at \u201c{IMPORT_STATES[self.state]}\u201d.")

    def begin_importing(self, version: int, by: Caller, waiting: int, ready: int) -> Event:
        """Have every row that is ready referred.

        Raises:
            Stale, InvalidTransition: as `move`.
            Conflict: rows wait for a decision, or none is left to refer.
        """
        self._require(version, "review")
        if waiting or not ready:
            raise Conflict(
                "Every row has to be ready or left out first. Decide on those that are not." if waiting else "There is no row to refer."
            )
        self.move(version, "importing", "review")
        self.imported_by_id, self.imported_by_name, self.imported_by_agency = by.person_id, by.person_name, by.agency_name
        self.imported_by_roles, self.imported_from = list(by.roles), by.address
        return self.stepped()

    def finish(self, at: datetime) -> None:
        """Note that its rows are referrals now."""
        self.version += 1
        self.state, self.imported_at, self.expires_at = "imported", at, at + KEPT_FOR

    def on_behalf(self) -> Caller:
        """Return as whom its rows are referred: whoever wanted it imported; before that, whoever sent it."""
        person = self.imported_by_id or self.made_by_id
        return Caller(
            borough_id=self.borough_id, person_id=person, member_id=person, person_name=self.imported_by_name or self.made_by_name,
            agency_name=(self.imported_by_agency if self.imported_by_id else self.made_by_agency) or "",
            roles=tuple(self.imported_by_roles or ()), address=self.imported_from or "",
        )  # fmt: skip


class ImportRow(BoroughRow, Base):
    """One row of a file under review. Once it is a referral nothing of what it said is kept here.

    Attributes:
        number: the row as a spreadsheet counts it; the headings are row 1.
        cells: what it says, a text a column.
        faults: what is wrong with it, by heading; under an empty heading what is wrong with the row.
        keys: what the same family would have in another row; empty once they were held against each other.
        same_rows: the numbers of other rows that seem to be the same family.
        matches: families and referrals that seem to be the same: ``family_id``, ``likely`` and ``reasons``.
        unshown: ids of restricted families that it seems to be: no one is told, and erasing one of them finds the row.
        state: see `ROW_STATES`.
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
    unshown: Mapped[list[str]] = mapped_column(JSONB, default=list)
    state: Mapped[str]
    allowed: Mapped[bool]
    referral_id: Mapped[UUID | None]

    def settle(self) -> None:
        """Say where it stands by what is known of it."""
        alike = (self.same_rows or self.matches) and not self.allowed
        self.state = "faulty" if self.faults else "same" if alike else "ready"

    def decide(self, decision: str) -> None:
        """Do what somebody decided: ``leave_out``, ``refer`` or ``take_back``, or one of `OF_MANY` where it stands so.

        Raises:
            Conflict: it needs changing, so it can't be referred.
        """
        if decision == "refer" and self.faults:
            raise Conflict("A row that needs changing can't be referred. Change it in your file, or leave it out.")
        if decision == "leave_out" or (decision in OF_MANY and decision.removeprefix("leave_out_") == self.state):
            self.state = "left_out"
        elif decision not in OF_MANY:
            self.allowed = decision == "refer"
            self.settle()

    def unlike(self, families: Collection[UUID], *, hidden: bool) -> None:
        """Seem to be none of ``families`` any more, for they are ``hidden`` now, or gone; what somebody decided about the row stays."""
        gone = [one["family_id"] for one in self.matches if UUID(one["family_id"]) in families]
        self.matches = [one for one in self.matches if one["family_id"] not in gone]
        self.unshown = [*self.unshown, *gone] if hidden else self.unshown
        if self.state == "same":
            self.settle()

    def refer_as(self, referral_id: UUID) -> None:
        """Note what became of it, and forget what it said."""
        self.state, self.referral_id = "imported", referral_id
        self.cells, self.faults, self.keys, self.same_rows, self.matches, self.unshown = [], {}, [], [], [], []
