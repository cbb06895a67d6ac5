"""What assessments keeps of the families and referrals that referrals owns; only a newer one replaces it."""

from typing import Any

from sqlalchemy.orm import Mapped

from chassis.database import Base, BoroughRow


class FamilyCopy(BoroughRow, Base):
    """A family as referrals told it last.

    Attributes:
        sequence: version of the family; 0 while nothing but its name is known.
        document: the family as `FamilyRecord` has it.
    """

    __tablename__ = "families"
    audited_as = "id"

    sequence: Mapped[int]
    name: Mapped[str]
    document: Mapped[dict[str, Any]]


class ReferralCopy(BoroughRow, Base):
    """How far a referral has come, so that news of it may arrive in any order."""

    __tablename__ = "referrals"

    sequence: Mapped[int]
    status: Mapped[str]
