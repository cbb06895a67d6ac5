"""Restrictions of families, with their reasons."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Repository
from services.referrals.models import Child, Parent, Referral, Restriction, folded

_NAMES: Final = ("given_name", "middle_names", "preferred_name", "family_name")


class FamilyRestrictions(Repository[Restriction]):
    """Who may see restricted families, with the reasons."""

    model = Restriction

    def locked(self, family_id: UUID) -> Restriction:
        """Return the restriction of a family, locked; a blank one where there is none, also when two people ask at once."""
        blank = insert(Restriction).values(borough_id=self.borough_id, id=family_id, **Restriction.blank())
        self.session.execute(blank.on_conflict_do_nothing())
        return self.get(family_id, for_update=True)

    def of_somebody(self, name: str, birth_date: date, hidden: frozenset[UUID]) -> set[UUID]:
        """Return those of the ``hidden`` families to which somebody of exactly this name and birthday belongs.

        By the name they are known by, too; and also families that were only referred yet.
        """
        people = [
            select(kind.family_id, *(getattr(kind, part) for part in _NAMES)).where(
                kind.borough_id == self.borough_id, kind.birth_date == birth_date, kind.family_id.in_(hidden)
            )
            for kind in (Parent, Child)
        ]
        referred = select(Referral.family_id, Referral.family).where(Referral.borough_id == self.borough_id, Referral.family_id.in_(hidden))
        with self.session.looking_past_restrictions():
            kept = self.session.execute(union_all(*people)).all()
            told = self.session.execute(referred).all()
        found: list[tuple[UUID, Mapping[str, Any]]] = [(family_id, dict(zip(_NAMES, names, strict=True))) for family_id, *names in kept]
        found += [(family_id, one) for family_id, record in told for one in _born(record, birth_date)]
        return {family_id for family_id, one in found if folded(name) in _called(one)}

    def of_reference(self, reference: UUID | str, hidden: frozenset[UUID]) -> set[UUID]:
        """Return the one of the ``hidden`` families that has this id, or a referral of it that has this id or reference."""
        known = Referral.id == reference if isinstance(reference, UUID) else Referral.reference == reference
        referral = select(Referral.family_id).where(Referral.borough_id == self.borough_id, known)
        with self.session.looking_past_restrictions():
            found = self.session.scalar(referral)
        return {one for one in (reference, found) if isinstance(one, UUID) and one in hidden}


def _born(record: Mapping[str, Any], on: date) -> Iterator[Mapping[str, Any]]:
    """Yield everybody of a family as it was referred who was born on a day."""
    yield from (one for side in ("parents", "children") for one in record[side] if one.get("birth_date") == on.isoformat())


def _called(one: Mapping[str, Any]) -> set[str]:
    """Return every way in which somebody's full name is said: a first name alone, or a last name, is none."""
    given, middle, preferred, family = (one.get(part) or "" for part in _NAMES)
    first = filter(None, (given, preferred, f"{given} {middle}" if given and middle else ""))
    return {folded(f"{name} {family}") for name in first} if family else set()
