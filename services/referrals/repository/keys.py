"""The search keys of one borough: written with every change of a family or a referral, whoever makes it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.orm import Mapper, Session, object_session

from chassis.database import UnitOfWork
from services.referrals.models import Family, Key, PersonKey, Referral, keys_of_family, keys_of_referral, sound_of
from services.referrals.models.keys import KEYED_BY

_ADD = "INSERT INTO person_keys (borough_id, family_id, kind, key, person_id) VALUES "
_KEY_ROW = "(%s::uuid,%s::uuid,%s,%s,%s::uuid)"
_LEARN = "INSERT INTO name_words (borough_id, word, sound) VALUES "
_ANYWAY = " ON CONFLICT DO NOTHING"
_TAKE = "DELETE FROM person_keys WHERE borough_id = %s::uuid AND (family_id, kind, key, person_id) IN (VALUES "
_FORGET = (
    "DELETE FROM name_words w WHERE w.borough_id = %s::uuid AND w.word = ANY(%s) AND NOT EXISTS "
    "(SELECT FROM person_keys k WHERE k.borough_id = w.borough_id AND k.kind = 'name' AND k.key = w.word)"
)
_READ_AS = "SELECT set_config('app.person_id', %s, true)"
_TOUCHED = "keys to write"

Keyed = dict[UUID, set[Key]]
"""The keys of each family."""


class Keys:
    """The keys of the work's borough."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._session = work.session

    def refresh(self, family_ids: Iterable[UUID]) -> None:
        """Write the keys of these families anew with the commit: for who changed them past the models. One that is gone loses all."""
        _touched(self._session).update(dict.fromkeys(family_ids))

    def write(self) -> None:
        """Send what the work's changes mean for the keys, with the commit. The unit of work calls it, once everything is flushed."""
        touched = self._session.info.pop(_TOUCHED, {})
        new = {family_id: keys for family_id, keys in touched.items() if keys is not None}
        known = touched.keys() - new.keys()
        before, after = (self._kept(known), self._wanted(known)) if known else ({}, {})
        self._add({**new, **{family_id: keys - before.get(family_id, set()) for family_id, keys in after.items()}})
        self._take({family_id: keys - after.get(family_id, set()) for family_id, keys in before.items()})

    def _kept(self, family_ids: Collection[UUID]) -> Keyed:
        """Return the keys that are there."""
        asked = select(PersonKey.family_id, PersonKey.kind, PersonKey.key, PersonKey.person_id).where(
            PersonKey.borough_id == self._work.borough_id, PersonKey.family_id.in_(family_ids)
        )
        found: Keyed = {}
        for family_id, *key in self._session.execute(asked):
            found.setdefault(family_id, set()).add(Key(*key))
        return found

    def _wanted(self, family_ids: Collection[UUID]) -> Keyed:
        """Return the keys that there should be: of the record or, until there is one, of what was referred; and of all references."""
        standing = (Family.id.in_(family_ids), Family.merged_into.is_(None))
        families = select(Family).where(Family.borough_id == self._work.borough_id, *standing)
        found: Keyed = {family.id: keys_of_family(family) for family in self._session.scalars(families)}
        registered = frozenset(found)
        referred = select(Referral).where(Referral.borough_id == self._work.borough_id, Referral.family_id.in_(family_ids))
        for referral in self._session.scalars(referred):
            keys = keys_of_referral(referral, whole=referral.family_id not in registered)
            found.setdefault(referral.family_id, set()).update(keys)
        return found

    def _add(self, keyed: Mapping[UUID, Collection[Key]]) -> None:
        rows = _rows(keyed)
        if not rows:
            return
        words = sorted({key for _, kind, key, _ in rows if kind == "name"})
        self._insert(_ADD, _KEY_ROW, rows)
        self._insert(_LEARN, "(%s::uuid,%s,%s)", [(word, sound_of(word)) for word in words])

    def _insert(self, into: str, row: str, rows: Collection[tuple[str, ...]]) -> None:
        borough = str(self._work.borough_id)
        if rows:
            self._send(into + ",".join([row] * len(rows)) + _ANYWAY, [value for one in rows for value in (borough, *one)])

    def _take(self, keyed: Mapping[UUID, Collection[Key]]) -> None:
        rows = _rows(keyed)
        if not rows:
            return
        borough = str(self._work.borough_id)
        self._send(_TAKE + ",".join(["(%s::uuid,%s,%s,%s::uuid)"] * len(rows)) + ")", [borough, *(value for row in rows for value in row)])
        # a word is forgotten only when nobody has it, restricted families included
        self._send(_READ_AS, ["service"])
        self._send(_FORGET, [borough, sorted({key for _, kind, key, _ in rows if kind == "name"})])
        self._send(_READ_AS, [self._session.reader])

    def _send(self, statement: str, values: Any) -> None:
        self._session.lean().close_with(statement, values)


def _rows(keyed: Mapping[UUID, Collection[Key]]) -> list[tuple[str, str, str, str]]:
    """Return the keys as statements take them, always in one order: two that write at once wait for each other once at most."""
    return sorted((str(family_id), kind, key, str(person_id)) for family_id, keys in keyed.items() for kind, key, person_id in keys)


def _touched(session: Session) -> dict[UUID, set[Key] | None]:
    """Return the families whose keys this session's work changes; with those of a new referral, which need no second look."""
    touched: dict[UUID, set[Key] | None] = session.info.setdefault(_TOUCHED, {})
    return touched


@event.listens_for(Family, "after_insert")
@event.listens_for(Family, "after_update")
@event.listens_for(Family, "after_delete")
def _note_family(_mapper: Mapper[Any], _connection: Connection, family: Family) -> None:
    _touched(_session_of(family))[family.id] = None


@event.listens_for(Referral, "after_insert")
def _note_new_referral(_mapper: Mapper[Any], _connection: Connection, referral: Referral) -> None:
    touched = _touched(_session_of(referral))
    known = touched.setdefault(referral.family_id, set())
    if known is not None:
        known.update(keys_of_referral(referral))


@event.listens_for(Referral, "after_update")
def _note_referral(_mapper: Mapper[Any], _connection: Connection, referral: Referral) -> None:
    """A referral that only moves keeps its keys; one that is another family's from now on takes its own along."""
    state = inspect(referral)
    if any(name in state.attrs and state.attrs[name].history.has_changes() for name in KEYED_BY):
        was = [*state.attrs.family_id.history.deleted, referral.family_id]
        _touched(_session_of(referral)).update(dict.fromkeys(was))


@event.listens_for(Referral, "after_delete")
def _note_lost_referral(_mapper: Mapper[Any], _connection: Connection, referral: Referral) -> None:
    _touched(_session_of(referral))[referral.family_id] = None


def _session_of(row: Family | Referral) -> Session:
    session = object_session(row)
    if session is None:
        raise ValueError("a row is written in a session")
    return session
