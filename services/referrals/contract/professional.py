"""A professional's referral as it is written: a question a page. The steps, and the whole that they make."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import validates_schema

from chassis.schemas import Contract, choice, day, many, nested, text, whole, yes_no
from services.referrals.contract.agreement import MOST_SHARED, Shared, refuse_without_agreement
from services.referrals.contract.codes import AGREES, CAME_BY, MAY_BE_TOLD, RELATIONSHIPS, RESPONSIBILITY
from services.referrals.contract.family import FamilyDetails
from services.referrals.contract.person import MOST_CHILDREN, MOST_PARENTS
from services.referrals.contract.referral import ReferralWords, ReferrerDetails


class PairDetails(Contract):
    """What one adult is to one child, each named by their place in their list, from 0."""

    parent = whole("Parent", ge=0, le=MOST_PARENTS - 1)
    child = whole("Child", ge=0, le=MOST_CHILDREN - 1)
    relation = choice("What they are to this child", RELATIONSHIPS)
    parental_responsibility = choice(
        "Do they have parental responsibility?", RESPONSIBILITY, required=False, load_default="not_known", allow_none=False
    )


class ProfessionalReferral(FamilyDetails, ReferralWords):
    """Everything that a professional is asked; each step asks some of these fields."""

    referrer = nested(ReferrerDetails, "About you")
    family_knows = yes_no("Does the family know that you are referring them?")
    agrees = choice(
        "Do they agree to be referred?",
        AGREES,
        hint="Nobody meets the family before they agree. A parent may change their mind at any time.",
    )
    relations = many(
        PairDetails,
        "Who is what to whom",
        at_most=MOST_PARENTS * MOST_CHILDREN,
        required=False,
        load_default=list,
        allow_none=False,
    )
    access_needs = text(
        "Does anybody need something to take part?",
        required=False,
        max_length=1000,
        multiline=True,
        sensitivity="personal",
        hint="For example, step-free access, somewhere quiet, large print. Leave empty if not.",
    )
    care_team = text(
        "Which team, and since when?",
        required=False,
        max_length=500,
        sensitivity="clinical",
        hint="If you know it. A parent who is with the team can still be referred.",
    )
    other_services = text(
        "Who else is working with the family?",
        required=False,
        max_length=1000,
        multiline=True,
        sensitivity="clinical",
        hint="For example, a health visitor, a social worker, a nursery. Leave empty if nobody, or not known.",
    )
    share_with = many(Shared, "What may be shared with whom?", at_most=MOST_SHARED, required=False, load_default=list, allow_none=False)
    may_be_told = choice("What may we tell you afterwards?", MAY_BE_TOLD, hint="Ask the family what they agree to.")

    @validates_schema
    def has_agreement(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a referral of a family that said no."""
        refuse_without_agreement(data)


class StaffReferral(ProfessionalReferral):
    """A referral that came by phone or letter, written down by somebody of the team: who referred, and how it came."""

    came_by = choice("How did it arrive?", CAME_BY)
    taken_by = text("Who took it?", max_length=200, sensitivity="personal", hint="Whoever spoke to the referrer, or opened the letter.")
    received_on = day("When did it arrive?", not_future=True, hint="Waiting is counted from this day.")


Steps = Mapping[str, tuple[str, ...]]

PROFESSIONAL_STEPS: Final[Steps] = {
    "you": ("referrer",),
    "agreement": ("family_knows", "agrees"),
    "children": ("children",),
    "parents": ("parents",),
    "relations": ("relations",),
    "home": ("address", "borough_link"),
    "contact": ("safe_contact",),
    "not_told": ("not_allowed",),
    "language": ("language", "interpreter"),
    "access": ("access_needs",),
    "why_now": ("why_now",),
    "concern": ("concern", "parental_need"),
    "care": ("secondary_care", "care_team"),
    "services": ("other_services",),
    "risks": ("risks_to_visitors",),
    "urgency": ("urgency",),
    "sharing": ("share_with",),
    "told": ("may_be_told",),
}
"""The steps in their order, with the fields that each asks."""

STAFF_STEPS: Final[Steps] = {"intake": ("came_by", "taken_by", "received_on"), **PROFESSIONAL_STEPS}
