"""Looking for families that may be one: candidates by what they share, then their records, in a handful of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CompoundSelect, case, func, or_, select, tuple_, union
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Page, Repository
from services.referrals.matching import Household, household
from services.referrals.models import Family, FamilyMatch, PersonKey, Referral, keys_of
from services.referrals.models.matching import OPEN, ordered

WEIGHTS: Final = {"nhs": 200, "email": 90, "phone": 80, "sounds": 60, "born": 40, "postcode": 10, "name": 10}
"""What sharing a key of a kind is worth, about as `matching.weights` has it: only to choose whose records are looked at."""
WORTH_A_LOOK: Final = 40
MOST: Final = 30
"""How many candidates are compared: those that share most."""


@dataclass(frozen=True, slots=True)
class Party:
    """A family of the registry, or one that was only referred yet (then ``family`` is None)."""

    id: UUID
    record: Mapping[str, Any]
    family: Family | None
    referrals: list[Referral] = field(default_factory=list)

    @property
    def household(self) -> Household:
        """The family as it is compared."""
        return household(self.id, self.record)


class Matches(Repository[FamilyMatch]):
    """Pairs of families that may be one."""

    model = FamilyMatch

    def parties(self, family_ids: Collection[UUID]) -> dict[UUID, Party]:
        """Return families by id, with their referrals; those that were merged into others are not among them."""
        if not family_ids:
            return {}
        families = {family.id: family for family in self.session.scalars(_of(Family, self.borough_id, Family.id, family_ids))}
        referred: dict[UUID, list[Referral]] = {}
        statement = _of(Referral, self.borough_id, Referral.family_id, family_ids)
        for referral in self.session.scalars(statement.order_by(Referral.received_at.desc(), Referral.id.desc())):
            referred.setdefault(referral.family_id, []).append(referral)
        found = {one.id: Party(one.id, one.record(), one, referred.get(one.id, [])) for one in families.values() if not one.merged_into}
        only = {one: Party(one, rows[0].family, None, rows) for one, rows in referred.items() if one not in families}
        return {**found, **only}

    def candidates(self, party: Party) -> list[UUID]:
        """Return the families that share most with one: equal keys, the rarer a kind the more it counts."""
        wanted = _by_kind((key.kind, key.key) for key in keys_of(party.id, party.record) if key.kind in WEIGHTS)
        if not wanted:
            return []
        shared = self._having(wanted, but=party.id).subquery()
        worth = func.sum(case(WEIGHTS, value=shared.c.kind, else_=0))
        statement = select(shared.c.family_id).group_by(shared.c.family_id).having(worth >= WORTH_A_LOOK)
        return list(self.session.scalars(statement.order_by(worth.desc(), shared.c.family_id).limit(MOST)))

    def sharing(self, one: Household) -> dict[str, int]:
        """Return how many families of the borough have each of its phones, mail addresses and its postcode."""
        keys = [*(("phone", key) for key in one.phones), *(("email", key) for key in one.emails), ("postcode", one.postcode)]
        wanted = _by_kind((kind, key) for kind, key in keys if key)
        if not wanted:
            return {}
        having = self._having(wanted).subquery()
        counted = select(having.c.key, func.count()).group_by(having.c.key)
        return dict(self.session.execute(counted).tuples().all())

    def _having(self, wanted: Mapping[str, Sequence[str]], but: UUID | None = None) -> CompoundSelect[tuple[UUID, str, str]]:
        """Select which families have which of these keys, each once: one look into the index for each kind."""
        columns = (PersonKey.family_id, PersonKey.kind, PersonKey.key)
        looks = [
            select(*columns).where(PersonKey.borough_id == self.borough_id, PersonKey.kind == kind, PersonKey.key.in_(keys))
            for kind, keys in wanted.items()
        ]
        return union(*(look.where(PersonKey.family_id != but) if but else look for look in looks))

    def locked(self, one: UUID, other: UUID) -> FamilyMatch:
        """Return the pair of two families, locked; a new one where there is none, also when two look at once."""
        one_id, other_id = ordered(one, other)
        blank = insert(FamilyMatch).values(borough_id=self.borough_id, one_id=one_id, other_id=other_id, **FamilyMatch.blank(self.work.now))
        self.session.execute(blank.on_conflict_do_nothing())
        pair = self.rows().where(FamilyMatch.one_id == one_id, FamilyMatch.other_id == other_id)
        return self.session.scalars(pair.with_for_update().execution_options(populate_existing=True)).one()

    def of_pairs(self, family_id: UUID, others: Iterable[UUID]) -> dict[UUID, FamilyMatch]:
        """Return what is known of a family with each of the others, by the other's id."""
        pairs = [ordered(family_id, other) for other in others]
        if not pairs:
            return {}
        known = self.rows().where(tuple_(FamilyMatch.one_id, FamilyMatch.other_id).in_(pairs))
        return {match.other_id if match.one_id == family_id else match.one_id: match for match in self.all(known)}

    def of_family(self, family_id: UUID, *, for_update: bool = False) -> dict[UUID, FamilyMatch]:
        """Return every pair that a family is in, by the other's id; with ``for_update`` locked, always in one order."""
        known = self.rows().where(or_(FamilyMatch.one_id == family_id, FamilyMatch.other_id == family_id))
        if for_update:
            known = known.order_by(FamilyMatch.id).with_for_update().execution_options(populate_existing=True)
        return {match.other_id if match.one_id == family_id else match.one_id: match for match in self.all(known)}

    def waiting(self, state: str | None, after: str | None, limit: int) -> Page[FamilyMatch]:
        """Return a page of the pairs that wait for somebody to say what they think, likeliest first; the first page counts them."""
        states: Sequence[str] = [state] if state else OPEN
        statement = self.rows().where(FamilyMatch.state.in_(states))
        return self.page(statement, FamilyMatch.score, after, limit, newest_first=True, total=not after)


def _by_kind(keys: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for kind, key in keys:
        found.setdefault(kind, set()).add(key)
    return {kind: sorted(each) for kind, each in sorted(found.items())}


def _of(model: type[Any], borough_id: UUID, column: Any, ids: Collection[UUID]) -> Any:
    return select(model).where(model.borough_id == borough_id, column.in_(ids))
