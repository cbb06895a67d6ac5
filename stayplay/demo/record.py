"""What a family's record holds beside names: it shows every part of the record, in some family or other of the practice borough."""

import random
from datetime import date, timedelta
from typing import Any

from stayplay.demo.people import Household

_ETHNICITIES = ("A", "N", "M", "B", "K", "D", "T", "Z", "99")
_NEEDS = ("Step-free access: she comes with a double buggy", "Written things in large print", "A quiet corner when it gets loud")
_LIKED = {"Sinead": "Nell", "Oluwaseun": "Seun", "Maximilian-Alexander": "Max"}
_WEIGHTS = range(10, 1, -1)
_KNOWN_FOR = 200
"""Days before which nobody knows yet of a baby."""


def with_record(referral: dict[str, Any], family: Household, on: date, today: date) -> dict[str, Any]:
    """Return a family's referral with as much of its record as a referrer of this family knows: some know much, some little."""
    pick = random.Random(3000 + family.number)  # noqa: S311 - invented data, not a secret
    parents = [_parent(parent, family, place) for place, parent in enumerate(referral["parents"])]
    children = [_child(child, family, pick) for child in referral["children"]]
    due = today + timedelta(days=35 + family.number)
    if family.number % 4 == 3 and (due - on).days < _KNOWN_FOR:
        children.append({"family_name": family.surname, "expected_date": due.isoformat()})
    return {**referral, "parents": parents, "children": children, **_home(referral, family, on), **_barred(family)}


def nhs_number(stem: int) -> str:
    """Return the first number of the range for tests, from a stem of nine digits on, that has a check digit (modulus 11)."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, str(stem), strict=False)) % 11
    return nhs_number(stem + 1) if rest == 10 else f"{stem}{rest % 11}"


def _parent(parent: dict[str, Any], family: Household, place: int) -> dict[str, Any]:
    points = [{"kind": "phone", "value": parent["phone"], "safe": True}] if parent.get("phone") else []
    if family.number % 3 == 0 and points:
        shared = {"kind": "phone", "value": f"020 7946 {family.number:04}", "safe": False, "note": "The house phone: others answer it"}
        points.append(shared)
    if family.number % 4 == 1 and points:
        points.append({"kind": "email", "value": f"family{family.number}@mail.example", "safe": True, "note": None})
    known: dict[str, Any] = {"contact_points": points, "ethnicity": _ETHNICITIES[(family.number + place) % len(_ETHNICITIES)]}
    if family.number % 2 == 0:
        born = date(1986 + (family.number + place) % 15, 1 + family.number % 12, 1 + (family.number * 7) % 28)
        known |= {"nhs_number": nhs_number(999_100_000 + family.number * 20 + place * 10), "birth_date": born.isoformat()}
    if family.number % 6 == 2:
        known["access_needs"] = _NEEDS[family.number % len(_NEEDS)]
    return {**parent, **known, "preferred_name": _LIKED.get(parent["given_name"]), "gp": "Lister Primary Care Centre"}


def _child(child: dict[str, Any], family: Household, pick: random.Random) -> dict[str, Any]:
    nursery = pick.choice([None, None, "Grove Nursery School"])
    number = nhs_number(999_200_000 + family.number * 20) if family.number % 2 == 0 and child["given_name"] == family.child else None
    return {**child, "nhs_number": number, "preferred_name": _LIKED.get(child["given_name"]), "school_or_nursery": nursery}


def _home(referral: dict[str, Any], family: Household, on: date) -> dict[str, Any]:
    """Return every address of a family; every fifth has moved in the year before it was referred."""
    if family.number % 5:
        return {}
    moved = on - timedelta(days=90 + family.number)
    now = {**referral["address"], "from_on": moved.isoformat(), "safe_for_letters": family.number % 2 == 0, "safe_for_visits": True}
    before = {"line": "3 Harper Road", "postcode": "SE1 6AD", "from_on": "2021-05-01", "until_on": moved.isoformat()}
    return {"addresses": [now, before]}


def _barred(family: Household) -> dict[str, Any]:
    """Return who may not collect the child of some families."""
    if family.number % 8 != 5:
        return {}
    why = "A non-molestation order. The family has the papers."
    barred = {"name": f"Dean {family.surname}", "relation": f"{family.child}'s father", "may_not": ["collect", "be_told"], "why": why}
    return {"not_allowed": [barred]}
