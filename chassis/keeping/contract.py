"""What crosses when a family asks what is held, or is erased: one operation and one report at every service, and what tells them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from marshmallow import fields, validate

from chassis.auditing.contract import SERVICES
from chassis.contract import EventType, Operation
from chassis.schemas import Contract, choice, identifier, many, moment, text, yes_no

MANAGE: Final = "records.manage"
"""Answer people who ask what is held of them, and decide what is kept, held, given out and erased."""
ABOUT: Final[Mapping[str, str]] = MappingProxyType(
    {"family": "The whole family", "parent": "A parent", "child": "A child", "referrer": "Who referred them", "staff": "Staff"}
)
"""Whom a part of a record is about: what is about somebody else is looked at before it is given out."""
REPORTS: Final[Mapping[str, str]] = MappingProxyType(
    {"ready": "Ready to erase", "done": "Erased", "held": "Stopped: a legal hold forbids it"}
)
MOST_ITEMS: Final = 5_000
LONGEST_WORDS: Final = 20_000


class HeldRequest(Contract):
    """Of which family."""

    family_id = identifier("Family")


class HeldLine(Contract):
    """One thing that is written down, under its label."""

    label = text("What", max_length=200)
    words = text("Words", max_length=LONGEST_WORDS, required=False, sensitivity="personal")


class HeldItem(Contract):
    """One record that is held: what it is, from when, whom it is about, and every word of it."""

    heading = text("Heading", max_length=100)
    title = text("Record", max_length=200)
    at = moment("When", required=False)
    about = choice("About", ABOUT)
    person_id = identifier("Person", required=False)
    lines = many(HeldLine, "Lines", at_most=2_000)


class Held(Contract):
    """Everything that one service holds of a family."""

    items = many(HeldItem, "Records", at_most=MOST_ITEMS)


def _digests() -> "fields.List[str]":
    return fields.List(fields.String(), required=True, validate=validate.Length(max=5_000), metadata={"label": "Digests"})


class MarkFacts(Contract):
    """What was decided about a family's record. The subject is the family, the sequence counts the decisions."""

    family_id = identifier("Family")
    held = yes_no("It may not be erased")
    limited = yes_no("It may not be used")


class AskedFacts(Contract):
    """Somebody decided that a record is to be erased: every service says whether it is ready. The subject is the erasure."""

    family_id = identifier("Family")


class FamilyErasedFacts(Contract):
    """Everything about a family is to go. The subject is the erasure.

    ``also`` are families that were merged into it; ``known`` its people and referrals. No word of it is told: ``digests`` are salted
    digests of its names, which somebody may have searched for, ``exact`` those of its mail addresses and references.
    """

    family_id = identifier("Family")
    also = fields.List(fields.UUID(), load_default=list, metadata={"label": "Merged families"})
    known = fields.List(fields.UUID(), load_default=list, metadata={"label": "People and referrals"})
    salt = text("Salt", max_length=64)
    digests = _digests()
    exact = _digests()


class PersonErasedFacts(Contract):
    """Every word that names one person is to go; the family stays. The subject is the erasure. The words come as salted digests.

    ``also`` are families that were merged into it: what was said of the person before names those.
    """

    family_id = identifier("Family")
    also = fields.List(fields.UUID(), load_default=list, metadata={"label": "Merged families"})
    person_id = identifier("Person")
    salt = text("Salt", max_length=64)
    digests = _digests()


class ReportFacts(Contract):
    """How far one service is. The subject is the erasure; the sequence is 1 for ready, 2 for the end."""

    family_id = identifier("Family")
    state = choice("State", REPORTS)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), load_default=dict, metadata={"label": "Rows by table"})


RECORD_MARKED = EventType("referrals.record.marked", MarkFacts)
ERASURE_ASKED = EventType("referrals.erasure.asked", AskedFacts)
FAMILY_ERASED = EventType("referrals.family.erased", FamilyErasedFacts)
PERSON_ERASED = EventType("referrals.person.erased", PersonErasedFacts)
ERASURE_FINISHED = EventType("referrals.erasure.finished", FamilyErasedFacts)
EVENTS: Final = (RECORD_MARKED, ERASURE_ASKED, FAMILY_ERASED, PERSON_ERASED, ERASURE_FINISHED)
"""What referrals, which decides, tells everybody."""

ERASURE_REPORTED: Final[Mapping[str, EventType]] = MappingProxyType(
    {service: EventType(f"{service}.erasure.reported", ReportFacts) for service in SERVICES}
)
HELD: Final[Mapping[str, Operation]] = MappingProxyType(
    {service: Operation(service, "everything_held", MANAGE, HeldRequest, Held) for service in SERVICES}
)
