"""Who is in a family's record: of the registry, or only referred yet."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.database.records import Mark
from services.referrals.models import Family, Referral
from services.referrals.repository import Work
from services.referrals.service.merged import current_family, missed

Person = dict[str, Any]


def require_known(uow: Work, family_id: UUID) -> tuple[Family | None, list[Referral]]:
    """Return a family's record and its referrals.

    Raises:
        NotFound: there is neither.
        Restricted: it is restricted to others.
        FamilyMerged: it goes on under another record; what is decided about this one would reach nobody.
    """
    uow.restrictions.require(family_id)
    family, referrals = uow.families.find(family_id), uow.referrals.of_family(family_id)
    if family is None and not referrals:
        missed(uow, family_id)
    return (family and current_family(uow, family_id)), referrals


def decided_about(uow: Work, family_id: UUID) -> tuple[Family | None, list[Referral], Mark]:
    """Return a family's record and its referrals, with how it stands; nobody decides about it, or makes it one with another, meanwhile.

    Raises as `require_known`.
    """
    uow.restrictions.require(family_id)
    mark = uow.records.lock(family_id)
    return (*require_known(uow, family_id), mark)


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


def everybody_of(uow: Work, family_id: UUID, family: Family | None, referrals: list[Referral]) -> list[Person]:
    """Return everybody of a family in every way in which they are on record, each under the id that they have now.

    As the registry has them, as they were on records that became part of this one, and as they were referred.
    """
    now = uow.merges.standing_for(family_id)
    records = [*filter(None, [family]), *uow.families.of(uow.merges.merged_into([family_id]))]
    people = [*(person for record in records for person in people_of(record, [])), *people_of(None, referrals)]
    return [{**person, "id": now.get(person["id"], person["id"])} for person in people]


def whole_name(person: Person) -> str:
    """Return a person's first and last name; of a baby who has none yet, that."""
    name = f"{person.get('given_name') or ''} {person.get('family_name') or ''}".strip()
    return name if person.get("given_name") else f"Expected baby {name}".strip()


def birthday_of(person: Person) -> date | None:
    """Return when a person was born; of an expected baby the day on which they are."""
    born = person.get("birth_date") or person.get("expected_date")
    return date.fromisoformat(born) if isinstance(born, str) else born
