"""One person is erased and the family stays: what identifies them goes, that there was somebody stays where a record needs them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.contract import Event
from services.referrals import contract
from services.referrals.models.family import Family
from services.referrals.models.people import Parent
from services.referrals.models.referral import Referral

_NAMING: Final = ("given_name", "middle_names", "preferred_name", "family_name", "nhs_number", "phone", "email", "gp", "school_or_nursery")
_FORGOTTEN: Final = (
    "title", "middle_names", "preferred_name", "birth_date", "nhs_number", "ethnicity", "language", "access_needs", "gp", "left_because",
)  # fmt: skip
BLANK_NAME: Final = ("Parent", "(erased)")
BLANK_RELATIONSHIP: Final = "FAMMEMB"
"""What a blank parent is to the children: the word of the code set that says least (HL7 v3 RoleCode)."""


def words_of(person: Mapping[str, Any]) -> list[str]:
    """Return everything that names a person."""
    points = [str(point["value"]) for point in person.get("contact_points") or ()]
    return [*(str(person[name]) for name in _NAMING if person.get(name)), *points]


def erase_person(family: Family, person_id: UUID, at: datetime) -> Event:
    """Take a person out of the registry and return the event of the family as it is then.

    The last adult stays as a blank parent: a register says which adult came with which child, and a child's record needs somebody.
    """
    parent = next((one for one in family.parents if one.id == person_id), None)
    if parent is not None and len(family.parents) == 1:
        _blank(parent)
    else:
        family.parents = [one for one in family.parents if one.id != person_id]
        family.children = [one for one in family.children if one.id != person_id]
        _let_somebody_stay(family)
    for other in family.parents:
        other.relations = [relation for relation in other.relations or () if relation["child_id"] != str(person_id)]
    return family.next_version(at)


def erase_referred(referral: Referral, people: Collection[UUID]) -> None:
    """Take people out of what a referral says of the family, with all that it says of them; a last adult stays as a blank parent."""
    gone, family = {str(one) for one in people}, referral.family
    parents = [one for one in family["parents"] if one["id"] not in gone] or [_blank_record(family["parents"][0])]
    children = [one for one in family["children"] if one["id"] not in gone]
    if [*parents, *children] == [*family["parents"], *family["children"]]:
        return
    related = [{**one, "relations": [told for told in one.get("relations") or () if told["child_id"] not in gone]} for one in parents]
    name = contract.family_name(related, children)
    referral.family = {**family, "parents": related, "children": children, "name": name}
    referral.family_name = name
    referral.version += 1


def _blank_record(parent: Mapping[str, Any]) -> dict[str, Any]:
    given_name, family_name = BLANK_NAME
    nothing: dict[str, Any] = {**dict.fromkeys(parent), "contact_points": [], "relations": []}
    said = {"id": parent["id"], "given_name": given_name, "family_name": family_name, "relationship": BLANK_RELATIONSHIP}
    return {**nothing, **said}


def _blank(parent: Parent) -> None:
    parent.given_name, parent.family_name = BLANK_NAME
    parent.relationship, parent.relations = BLANK_RELATIONSHIP, []
    for name in _FORGOTTEN:
        setattr(parent, name, None)
    parent.reach_by([])
    parent.left_on = None


def _let_somebody_stay(family: Family) -> None:
    """Let an adult and a child who had left stand for the family where nobody else is left."""
    for present, everybody in ((family.adults, family.parents), (family.young, family.children)):
        if not present and everybody:
            everybody[0].left_on = None
