"""The family: one or more parents with one or more children, as forms, replies and calls carry it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import ValidationError, fields, post_load, validates_schema

from chassis.schemas import Contract, PageRequest, identifier, many, moment, nested, page_of, some_of, text, version, yes_no
from services.referrals.contract.address import MOST_ADDRESSES, Address, DatedAddress, OneHome
from services.referrals.contract.codes import MAY_NOT
from services.referrals.contract.contact import SafeContact
from services.referrals.contract.household import household_faults
from services.referrals.contract.person import (
    MOST_CHILDREN,
    MOST_PARENTS,
    Child,
    ChildAtAGlance,
    ChildChange,
    ChildDetails,
    Parent,
    ParentChange,
    ParentDetails,
    called,
)

_IN_A_FAMILY_NAME: Final = 100


def family_name(parents: Sequence[Mapping[str, Any]], children: Sequence[Mapping[str, Any]]) -> str:
    """Return what a family is called on pages: "Sinead Doyle, Finn and Aoife", by the names they like; very long names are cut short."""
    first = parents[0]
    names = [f"{_short(called(first))} {_short(first['family_name'])}", *(_short(called(child)) for child in children)]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _short(name: str) -> str:
    return name if len(name) <= _IN_A_FAMILY_NAME else f"{name[: _IN_A_FAMILY_NAME - 1].rstrip()}\u2026"


class NotAllowed(Contract):
    """Somebody who may not collect the child, or not be told anything."""

    name = text("Name", max_length=200, sensitivity="safety")
    relation = text("Who they are to the family", required=False, max_length=120, sensitivity="safety", hint="For example, Finn's father.")
    may_not = some_of("What they may not do", MAY_NOT, sensitivity="safety")
    why = text(
        "Why", required=False, max_length=500, multiline=True, sensitivity="safety", hint="For example, a court order, and its date."
    )


def risk_words() -> Any:
    """Describe what a visitor should know to be safe."""
    return text(
        "Anything a visitor should know to be safe?",
        required=False,
        max_length=2000,
        multiline=True,
        sensitivity="safety",
        hint="For example, a dog, or somebody who must not know of the visit.",
    )


def many_not_allowed(**settings: Any) -> Any:
    """Describe who may not collect or be told."""
    return many(NotAllowed, "Who may not collect or be told", at_most=10, required=False, **settings)


def many_addresses(**settings: Any) -> Any:
    """Describe every address, the present one first."""
    return many(DatedAddress, "Addresses", at_most=MOST_ADDRESSES, required=False, **settings)


_NONE: Final[dict[str, Any]] = {"load_default": list, "allow_none": False}


class FamilyWords(Contract):
    """What a family has beside its people; ``address`` is the present one of ``addresses``, for whoever knows of no other."""

    language = text("Language they speak at home", max_length=60, hint="For example, English or Spanish.")
    interpreter = yes_no("Is an interpreter needed?")
    safe_contact = nested(SafeContact, "Before you make contact")
    address = nested(Address, "Where they live", required=False)


class FamilyDetails(FamilyWords, OneHome):
    """A family as a referrer or the family itself describes it."""

    addresses = many_addresses(**_NONE)
    not_allowed = many_not_allowed(**_NONE)
    parents = many(ParentDetails, "Parents and carers", at_least=1, at_most=MOST_PARENTS)
    children = many(ChildDetails, "Children who would come", at_least=1, at_most=MOST_CHILDREN)

    @validates_schema
    def fits_together(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a parent who is younger than their child, and two people with one NHS number."""
        if faults := household_faults(data.get("parents", ()), data.get("children", ())):
            raise ValidationError(dict(faults))


class FamilyRecord(FamilyWords):
    """A family with what it is called and every person's identifier."""

    name = text("Family", max_length=2000, sensitivity="personal")
    parents = many(Parent, "Parents and carers", at_least=1, at_most=MOST_PARENTS)
    children = many(Child, "Children", at_least=1, at_most=MOST_CHILDREN)
    addresses = many_addresses(**_NONE)
    not_allowed = many_not_allowed(**_NONE)
    risks_to_visitors = risk_words()


class Former(Contract):
    """Somebody who has left the family's record: what is kept of them stays until its time is over."""

    id = identifier("Person")
    kind = text("Parent or child", max_length=10)
    name = text("Name", max_length=1000, sensitivity="personal")
    left_on = fields.Date(required=True, metadata={"label": "Left"})
    why = text("Why", required=False, max_length=500, sensitivity="personal")


class Family(FamilyRecord):
    """A family of the registry. Without ``families.change`` NHS numbers, ethnic groups and GPs are left out."""

    id = identifier("Family")
    version = version()
    registered_at = moment("Registered")
    changed_at = moment("Last changed")
    restricted = yes_no("Restricted to named people")
    limited = yes_no("Saved, and not to be used", required=False, load_default=False, allow_none=False)
    former = many(Former, "Who has left", required=False, **_NONE)


class FamilySummary(Contract):
    """A family in a list."""

    id = identifier("Family")
    name = text("Family", max_length=2000, sensitivity="personal")
    children = many(ChildAtAGlance, "Children")
    restricted = yes_no("Restricted to named people")


class FamilyRequest(Contract):
    """Which family."""

    family_id = identifier("Family")


class ChangeFamilyRequest(FamilyWords, OneHome):
    """A family as it is to be from now on; whoever is left out leaves the record.

    ``addresses``, ``not_allowed`` and ``risks_to_visitors`` stay as they are where they are left out.
    """

    family_id = identifier("Family")
    version = version()
    parents = many(ParentChange, "Parents and carers", at_least=1, at_most=MOST_PARENTS)
    children = many(ChildChange, "Children", at_least=1, at_most=MOST_CHILDREN)
    addresses = many_addresses(**_NONE)
    not_allowed = many_not_allowed(**_NONE)
    risks_to_visitors = risk_words()

    @validates_schema
    def fits_together(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a parent who is younger than their child, and two people with one NHS number."""
        if faults := household_faults(data.get("parents", ()), data.get("children", ())):
            raise ValidationError(dict(faults))

    @post_load(pass_original=True)
    def only_what_was_said(self, data: dict[str, Any], original: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out what was left out: it stays as it is."""
        may_stay = ("addresses", "not_allowed", "risks_to_visitors")
        return {name: value for name, value in data.items() if name not in may_stay or name in original}


class ListFamiliesRequest(PageRequest):
    """Every family, by last name; who looks for one searches: see `SearchFamiliesRequest`."""


class StoryEntry(Contract):
    """One thing that happened on a family's way; nothing clinical is ever in it."""

    id = identifier("Entry")
    occurred_at = moment("When")
    kind = text("What happened", max_length=80)
    facts = fields.Dict(keys=fields.String(), required=True)


class Story(Contract):
    """What one service knows of a family's way, newest first."""

    entries = many(StoryEntry, "Story", at_most=1000)


PageOfFamilies = page_of(FamilySummary)
