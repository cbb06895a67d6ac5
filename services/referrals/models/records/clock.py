"""Until when one person's record is kept (NHS Records Management Code 2021): nothing is erased by a clock, a person decides."""

from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import Index, false
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow
from chassis.errors import Invalid
from services.referrals.contract.records import retention

USUAL_YEARS = 20
"""Years after the last contact, where the borough's policy does not say: mental health records, NHS Records Management Code."""


class RetentionClock(BoroughRow, Base):
    """One person's clock; its id is the person's. It outlives the person's place in the family.

    Attributes:
        last_contact_on: the last day on which anything happened with the family, wherever that is known.
        in_group: the family has a place: the clock stands still until a person ends it.
        kept_until: the day until which a person decided to keep it longer.
    """

    __tablename__ = "retention_clocks"
    __table_args__ = (Index(None, "borough_id", "last_contact_on", "id"), Index(None, "borough_id", "family_id"))
    audited_as = "family_id"
    unaudited = frozenset({"last_contact_on", "in_group"})

    family_id: Mapped[UUID]
    side: Mapped[str]
    name: Mapped[str]
    birth_date: Mapped[date | None]
    last_contact_on: Mapped[date]
    in_group: Mapped[bool] = mapped_column(default=False, server_default=false())
    kept_until: Mapped[date | None]
    kept_because: Mapped[str | None]
    reviewed_by: Mapped[str | None]

    def keep_until(self, years: int) -> date:
        """Return the day until which the record is kept, where the policy keeps it ``years`` after the last contact."""
        return max(keep_until(self.side, self.birth_date, self.last_contact_on, years), self.kept_until or date.min)

    def keep_longer(self, until: date, reason: str, by: str, today: date) -> None:
        """Keep the record longer than the rules say.

        Raises:
            Invalid: the day is not to come, or more than twenty years ahead.
        """
        if not today < until <= today + relativedelta(years=retention.LONGEST_YEARS):
            raise Invalid(faults={"until": [f"Until when?: give a day to come, at most {retention.LONGEST_YEARS} years ahead."]})
        self.kept_until, self.kept_because, self.reviewed_by = until, reason, by


def keep_until(side: str, birth_date: date | None, last_contact_on: date, years: int) -> date:
    """Return until when a record is kept: a parent's by the last contact, a child's at least until the 25th birthday.

    Of a child whose birthday is not known, the birth is taken to be the last contact: they were young enough to come.
    """
    by_contact = last_contact_on + relativedelta(years=years)
    if side == "parent":
        return by_contact
    return max(by_contact, (birth_date or last_contact_on) + relativedelta(years=retention.CHILD_UNTIL_AGE))
