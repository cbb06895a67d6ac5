"""What assessments keeps of the families and referrals that referrals owns; only a newer one replaces it."""

from typing import Any

from sqlalchemy.orm import Mapped

from chassis.database import Base, BoroughRow
from chassis.errors import NotReady
from services.assessments.contract import UnsafeVisit
from services.referrals.contract import what_to_know


class FamilyCopy(BoroughRow, Base):
    """A family as referrals told it last.

    Attributes:
        sequence: version of the family; 0 while nothing but its name is known.
        document: the family as `FamilyFacts` has it.
    """

    __tablename__ = "families"
    audited_as = "id"

    sequence: Mapped[int]
    name: Mapped[str]
    document: Mapped[dict[str, Any]]

    @property
    def to_know(self) -> dict[str, Any]:
        """What whoever visits must know before."""
        return what_to_know(self.document)

    def require_safe_visits(self) -> None:
        """Let a visit to the home pass only where the family said that one is safe (domain rule 8).

        Raises:
            NotReady: what it said has not arrived here yet.
            UnsafeVisit: it did not say so.
        """
        safe = self.document.get("safe_contact")
        if not safe:
            raise NotReady("How this family may be reached is on its way. Try again in a moment.")
        home = self.document.get("address") or {}
        if "visit" not in safe["channels"] or not home.get("safe_for_visits", True):
            raise UnsafeVisit(safe=sorted(safe["channels"]), times=safe.get("times"), avoid=safe.get("avoid"))


def name_of(family: FamilyCopy | None) -> str:
    """Return what a family is called; of one that was restricted to others while it was being read, that it is."""
    return family.name if family else "Restricted family"


class ReferralCopy(BoroughRow, Base):
    """How far a referral has come, so that news of it may arrive in any order."""

    __tablename__ = "referrals"
    values_need = frozenset({"audit.read_family", "referrals.read_clinical"})

    sequence: Mapped[int]
    status: Mapped[str]
