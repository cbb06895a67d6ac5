"""Search keys: what a family is found by, one row each, so that searching and looking for duplicates are looked up by equality.

For whoever looks for families that share something (search, duplicates, imports):

* `keys_of` says which keys a family record has: nothing is asked of the database;
* `PersonKey` is the table. Its key begins with ``(borough_id, kind, key)``: ask for ``kind = ... AND key = ...``, or for a range
  of ``key`` (it sorts by code point), and PostgreSQL looks it up under row-level security too. Never by ``LIKE`` over the table;
* the unit of work writes the keys by itself whenever a family or a referral is added, changed or deleted
  (`services.referrals.repository.keys`); who writes past the models calls ``work.keys.refresh(family_ids)``;
* rows of restricted families are hidden as those of the families are: a duplicate of one is found by who may see it.

Why it is so: docs/decisions/0042.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from services.referrals.models.family import Family
from services.referrals.models.referral import Referral
from services.referrals.models.spelling import code_of, email_of, joined, nhs_number_of, phone_of, sound_of, words_of

KINDS: Final[dict[str, str]] = {
    "name": "a word of a name, as `words_of` has it: given, middle, preferred and family names, and several words written as one",
    "sounds": "how the first given and the last family name sound, ``SNT TL``: somebody of about this name",
    "born": "a birth date, or the date on which a baby is expected, as ``2024-07-16``",
    "phone": "a phone number as `phone_of` has it, also one that is not safe to use",
    "email": "an email address, folded",
    "nhs": "ten digits",
    "postcode": "of an address they live at or lived at, as ``SE155LX``; the family's, not a person's",
    "reference": "of a referral, as ``R7K49QDM``; ``person_id`` is the referral's",
}
"""What a family can be found by. A key that comes with a kind is in the form that is told here."""
KEYED_BY: Final = ("family_id", "family", "reference")
"""Columns of a referral that its keys come from."""
RULES: Final = 1
"""Counted up when keys are made in another way: each borough's families are then keyed anew, by and by."""
MOST_WORDS = 24
"""Words of one person's names that are kept as keys."""
_KEY = String(collation="C")
_NAMES = ("given_name", "middle_names", "preferred_name", "family_name")


class Key(NamedTuple):
    """Something that a family is found by; ``person_id`` says whose it is: see `KINDS`."""

    kind: str
    key: str
    person_id: UUID


class PersonKey(Base):
    """A key of a family. Written from the family's record, never edited, and gone with it."""

    __tablename__ = "person_keys"
    unaudited = frozenset({"*"})
    __table_args__ = (Index(None, "family_id", "borough_id"),)

    borough_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(_KEY, primary_key=True)
    key: Mapped[str] = mapped_column(_KEY, primary_key=True)
    family_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)


class NameWord(Base):
    """A word of the names of a borough, each once, with its sound: the vocabulary that a misspelt word is looked up in.

    It belongs to no family, and leaves with the last family that has it.
    """

    __tablename__ = "name_words"
    unaudited = frozenset({"*"})

    borough_id: Mapped[UUID] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(_KEY, primary_key=True)
    sound: Mapped[str] = mapped_column(_KEY)


class KeyRound(Base):
    """How far the families of a borough are keyed by the present `RULES`: those up to ``after``, or all."""

    __tablename__ = "key_rounds"
    unaudited = frozenset({"*"})

    borough_id: Mapped[UUID] = mapped_column(primary_key=True)
    rules: Mapped[int]
    after: Mapped[UUID | None]
    done: Mapped[bool]


def keys_of(family_id: UUID, record: Mapping[str, Any]) -> set[Key]:
    """Return the keys of a family.

    Args:
        family_id: whose the postcodes are.
        record: as `FamilyRecord` has it, loaded or as JSON; what it leaves out has no key.
    """
    people = [person for side in ("parents", "children") for person in record.get(side) or []]
    places = [record.get("address"), *(record.get("addresses") or [])]
    codes = {code_of(place.get("postcode") or "") for place in places if place}
    return {key for person in people for key in _person(person)} | {Key("postcode", code, family_id) for code in codes if code}


def keys_of_family(family: Family) -> set[Key]:
    """Return the keys of a family of the registry: also of people who have left it, for they are looked for too."""
    everybody = {"parents": [one.record() for one in family.parents], "children": [one.record() for one in family.children]}
    return keys_of(family.id, {**everybody, "address": family.address, "addresses": family.addresses})


def keys_of_referral(referral: Referral, *, whole: bool = True) -> set[Key]:
    """Return the keys that a referral gives its family: its reference and, with ``whole``, those of the family as it was referred."""
    reference = code_of(getattr(referral, "reference", None) or "")
    return ({Key("reference", reference, referral.id)} if reference else set()) | (
        keys_of(referral.family_id, referral.family) if whole else set()
    )


def _person(person: Mapping[str, Any]) -> set[Key]:
    person_id = UUID(str(person["id"]))
    found = {("name", word) for word in _words(person)} | {("sounds", sounds_of(person))} | set(_facts(person))
    return {Key(kind, key, person_id) for kind, key in found if key}


def _words(person: Mapping[str, Any]) -> list[str]:
    """Return the words of somebody's names; of a name of several, also all in one. The family name comes first: it is never left out."""
    parts = [words_of(person.get(name) or "") for name in reversed(_NAMES)]
    words = [word for part in parts for word in (*part, *([joined(part)] if len(part) > 1 else []))]
    return words[:MOST_WORDS]


def sounds_of(person: Mapping[str, Any]) -> str:
    """Return how somebody's first given and last family name sound; empty where either is missing or has no sound."""
    given, family = (words_of(person.get(name) or "") for name in ("given_name", "family_name"))
    sounds = [sound_of(given[0]), sound_of(family[-1])] if given and family else [""]
    return " ".join(sounds) if all(sounds) else ""


def _facts(person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from (("born", str(day)) for day in (person.get("birth_date"), person.get("expected_date")) if day)
    yield "nhs", nhs_number_of(person.get("nhs_number") or "")
    yield from _reached_by("phone", [person.get("phone")])
    yield from _reached_by("email", [person.get("email")])
    for point in person.get("contact_points") or []:
        yield from _reached_by(point["kind"], [point["value"]])


def _reached_by(kind: str, written: Iterable[str | None]) -> Iterator[tuple[str, str]]:
    form = {"phone": phone_of, "email": email_of}.get(kind)
    yield from ((kind, form(value)) for value in written if value and form)
