"""What a borough decides for itself, and the versions of it."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from marshmallow import EXCLUDE, ValidationError, validates_schema

from chassis.contract import Operation
from chassis.schemas import (
    Contract,
    Nothing,
    PageRequest,
    choice,
    day,
    instance_of,
    many,
    moment,
    nested,
    page_of,
    text,
    version,
    wall_time,
    whole,
)

ENGAGEMENTS: Final[Mapping[str, str]] = {
    "open_ended": "As long as they want to",
    "time_limited": "For a number of weeks, with a review at the end",
}
REFERRERS_TOLD: Final[Mapping[str, str]] = {
    "nothing": "Only that the referral arrived",
    "outcome": "The outcome",
    "status": "Where it stands, all the way",
}
"""The most that any referrer is told; a family may agree to less. From least to most."""
_NOT_YET: Final = "Kept for when it is there: nothing goes by it yet."
POLICY_STATES: Final[Mapping[str, str]] = {"applied": "In force, or was", "upcoming": "Still to come", "withdrawn": "Taken back"}


_OUTWARD: Final = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")


def _real_outward_codes(written: str) -> None:
    """Let first halves of postcodes pass, with blanks or commas between them; two letters at most, a figure, one more sign."""
    wrong = [code for code in re.split(r"[\s,]+", written.strip()) if code and not _OUTWARD.fullmatch(code.upper())]
    if wrong:
        raise ValidationError(f"The borough's postcodes: {wrong[0][:10]} is not the first half of a postcode, like SE15.")


class Policy(Contract):
    """What a borough decides for itself; each has a default."""

    engagement = choice(
        "How long may a family come?",
        ENGAGEMENTS,
        required=False,
        load_default="open_ended",
        allow_none=False,
        hint=f"The end of the weeks opens a review. It never ends a place: only a person does. {_NOT_YET}",
    )
    engagement_weeks = whole("Weeks until that review", ge=1, le=260, required=False, hint="Only where there is a number of weeks")
    review_weeks = whole("Weeks between reviews of a plan", ge=1, le=52, required=False, load_default=6, allow_none=False, hint=_NOT_YET)
    first_contact_days = whole(
        "Working days from a referral to the first contact", ge=1, le=60, required=False, load_default=5, allow_none=False
    )
    assessment_days = whole(
        "Working days from a referral to the joint assessment", ge=1, le=250, required=False, load_default=20, allow_none=False
    )
    missed_before_outreach = whole(
        "Sessions missed in a row before outreach begins", ge=1, le=20, required=False, load_default=2, allow_none=False
    )
    missed_before_escalation = whole(
        "Sessions missed in a row before it becomes urgent", ge=1, le=40, required=False, load_default=4, allow_none=False
    )
    child_min_age_months = whole("Youngest child, in months", ge=0, le=215, required=False, load_default=0, allow_none=False)
    child_max_age_months = whole("Oldest child, in months", ge=6, le=216, required=False, load_default=60, allow_none=False)
    outward_codes = text(
        "The borough's postcodes, first halves",
        required=False,
        max_length=600,
        load_default="",
        allow_none=False,
        validate=_real_outward_codes,
        hint="For example, SE1 SE5 SE15. A family at another one may still come where it uses services in the borough.",
    )
    group_capacity = whole("Families in a new group", ge=1, le=60, required=False, load_default=8, allow_none=False)
    register_hours = whole(
        "Hours after a session in which its register is closed", ge=1, le=336, required=False, load_default=24, allow_none=False
    )
    retention_years = whole(
        "Years that a family's record is kept after its last contact",
        ge=1,
        le=100,
        required=False,
        load_default=20,
        allow_none=False,
        hint="The NHS Records Management Code keeps mental health records for 20 years, and a child's until the 25th birthday at least.",
    )
    quiet_from = wall_time(
        "No messages to families from", required=False, load_default=time(20), allow_none=False, hint=f"For example, 20:00. {_NOT_YET}"
    )
    quiet_until = wall_time(
        "Messages to families again from", required=False, load_default=time(8), allow_none=False, hint=f"For example, 08:00. {_NOT_YET}"
    )
    referrers_told = choice(
        "What may a referrer be told, where the family agrees?", REFERRERS_TOLD, required=False, load_default="status", allow_none=False
    )

    @validates_schema(skip_on_field_errors=False)
    def _hold_together(self, data: Mapping[str, Any], **_: object) -> None:
        """Refuse values that contradict each other."""
        faults: dict[str, list[str]] = {}
        if data.get("engagement") == "time_limited" and data.get("engagement_weeks") is None:
            faults["engagement_weeks"] = ["Weeks until that review: enter how many weeks."]
        if _above(data, "missed_before_outreach", "missed_before_escalation"):
            faults["missed_before_escalation"] = [
                "Sessions missed before it becomes urgent: this can't be fewer than before outreach begins."
            ]
        if _above(data, "child_min_age_months", "child_max_age_months"):
            faults["child_min_age_months"] = ["Youngest child: this can't be older than the oldest."]
        if _above(data, "first_contact_days", "assessment_days"):
            faults["assessment_days"] = ["Days to the joint assessment: this can't be fewer than to the first contact."]
        if faults:
            raise ValidationError(faults)


def _above(data: Mapping[str, Any], low: str, high: str) -> bool:
    return isinstance(data.get(low), int) and isinstance(data.get(high), int) and data[low] > data[high]


def kept_policy(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return a loaded policy as it is kept and told of: JSON, every value there."""
    kept: dict[str, Any] = instance_of(Policy).dump({**whole_policy({}), **policy})
    return kept


