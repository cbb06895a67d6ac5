"""The people of a family: parents and other carers, and children, expected babies too."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from marshmallow import Schema, ValidationError, post_load, validates_schema

from chassis import clock
from chassis.schemas import Contract, choice, day, email, identifier, many, text, whole
from services.referrals.contract.codes import ETHNICITIES, RELATIONSHIPS, RESPONSIBILITY
from services.referrals.contract.contact import ContactPoint, real_phone
from services.referrals.contract.nhs_number import nhs_number

LONGEST_NAME: Final = 400
"""Letters that a name may have: enough for one of forty parts."""
EXPECTED_BABY: Final = "expected baby"
"""What a baby without a name yet is called."""
MOST_PARENTS: Final = 6
MOST_CHILDREN: Final = 8

_DUE_WITHIN: Final = timedelta(days=300)
_DUE_SINCE: Final = timedelta(days=60)


def _name(label: str, parent_label: str = "", *, required: bool = True, hint: str = "") -> Any:
    words = {"sensitivity": "personal", "parent_label": parent_label, "hint": hint}
    return text(label, required=required, max_length=LONGEST_NAME, **words)  # type: ignore[arg-type]  # words are those of text


def called(person: Mapping[str, Any]) -> str:
    """Return what somebody is called by: their preferred name, else their first; a baby without one is an expected baby."""
    return str(person.get("preferred_name") or person.get("given_name") or EXPECTED_BABY)


class PersonAnswers(Contract):
    """What a person is asked of themselves, but for how they are reached and what they need."""

    middle_names = _name("Middle names", required=False)
    preferred_name = _name("What they like to be called", "What you like to be called", required=False, hint="If it is not the first name.")
    nhs_number = nhs_number()
    ethnicity = choice("Ethnic group", ETHNICITIES, required=False, sensitivity="personal", hint="Ask, and write down what they say.")
    language = text("First language", required=False, max_length=60, sensitivity="personal", hint="If it is not the family's.")
    gp = text("GP practice", required=False, max_length=200, sensitivity="personal")


class AccessNeeds(Contract):
    """What somebody needs to take part."""

    access_needs = text(
        "What they need to take part",
        required=False,
        max_length=1000,
        multiline=True,
        sensitivity="personal",
        hint="For example, step-free access, large print, a quiet corner.",
        parent_label="Anything that would make it easier to come",
    )


class PersonWords(PersonAnswers, AccessNeeds):
    """What may be known of anybody in a family; nothing of it has to be."""


class RelationDetails(Contract):
    """What an adult is to one child, named by their place in the list of children (from 0): as a referral has it."""

    child = whole("Child", ge=0, le=MOST_CHILDREN - 1)
    relation = choice("What they are to this child", RELATIONSHIPS)
    parental_responsibility = choice(
        "Do they have parental responsibility?", RESPONSIBILITY, required=False, load_default="not_known", allow_none=False
    )


class Relation(Contract):
    """What an adult is to one child of the family."""

    child_id = identifier("Child")
    relation = choice("What they are to this child", RELATIONSHIPS)
    parental_responsibility = choice(
        "Do they have parental responsibility?", RESPONSIBILITY, required=False, load_default="not_known", allow_none=False
    )


def _points(**settings: Any) -> Any:
    return many(ContactPoint, "Phone numbers and email addresses", at_most=10, required=False, **settings)


def _relations(of: type[Schema], **settings: Any) -> Any:
    return many(of, "What they are to each child", at_most=MOST_CHILDREN, required=False, **settings)


_NONE: Final[dict[str, Any]] = {"load_default": list, "allow_none": False}


class ParentNames(Contract):
    """What an adult is called and is to the children."""

    title = text("Title", required=False, max_length=40, sensitivity="personal", hint="For example, Ms or Dr.")
    given_name = _name("First name", "Your first name")
    family_name = _name("Last name", "Your last name")
    relationship = choice("What they are to the child", RELATIONSHIPS, parent_label="What you are to the child")


class ParentWords(ParentNames, PersonWords):
    """An adult of the family, without dates.

    ``phone`` and ``email`` are the first safe ones of ``contact_points``; whoever knows of no others may give them alone.
    """

    phone = text("Phone", required=False, max_length=24, sensitivity="personal", parent_label="Your phone number", validate=real_phone)
    email = email("Email", required=False, sensitivity="personal", parent_label="Your email address")
    contact_points = _points(**_NONE)


class ParentBirth(Contract):
    """When an adult was born."""

    birth_date = day(
        "Date of birth",
        required=False,
        not_future=True,
        hint="If you know it. For example, 16 7 1995.",
        sensitivity="personal",
        parent_label="Your date of birth",
    )


class ParentDetails(ParentWords, ParentBirth):
    """An adult of the family, as a person enters them; ``relations`` may be left out where they are the same to every child."""

    relations = _relations(RelationDetails, **_NONE)


class ParentChange(ParentWords, ParentBirth):
    """An adult of a family that is there already; without ``id`` it is one more. What is left out stays as it is."""

    id = identifier("Parent", required=False)
    relations = _relations(Relation, **_NONE)

    @post_load(pass_original=True)
    def only_what_was_said(self, data: dict[str, Any], original: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out what was left out: it stays as it is."""
        return _said(data, original, *PERSON_FIELDS, "title", "contact_points", "relations")


