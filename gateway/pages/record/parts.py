"""The parts of a family's record: what each asks, how it is filled from the record, and what saves it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import Schema

from chassis.contract import Operation
from services.referrals.contract import (
    CHANGE_ADDRESSES,
    CHANGE_CONTACT,
    CHANGE_NEEDS,
    CHANGE_SAFETY,
    SAVE_CHILD,
    SAVE_PARENT,
    ChangeAddressesRequest,
    ChangeContactRequest,
    ChangeNeedsRequest,
    ChangeSafetyRequest,
    SaveChildRequest,
    SaveParentRequest,
    called,
)

Family = Mapping[str, Any]
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a family's record, saved by itself.

    Attributes:
        name: of its template.
        title: heading of its page.
        schema, operation: what is asked, and what saves it.
        values: what the record has of it.
        given: fields that the page itself gives.
        order: names of the questions that the page asks first.
        labels: words of this page for single questions.
    """

    name: str
    title: str
    schema: type[Schema]
    operation: Operation
    values: Callable[[Family], Values]
    given: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    labels: Callable[[Family], dict[str, str]] = lambda _: {}


def _contact(family: Family) -> Values:
    people = [{"person_id": parent["id"], "contact_points": parent["contact_points"]} for parent in family["parents"]]
    return {"safe_contact": family["safe_contact"], "people": people}


def _needs(family: Family) -> Values:
    people = [{"person_id": one["id"], "access_needs": one["access_needs"]} for one in (*family["parents"], *family["children"])]
    return {"language": family["language"], "interpreter": family["interpreter"], "people": people}


def _labels_of_needs(family: Family) -> dict[str, str]:
    people = (*family["parents"], *family["children"])
    return {f"people-{place}-access_needs": f"What {called(one)} needs to take part" for place, one in enumerate(people)}


CONTACT: Final = Part("contact", "How to reach them", ChangeContactRequest, CHANGE_CONTACT, _contact)
ADDRESSES: Final = Part(
    "addresses", "Where they live, and lived", ChangeAddressesRequest, CHANGE_ADDRESSES, lambda family: {"addresses": family["addresses"]}
)
NEEDS: Final = Part("needs", "Language and needs", ChangeNeedsRequest, CHANGE_NEEDS, _needs, labels=_labels_of_needs)
SAFETY: Final = Part(
    "safety",
    "Who may not collect, and what to beware of",
    ChangeSafetyRequest,
    CHANGE_SAFETY,
    lambda family: {"not_allowed": family["not_allowed"], "risks_to_visitors": family["risks_to_visitors"]},
)

_FIRST_OF_A_PARENT: Final = ("title", "given_name", "middle_names", "family_name", "preferred_name", "birth_date", "relations")
_FIRST_OF_A_CHILD: Final = (
    "given_name",
    "middle_names",
    "family_name",
    "preferred_name",
    "birth_date",
    "expected_date",
    "school_or_nursery",
)


def parent(person: Mapping[str, Any] | None) -> Part:
    """Return the part that an adult is; with None, the one that asks for one more."""
    title = f"Change the details of {called(person)}" if person else "Add a parent or carer"
    given = ("person_id", "relationship")
    return Part(
        "parent", title, SaveParentRequest, SAVE_PARENT, lambda family: _parent(person, family), given, _FIRST_OF_A_PARENT, _to_each
    )


def child(person: Mapping[str, Any] | None) -> Part:
    """Return the part that a child is; with None, the one that asks for one more."""
    title = f"Change the details of {called(person)}" if person else "Add a child"
    return Part("child", title, SaveChildRequest, SAVE_CHILD, lambda _: dict(person or {}), ("person_id",), _FIRST_OF_A_CHILD)


def _parent(person: Mapping[str, Any] | None, family: Family) -> Values:
    if person:
        return dict(person)
    return {"relations": [{"child_id": one["id"], "parental_responsibility": "not_known"} for one in family["children"]]}


def _to_each(family: Family) -> dict[str, str]:
    labels = {}
    for place, one in enumerate(family["children"]):
        labels[f"relations-{place}-relation"] = f"What they are to {called(one)}"
        labels[f"relations-{place}-parental_responsibility"] = f"Do they have parental responsibility for {called(one)}?"
    return labels