def whole_policy(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy as it was kept with typed values; what an older version did not know yet has its default."""
    complete: dict[str, Any] = instance_of(Policy).load(dict(kept), unknown=EXCLUDE)
    return complete


class PolicyVersion(Contract):
    """One decision on the policy: from which day on, by whom, why."""

    number = whole("Version", ge=1, le=2**31 - 1)
    effective_on = day("From")
    reason = text("Why", max_length=500)
    by_name = text("Decided by")
    decided_at = moment("Decided")
    state = choice("State", POLICY_STATES)
    applied_at = moment("In force since", required=False)
    withdrawn_at = moment("Taken back", required=False)
    withdrawn_by = text("Taken back by", required=False)
    policy = nested(Policy, "Policy")


class PolicyNow(Contract):
    """The policy in force and what is to come; ``version`` counts decisions, and a change names the one it was made on."""

    version = version()
    current = nested(PolicyVersion, "In force")
    upcoming = many(PolicyVersion, "Still to come", at_most=1000)
    reviewed_at = moment("Reviewed", required=False, hint="When an administrator first found it right, or changed it")


class ChangePolicyRequest(Policy):
    """The whole policy as it is to be from a day on."""

    version = version()
    effective_on = day("From which day?", required=False, hint="Leave it empty for today")
    reason = text("Why?", max_length=500, multiline=True, hint="In a sentence or two. Everybody who sees the policy can read it.")


class WithdrawPolicyRequest(Contract):
    """Which decision is taken back, made on which version."""

    version = version()
    number = whole("Version", ge=1, le=2**31 - 1)


class ReviewPolicyRequest(Contract):
    """The version that was found right."""

    version = version()


GET_POLICY = Operation("gateway", "get_policy", "boroughs.read", Nothing, PolicyNow)
LIST_POLICY_VERSIONS = Operation("gateway", "list_policy_versions", "boroughs.read", PageRequest, page_of(PolicyVersion))
CHANGE_POLICY = Operation("gateway", "change_policy", "boroughs.manage", ChangePolicyRequest, PolicyNow, changes=True)
WITHDRAW_POLICY = Operation("gateway", "withdraw_policy", "boroughs.manage", WithdrawPolicyRequest, PolicyNow, changes=True)
REVIEW_POLICY = Operation("gateway", "review_policy", "boroughs.manage", ReviewPolicyRequest, PolicyNow, changes=True)

OPERATIONS: tuple[Operation, ...] = (GET_POLICY, LIST_POLICY_VERSIONS, CHANGE_POLICY, WITHDRAW_POLICY, REVIEW_POLICY)
