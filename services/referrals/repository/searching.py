"""Finding families by their keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, cast, literal, or_, select, text

from chassis.database import UnitOfWork
from chassis.database.paging import cursor_of, place_of
from services.referrals.models import NameWord, PersonKey, Referral
from services.referrals.models.likeness import patterns, sounds, widened
from services.referrals.models.typed import Term, Wanted, exactly

MOST_NUMBERS: Final = 50
"""Phone numbers that a part of one may stand for."""

_FOUND = text(
    """
SELECT * FROM (WITH wanted AS (
    SELECT * FROM unnest(
        CAST(:terms AS int[]), CAST(:kinds AS text[]), CAST(:lows AS text[]), CAST(:highs AS text[]), CAST(:scores AS int[])
    ) WITH ORDINALITY AS w(term, kind, low, high, score, number)
), hits AS MATERIALIZED (
    SELECT k.family_id, k.person_id, k.key, w.term, w.number, w.score
    FROM wanted w CROSS JOIN LATERAL (
        SELECT family_id, person_id, key FROM person_keys
        WHERE borough_id = :borough AND kind = w.kind COLLATE "C" AND key >= w.low COLLATE "C" AND key <= w.high COLLATE "C"
        OFFSET 0  -- a look into the index for each wish, whatever the planner thinks of joining the whole borough once
    ) k
    WHERE :known OR EXISTS (SELECT FROM families f WHERE f.borough_id = :borough AND f.id = k.family_id)
), people AS (
    SELECT family_id, person_id, count(DISTINCT term) AS terms FROM hits GROUP BY family_id, person_id
), best AS (
    SELECT DISTINCT ON (h.family_id, h.term) h.*, p.terms
    FROM hits h JOIN people p ON p.family_id = h.family_id AND p.person_id = h.person_id
    ORDER BY h.family_id, h.term, h.score DESC, p.terms DESC, h.person_id DESC
), ranked AS (
    SELECT family_id, count(*) AS matched, CAST(sum(score) + 20 * (max(terms) - 1) AS int) AS score,
           array_agg(number ORDER BY term) AS numbers, array_agg(key ORDER BY term) AS keys,
           array_agg(CAST(person_id AS text) ORDER BY term) AS people
    FROM best GROUP BY family_id
), closest AS (
    SELECT * FROM ranked WHERE matched = (SELECT max(matched) FROM ranked)
)
SELECT family_id, matched, score, numbers, keys, people, (SELECT count(*) FROM closest) AS total
FROM closest WHERE :first OR (score, family_id) < (:score, CAST(:after AS uuid))
ORDER BY score DESC, family_id DESC LIMIT :limit) AS found
""".strip()
)

_SHOWN = text(
    """
SELECT f.id AS family, f.name AS called, p.side, p.id, p.given_name, p.preferred_name, p.family_name, p.birth_date, p.expected_date
FROM families f LEFT JOIN LATERAL (
    SELECT 'parents' AS side, id, place, given_name, preferred_name, family_name, birth_date, NULL AS expected_date
    FROM parents WHERE borough_id = f.borough_id AND family_id = f.id AND left_on IS NULL
    UNION ALL
    SELECT 'children', id, place, given_name, preferred_name, family_name, birth_date, expected_date
    FROM children WHERE borough_id = f.borough_id AND family_id = f.id AND left_on IS NULL
) p ON true
WHERE f.borough_id = :borough AND f.id = ANY(CAST(:ids AS uuid[])) ORDER BY f.id, p.side, p.place
""".strip()
)


@dataclass(frozen=True, slots=True)
class Hit:
    """What of a family is like a term: the term's number, the wish that it fulfils, the key, and whose it is."""

    term: int
    wanted: Wanted
    key: str
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Match:
    """A family that was found, and why."""

    family_id: UUID
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """A page of families, the closest first; ``matched`` of the terms are true of each."""

    items: list[Match]
    next: str | None
    total: int
    matched: int


@dataclass(slots=True)
class Known:
    """A family as a list shows it, its people as the contract has them; a referral and its status where it is not in the registry yet."""

    name: str
    parents: list[dict[str, Any]] = field(default_factory=list)
    children: list[dict[str, Any]] = field(default_factory=list)
    referral_id: UUID | None = None
    status: str | None = None


