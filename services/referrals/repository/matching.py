"""Looking for families that may be one: candidates by what they share, then their records, in a handful of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Page, Repository
from services.referrals.matching import Household, household
from services.referrals.models import Family, FamilyMatch, Referral, keys_of
from services.referrals.models.matching import OPEN, ordered

WEIGHTS: Final = {"nhs": 200, "email": 90, "phone": 80, "sounds": 60, "born": 40, "postcode": 10, "name": 10}
"""What sharing a key of a kind is worth, about as `matching.weights` has it: only to choose whose records are looked at."""
WORTH_A_LOOK: Final = 40
MOST: Final = 30
"""How many candidates are compared: those that share most."""


@dataclass(frozen=True)
class Alike:
    """As much of a family as comparing and telling it from others needs; of the registry, or only referred yet (then ``version`` is 0)."""

    id: UUID
    record: Mapping[str, Any]
    version: int
    referrals: Sequence[Any] = ()

    @property
    def registered(self) -> bool:
        """Whether it is in the registry."""
        return self.version > 0

    @cached_property
    def household(self) -> Household:
        """The family as it is compared."""
        return household(self.id, self.record)


@dataclass(frozen=True)
class Party(Alike):
    """A family of the registry, whole, or one that was only referred yet (then ``family`` is None)."""

    family: Family | None = None


_RECORDS: Final = text(
    """
SELECT f.id AS family, f.version, f.merged_into, f.name AS called, f.address, f.addresses, p.side, p.id, p.given_name, p.middle_names,
       p.preferred_name, p.family_name, p.birth_date, p.expected_date, p.nhs_number, p.phone, p.email, p.contact_points
FROM families f LEFT JOIN LATERAL (
    SELECT 'parents' AS side, id, place, given_name, middle_names, preferred_name, family_name, birth_date, NULL AS expected_date,
           nhs_number, phone, email, contact_points
    FROM parents WHERE borough_id = f.borough_id AND family_id = f.id AND left_on IS NULL
    UNION ALL
    SELECT 'children', id, place, given_name, middle_names, preferred_name, family_name, birth_date, expected_date,
           nhs_number, NULL, NULL, NULL
    FROM children WHERE borough_id = f.borough_id AND family_id = f.id AND left_on IS NULL
) p ON true
WHERE f.borough_id = :borough AND f.id = ANY(CAST(:ids AS uuid[])) ORDER BY f.id, p.side, p.place
""".strip()
)
_LAST_REFERRED: Final = text(
    """
SELECT DISTINCT ON (family_id) family_id, family FROM referrals
WHERE borough_id = :borough AND family_id = ANY(CAST(:ids AS uuid[])) ORDER BY family_id, received_at DESC, id DESC
""".strip()
)
_REFERRALS: Final = text(
    """
SELECT family_id, id, status, version, received_at FROM referrals
WHERE borough_id = :borough AND family_id = ANY(CAST(:ids AS uuid[])) ORDER BY received_at DESC, id DESC
""".strip()
)
_SHARING_MOST: Final = text(
    """
SELECT k.family_id FROM unnest(CAST(:kinds AS text[]), CAST(:keys AS text[]), CAST(:worths AS int[])) AS w(kind, key, worth)
CROSS JOIN LATERAL (
    SELECT DISTINCT family_id FROM person_keys
    WHERE borough_id = :borough AND kind = w.kind COLLATE "C" AND key = w.key COLLATE "C" AND family_id <> :but
) AS k
GROUP BY k.family_id HAVING sum(w.worth) >= :least ORDER BY sum(w.worth) DESC, k.family_id LIMIT :most
""".strip()
)
_HAVING: Final = text(
    """
SELECT w.key, count(*) FROM unnest(CAST(:kinds AS text[]), CAST(:keys AS text[])) AS w(kind, key)
CROSS JOIN LATERAL (
    SELECT DISTINCT family_id FROM person_keys
    WHERE borough_id = :borough AND kind = w.kind COLLATE "C" AND key = w.key COLLATE "C"
) AS k
GROUP BY w.key
""".strip()
)


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
        here = [one for one in families.values() if not one.merged_into]
        found = {one.id: Party(one.id, one.record(), one.version, referred.get(one.id, []), one) for one in here}
        only = {one: Party(one, rows[0].family, 0, rows) for one, rows in referred.items() if one not in families}
        return {**found, **only}

    def alike(self, family_ids: Collection[UUID]) -> dict[UUID, Alike]:
        """Return as much of families as comparing them needs, by id: as `parties`, but for the referrals of those in the registry."""
        if not family_ids:
            return {}
        records: dict[UUID, dict[str, Any]] = {}
        found: dict[UUID, Alike] = {}
        asked = {"borough": self.borough_id, "ids": list(family_ids)}
        for row in self.session.execute(_RECORDS, asked):
            record = records.setdefault(row.family, {"parents": [], "children": []})
            if row.side:
                record[row.side].append(row._mapping)  # noqa: SLF001 - a public attribute of Row, underscored not to clash with columns
            if not row.merged_into:
                named = {"name": row.called, "address": row.address, "addresses": row.addresses}
                found.setdefault(row.family, Alike(row.family, {**named, **record}, row.version))
        return found | self._referred([one for one in family_ids if one not in records])

    def _referred(self, family_ids: Collection[UUID]) -> dict[UUID, Alike]:
        """Return families that are not in the registry, as they were referred last."""
        if not family_ids:
            return {}
        newest = self.session.execute(_LAST_REFERRED, {"borough": self.borough_id, "ids": list(family_ids)})
        return {row.family_id: Alike(row.family_id, row.family, 0) for row in newest}

    def with_referrals(self, families: Iterable[Alike]) -> dict[UUID, Alike]:
        """Return families with what is shown of their referrals, the newest first."""
        known = {one.id: one for one in families}
        rows: dict[UUID, list[Any]] = {}
        for row in self.session.execute(_REFERRALS, {"borough": self.borough_id, "ids": list(known)}):
            rows.setdefault(row.family_id, []).append(row)
        return {one: replace(alike, referrals=rows.get(one, [])) for one, alike in known.items()}

    def candidates(self, party: Alike) -> list[UUID]:
        """Return the families that share most with one: equal keys, the rarer a kind the more it counts."""
        wanted = sorted({(key.kind, key.key) for key in keys_of(party.id, party.record) if key.kind in WEIGHTS})
        if not wanted:
            return []
        told = {"kinds": [kind for kind, _ in wanted], "keys": [key for _, key in wanted], "worths": [WEIGHTS[kind] for kind, _ in wanted]}
        asked = {"borough": self.borough_id, "but": party.id, "least": WORTH_A_LOOK, "most": MOST}
        return list(self.session.scalars(_SHARING_MOST, {**told, **asked}))

    def sharing(self, one: Household) -> dict[str, int]:
        """Return how many families of the borough have each of its phones, mail addresses and its postcode."""
        keys = [*(("phone", key) for key in one.phones), *(("email", key) for key in one.emails), ("postcode", one.postcode)]
        wanted = sorted({(kind, key) for kind, key in keys if key})
        if not wanted:
            return {}
        told = {"borough": self.borough_id, "kinds": [kind for kind, _ in wanted], "keys": [key for _, key in wanted]}
        return dict(self.session.execute(_HAVING, told).tuples().all())

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


def _of(model: type[Any], borough_id: UUID, column: Any, ids: Collection[UUID]) -> Any:
    return select(model).where(model.borough_id == borough_id, column.in_(ids))