class Parent(ParentWords):
    """An adult of the family, as the registry holds them."""

    id = identifier("Parent")
    birth_date = day("Date of birth", required=False, sensitivity="personal")
    relations = _relations(Relation, **_NONE)


class ChildNames(Contract):
    """What a child is called; a baby that is expected may have no name yet."""

    given_name = _name("First name", "Your child's first name", required=False)
    family_name = _name("Last name", "Your child's last name", required=False)


class ChildSchool(Contract):
    """Where a child spends the day."""

    school_or_nursery = text("School or nursery", required=False, max_length=200, sensitivity="personal")


class ChildWords(ChildNames, PersonWords, ChildSchool):
    """A child of the family, without dates."""


class ChildBirth(Contract):
    """When a child was born, or is expected."""

    birth_date = day(
        "Date of birth",
        required=False,
        not_future=True,
        hint="For example, 16 7 2024.",
        sensitivity="personal",
        parent_label="Your child's date of birth",
    )
    expected_date = day(
        "Date the baby is expected",
        required=False,
        sensitivity="personal",
        hint="Only for a baby that is not born yet.",
        parent_label="When your baby is due",
    )

    @validates_schema
    def born_or_expected(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a child without a date, a born one without a name, and a due date that can't be."""
        if faults := _child_faults(data):
            raise ValidationError(faults)

    @post_load
    def plainly(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Forget when a baby was expected once it is born; a name that is not known is empty."""
        names: dict[str, Any] = {name: data[name] or "" for name in ("given_name", "family_name") if name in data}
        born: dict[str, Any] = {"expected_date": None} if data.get("birth_date") else {}
        return {**data, **names, **born}


def _child_faults(child: Mapping[str, Any]) -> dict[str, list[str]]:
    if child.get("birth_date"):
        names = {"given_name": "First name", "family_name": "Last name"}
        return {name: [f"{label}: this is needed."] for name, label in names.items() if not child.get(name)}
    if not child.get("expected_date"):
        return {"birth_date": ["Date of birth: this is needed. For a baby that is not born yet, give the date it is expected."]}
    return (
        {}
        if _can_be_due(child["expected_date"])
        else {"expected_date": ["Date the baby is expected: check it. It must be within ten months."]}
    )


def _can_be_due(on: date) -> bool:
    today = clock.today()
    return today - _DUE_SINCE <= on <= today + _DUE_WITHIN


class ChildDetails(ChildWords, ChildBirth):
    """A child of the family, as a person enters them."""


class ChildChange(ChildDetails):
    """A child of a family that is there already; without ``id`` it is one more. What is left out stays as it is."""

    id = identifier("Child", required=False)

    @post_load(pass_original=True)
    def only_what_was_said(self, data: dict[str, Any], original: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out what was left out: it stays as it is."""
        return _said(data, original, *PERSON_FIELDS, "school_or_nursery")


class ChildAtAGlance(ChildNames):
    """A child in a list; one without a birth date is expected."""

    id = identifier("Child")
    preferred_name = _name("What they like to be called", required=False)
    birth_date = day("Date of birth", required=False, sensitivity="personal")
    expected_date = day("Expected", required=False, sensitivity="personal")


class Child(ChildWords):
    """A child of the family, as the registry holds them; one without a birth date is expected."""

    id = identifier("Child")
    birth_date = day("Date of birth", required=False, sensitivity="personal")
    expected_date = day("Expected", required=False, sensitivity="personal")

    @post_load
    def plainly(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Write a name that is not known as an empty one."""
        return {**data, "given_name": data["given_name"] or "", "family_name": data["family_name"] or ""}


PERSON_FIELDS: Final = tuple(PersonWords().fields)
"""What may be known of anybody in a family."""


def _said(data: Mapping[str, Any], original: Mapping[str, Any], *may_stay: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in may_stay or name in original}
