"""Finding families as people look for them: one box, whatever is known of somebody."""

from typing import Final

from marshmallow import fields

from chassis.contract import Operation
from chassis.schemas import Contract, PageRequest, choice, day, identifier, many, text, whole, yes_no
from services.referrals.contract.codes import STATUSES

LONGEST_SEARCH: Final = 200
"""Characters that may be typed into the search box."""

LOOKED_FOR: Final[dict[str, str]] = {
    "name": "a name",
    "born": "a date of birth",
    "phone": "a phone number",
    "email": "an email address",
    "nhs": "an NHS number",
    "postcode": "a postcode",
    "reference": "a reference",
}
"""What something that was typed is taken for."""

HOW: Final[dict[str, str]] = {
    "exact": "exactly",
    "begins": "begins like this",
    "part": "a part of it",
    "short": "a short form of it",
    "sounds": "sounds alike",
    "typo": "spelt nearly so",
}
"""How something that is kept is like what was typed, the closest first."""


class SearchFamiliesRequest(PageRequest):
    """Families by whatever is known of somebody."""

    query = text(
        "Name, date of birth, phone, NHS number, postcode or reference",
        max_length=LONGEST_SEARCH,
        sensitivity="personal",
        hint="Any of them, also together. For example, doyle 16/7/2024.",
    )
    limit = whole("How many", ge=1, le=100, required=False, load_default=10, allow_none=False)


class Term(Contract):
    """One thing that was typed, and what it was taken for; several where it can be more than one."""

    typed = text("Typed", max_length=LONGEST_SEARCH, sensitivity="personal")
    kinds = fields.List(fields.String(), required=True, metadata={"label": "Taken for"})
    day = day("The day", required=False, sensitivity="personal")
    fault = text("What is wrong with it", required=False, max_length=200)


class Reason(Contract):
    """Why a family was found: what of it is like what was typed."""

    typed = text("Typed", max_length=LONGEST_SEARCH, sensitivity="personal")
    kind = choice("What matched", LOOKED_FOR)
    how = choice("How", HOW)
    words = text("In words", max_length=1000, sensitivity="personal")


class FoundPerson(Contract):
    """Somebody of a family that was found."""

    id = identifier("Person")
    name = text("Name", max_length=1000, sensitivity="personal")
    birth_date = day("Date of birth", required=False, sensitivity="personal")
    expected_date = day("Expected", required=False, sensitivity="personal")


class FoundFamily(Contract):
    """A family that was found. One that is not in the registry yet has the referral that it is known by."""

    family_id = identifier("Family")
    name = text("Family", max_length=2000, sensitivity="personal")
    referral_id = identifier("Referral", required=False)
    status = choice("The referral stands at", STATUSES, required=False)
    parents = many(FoundPerson, "Parents and carers")
    children = many(FoundPerson, "Children")
    restricted = yes_no("Restricted to named people")
    why = many(Reason, "Why it was found")


class FoundFamilies(Contract):
    """A page of families, the closest first.

    ``matched`` of the ``terms`` are true of each family here: of all of them where such a family is there, else of as many as can be.
    ``complete`` is false while families are still being made findable, after an upgrade.
    """

    items = fields.List(fields.Nested(FoundFamily), required=True)
    next = fields.String(allow_none=True, required=True)
    total = fields.Integer(required=True)
    terms = many(Term, "How it was understood")
    matched = whole("Terms that match", ge=0, le=LONGEST_SEARCH)
    complete = yes_no("Every family can be found")


SEARCH_FAMILIES = Operation("referrals", "search_families", "families.read", SearchFamiliesRequest, FoundFamilies)
"""It changes nothing and is posted all the same: no name is to stand in an address."""

OPERATIONS: tuple[Operation, ...] = (SEARCH_FAMILIES,)
