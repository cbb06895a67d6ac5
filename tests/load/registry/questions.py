"""What people ask of a registry: who they look for, and by what they know of them. Drawn from the families that are there."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_SOMEBODY = """
SELECT f.borough_id::text AS borough, f.id::text AS family, g.name AS given, s.name AS surname, p.born, p.phone, p.nhs_number,
       f.district || ' ' || f.inward AS postcode, f.status
FROM bench_person p JOIN bench_family f ON f.n = p.family JOIN bench_given g ON g.n = p.given JOIN bench_surname s ON s.n = p.surname
WHERE p.family IN (SELECT floor(random() * %(families)s + 1)::int FROM generate_series(1, %(number)s)) AND p.side = %(side)s AND p.place = 0
"""


@dataclass(frozen=True)
class Question:
    """One call: in which borough, with what."""

    borough: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Somebody:
    """A person of the registry, as somebody knows them who looks for them."""

    borough: str
    family: str
    given: str
    surname: str
    born: Any
    phone: str | None
    nhs_number: str | None
    postcode: str
    status: str


def people(cursor: Any, families: int, number: int, boroughs: list[str] | None = None) -> list[Somebody]:
    """Return some people, parents and children alike; with ``boroughs`` only theirs."""
    found: list[Somebody] = []
    for side in ("parent", "child"):
        cursor.execute(_SOMEBODY, {"families": families, "number": number, "side": side})
        found += [Somebody(*row) for row in cursor.fetchall()]
    return [one for one in found if boroughs is None or one.borough in boroughs]


def searches(somebody: list[Somebody]) -> list[Question]:
    """Return what is typed to find each of them: most often a name, whole, in part or misspelt; then what is on a letter."""
    dice = random.Random(153)
    ways, weights = zip(*_WAYS, strict=True)
    typed = ((one, dice.choices(ways, weights)[0](one, dice)) for one in somebody)
    return [Question(one.borough, {"query": words}) for one, words in typed if words]


Way = Callable[[Somebody, random.Random], str | None]


def _misspelt(one: Somebody, dice: random.Random) -> str:
    place = dice.randrange(max(1, len(one.surname) - 2)) + 1
    swapped = one.surname[:place] + one.surname[place + 1 : place + 2] + one.surname[place : place + 1] + one.surname[place + 2 :]
    return f"{one.given} {swapped}"


_WAYS: tuple[tuple[Way, int], ...] = (
    (lambda one, _: f"{one.given} {one.surname}", 30),
    (lambda one, _: one.surname, 12),
    (lambda one, _: one.given, 5),
    (lambda one, _: one.surname[:3], 8),
    (_misspelt, 12),
    (lambda one, _: f"{one.surname} {one.born:%d/%m/%Y}", 13),
    (lambda one, _: f"{one.born:%d %B %Y}", 5),
    (lambda one, _: one.phone and f"+44 {one.phone[1:5]} {one.phone[5:]}", 7),
    (lambda one, _: one.phone and one.phone[-6:], 3),
    (lambda one, _: one.nhs_number and f"{one.nhs_number[:3]} {one.nhs_number[3:6]} {one.nhs_number[6:]}", 3),
    (lambda one, _: f"{one.given} {one.postcode}", 2),
)
"""Each way to look for somebody, and how often of a hundred it is taken."""
