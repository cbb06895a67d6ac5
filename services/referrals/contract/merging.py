"""Two records of one family made one, and that taken back."""

from typing import Final

from marshmallow import fields, validate

from chassis.contract import Operation
from chassis.schemas import Contract, identifier, many, moment, nested, text, version, whole, yes_no
from services.referrals.contract.family import FamilyRequest
from services.referrals.contract.matching import MatchedFamily

UNDO_DAYS: Final = 30
"""For how many days a merge can be undone."""
WHAT_HAPPENS: Final[dict[str, str]] = {
    "referrals": "Every referral of both is kept, under the record that you keep.",
    "services": "Assessments, visits, places, registers, outreach and contacts move to the record that you keep.",
    "only_referred": "The other was only referred. Its referral becomes this family's, and is still to be decided on.",
    "restricted": "One of the two is restricted. The record that you keep is restricted to the same people.",
    "both_restricted": "Both are restricted. Only people named on both will see the record that you keep.",
    "safe_contact": "What the two say of safe contact differs. Unless you choose, only what both call safe counts as safe.",
    "both_ways": "Addresses, phone numbers and who may not collect or be told are kept from both.",
    "one_place": "A family has one place. If both have one, the one that is further on is kept, and the other ends.",
    "one_case": "If both are being reached out to for one reason, that becomes one case.",
    "two_assessments": "If both have a joint assessment under way, both stay, unless one is still blank.",
    "undo": f"You can undo this for {UNDO_DAYS} days. What is written in the meantime stays.",
}
"""What a merge does, in words, as it is said before it is done."""


class SamePerson(Contract):
    """Who somebody of the merged record is in the one that goes on; without ``into`` they join it."""

    merged = identifier("Person of the other record")
    into = identifier("The same person as", required=False)


class _TwoFamilies(Contract):
    into_id = identifier("Record that goes on")
    merged_id = identifier("Record that becomes part of it")


class CompareTwo(_TwoFamilies):
    """Compare two records field by field; those people are taken for the same who probably are."""


class CompareRequest(_TwoFamilies):
    """Compare two records field by field; without ``people``, those are taken for the same who probably are."""

    people = many(SamePerson, "Who is who", at_most=14, required=False)


class Difference(Contract):
    """An answer that differs; ``key`` names it in `MergeRequest`. ``chosen``: what is sensible, ``into``, ``merged`` or ``both``."""

    key = text("Key", max_length=120)
    about = text("About", required=False, max_length=500, sensitivity="personal")
    label = text("What", max_length=200)
    into = text("In the record to keep", required=False, max_length=4000, sensitivity="personal")
    merged = text("In the other", required=False, max_length=4000, sensitivity="personal")
    chosen = text("Sensible choice", max_length=10)
    choices = fields.List(fields.String(), required=True, metadata={"label": "What may be chosen"})


class WhoIsWho(Contract):
    """Somebody of the merged record, with whom they may be in the other."""

    id = identifier("Person")
    side = text("Parent or child", max_length=10)
    name = text("Name", max_length=1000, sensitivity="personal")
    into = identifier("The same person as", required=False)
    may_be = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class Comparison(Contract):
    """Two records side by side, and what making them one would do."""

    into = nested(MatchedFamily, "Record that goes on")
    merged = nested(MatchedFamily, "Record that becomes part of it")
    people = many(WhoIsWho, "Who is who")
    differences = many(Difference, "What differs", at_most=1000)
    happens = fields.List(fields.String(validate=validate.OneOf(WHAT_HAPPENS)), required=True, metadata={"label": "What will happen"})


def _keys(label: str) -> "fields.List[str]":
    rule = validate.Length(max=200, error=f"{label}: name at most 200.")
    return fields.List(fields.String(validate=validate.Length(max=120)), load_default=list, validate=rule, metadata={"label": label})


class MergeRequest(_TwoFamilies):
    """Make two records one. ``take`` names the answers that come from the merged record, ``both`` those in which both count."""

    into_version = whole("Version of the record that goes on", ge=1, le=2**31 - 1)
    merged_version = whole("Version of the other; 0 where it was only referred", ge=0, le=2**31 - 1)
    people = many(SamePerson, "Who is who", at_most=14)
    take = fields.List(
        fields.String(validate=validate.Length(max=120)), load_default=list, metadata={"label": "Answers to take from the other record"}
    )
    both = fields.List(
        fields.String(validate=validate.Length(max=120)), load_default=list, metadata={"label": "Answers in which both count"}
    )
    reason = text(
        "Why are they the same family?",
        max_length=1000,
        multiline=True,
        sensitivity="personal",
        hint="For example, a parent confirmed it.",
    )


class Merge(Contract):
    """Two records that became one."""

    id = identifier("Merge")
    version = version()
    into_id = identifier("Record that goes on")
    merged_id = identifier("Record that became part of it")
    merged_name = text("What that was called", max_length=2000, sensitivity="personal")
    at = moment("When")
    by_name = text("Who decided", max_length=200)
    reason = text("Why", max_length=1000, sensitivity="personal")
    until = moment("Can be undone until")
    can_be_undone = yes_no("Can be undone")
    undone_at = moment("Undone", required=False)
    undone_by = text("Undone by", required=False, max_length=200)


class Merges(Contract):
    """What was merged into a family, newest first, and how many others may be the same family that nobody has decided on yet."""

    waiting = whole("Possible duplicates to look at", ge=0, le=2**31 - 1)
    merges = many(Merge, "Merges", at_most=1000)


class UndoMergeRequest(Contract):
    """Make two records of one again."""

    merge_id = identifier("Merge")
    version = version()
    reason = text("Why are they two families after all?", max_length=1000, multiline=True, sensitivity="personal")


COMPARE_FAMILIES = Operation("referrals", "compare_families", "families.merge", CompareRequest, Comparison)
MERGE_FAMILIES = Operation("referrals", "merge_families", "families.merge", MergeRequest, Merge, changes=True)
UNDO_MERGE = Operation("referrals", "undo_merge", "families.merge", UndoMergeRequest, Merge, changes=True)
FAMILY_MERGES = Operation("referrals", "family_merges", "families.merge", FamilyRequest, Merges)

OPERATIONS: tuple[Operation, ...] = (COMPARE_FAMILIES, MERGE_FAMILIES, UNDO_MERGE, FAMILY_MERGES)
