"""Who is in a family's record: of the registry, or only referred yet."""

from datetime import date
from typing import Any
from uuid import UUID

from services.referrals.models import Family, Referral
from services.referrals.repository import Work

Person = dict[str, Any]


def require_known(uow: Work, family_id: UUID) -> tuple[Family | None, list[Referral]]:
    """Return a family's record and its referrals.

    Raises:
        NotFound: there is neither.
        Restricted: it is restricted to others.
    """
    uow.restrictions.require(family_id)
    family, referrals = uow.families.find(family_id), uow.referrals.of_family(family_id)
    if family is None and not referrals:
        uow.restrictions.missed(family_id)
    return family, referrals


def name_of(family: Family | None, referrals: list[Referral]) -> str:
    """Return what a family is called."""
    return family.name if family else referrals[0].family_name


def people_of(family: Family | None, referrals: list[Referral]) -> list[Person]:
    """Return everybody in a family's record, also who has left it: parents first."""
    if family is not None:
        sides = {"parent": [one.record() for one in family.parents], "child": [one.record() for one in family.children]}
    else:
        sides = {
            side: [one for row in referrals for one in row.family[key]] for side, key in (("parent", "parents"), ("child", "children"))
        }
    people = [{**person, "side": side, "id": UUID(str(person["id"]))} for side, those in sides.items() for person in those]
    return list({person["id"]: person for person in people}.values())


def whole_name(person: Person) -> str:
    """Return a person's first and last name; of a baby who has none yet, that."""
    name = f"{person.get('given_name') or ''} {person.get('family_name') or ''}".strip()
    return name if person.get("given_name") else f"Expected baby {name}".strip()


def birthday_of(person: Person) -> date | None:
    """Return when a person was born; of an expected baby the day on which they are."""
    born = person.get("birth_date") or person.get("expected_date")
    return date.fromisoformat(born) if isinstance(born, str) else born