class Search:
    """Finds families of the work's borough."""

    def __init__(self, work: UnitOfWork) -> None:
        self._borough_id = work.borough_id
        self._session = work.session

    def widened(self, terms: Sequence[Term]) -> list[tuple[Wanted, ...]]:
        """Return the keys that would do for each term: for a name also of words of the borough's vocabulary that are like it."""
        words = [term.word for term in terms if term.word]
        vocabulary = self._vocabulary(words) if words else []
        return [self._widened(term, vocabulary) for term in terms]

    def found(self, wanted: Sequence[Sequence[Wanted]], after: str | None, limit: int, *, referred: bool) -> Matches:
        """Return a page of the families that fulfil a wish of each term; of as many terms as can be, where none fulfils all.

        Args:
            wanted: what would do, by term.
            after: cursor of the page before.
            limit: families on a page.
            referred: also those that are not in the registry yet.

        Raises:
            Invalid: the cursor is none of this list.
        """
        wishes = [(number, wish) for number, term in enumerate(wanted) for wish in term]
        score, last = place_of(after, int) if after else (0, None)
        told = {"borough": self._borough_id, "known": referred, "first": not after, "score": score, "after": last, "limit": limit + 1}
        rows = self._session.execute(_FOUND, {**told, **_columns(wishes)}).all() if wishes else []
        shown = rows[:limit]
        further = cursor_of(shown[-1].score, shown[-1].family_id) if len(rows) > limit else None
        matched, total = (rows[0].matched, rows[0].total) if rows else (0, 0)
        return Matches([_match(row, wishes) for row in shown], further, total, matched)

    def known(self, family_ids: Sequence[UUID]) -> dict[UUID, Known]:
        """Return what is shown of families: as the registry has them, or as they were referred last."""
        here = self._registered(family_ids)
        missing = [family_id for family_id in family_ids if family_id not in here]
        return here | (self._referred(missing) if missing else {})

    def _widened(self, term: Term, vocabulary: Iterable[str]) -> tuple[Wanted, ...]:
        if term.word:
            return widened(term, vocabulary)
        return (*term.wanted, *(exactly("phone", key, 60, "part") for key in self._numbers(term.digits))) if term.digits else term.wanted

    def _vocabulary(self, words: Sequence[str]) -> list[str]:
        """Return the words of the borough's names that may be like these."""
        like = [pattern for word in words for pattern in patterns(word)]
        heard = [sound for word in words for sound in sounds(word)]
        close = or_(NameWord.sound.in_(heard), NameWord.word.like(any_(cast(literal(like, ARRAY(Text)), ARRAY(Text)))))
        return list(self._session.scalars(select(NameWord.word).where(NameWord.borough_id == self._borough_id, close)))

    def _numbers(self, digits: str) -> list[str]:
        """Return the phone numbers of the borough with these digits in a row."""
        phones = select(PersonKey.key).where(PersonKey.borough_id == self._borough_id, PersonKey.kind == "phone")
        return list(self._session.scalars(phones.where(PersonKey.key.contains(digits)).distinct().limit(MOST_NUMBERS)))

    def _registered(self, family_ids: Sequence[UUID]) -> dict[UUID, Known]:
        asked = {"borough": self._borough_id, "ids": [str(family_id) for family_id in family_ids]}
        found: dict[UUID, Known] = {}
        for row in self._session.execute(_SHOWN, asked).mappings():
            here = found.setdefault(row["family"], Known(row["called"]))
            if row["side"]:
                getattr(here, row["side"]).append(dict(row))
        return found

    def _referred(self, family_ids: Sequence[UUID]) -> dict[UUID, Known]:
        referrals = select(Referral.family_id, Referral.family_name, Referral.family, Referral.id, Referral.status).where(
            Referral.borough_id == self._borough_id, Referral.family_id.in_(family_ids)
        )
        rows = self._session.execute(referrals.order_by(Referral.received_at, Referral.id))
        return {row.family_id: Known(row.family_name, row.family["parents"], row.family["children"], row.id, row.status) for row in rows}


def _columns(wishes: Sequence[tuple[int, Wanted]]) -> dict[str, list[Any]]:
    """Return the wishes as PostgreSQL takes them: a list a column."""
    return {
        "terms": [number for number, _ in wishes],
        **{f"{name}s": [getattr(wish, name) for _, wish in wishes] for name in ("kind", "low", "high", "score")},
    }


def _match(row: Any, wishes: Sequence[tuple[int, Wanted]]) -> Match:
    hits = zip((wishes[number - 1] for number in row.numbers), row.keys, row.people, strict=True)
    return Match(row.family_id, tuple(Hit(term, wish, key, UUID(person)) for (term, wish), key, person in hits))
