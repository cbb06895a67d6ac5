"""What a borough decides for itself."""

from chassis.schemas import Contract, whole


class Policy(Contract):
    """What a borough decides for itself; each has a default."""

    child_max_age_months = whole("Oldest child, in months", ge=6, le=216, required=False, load_default=60, allow_none=False)
    missed_before_outreach = whole(
        "Sessions missed in a row before outreach begins", ge=1, le=20, required=False, load_default=2, allow_none=False
    )
    missed_before_escalation = whole(
        "Sessions missed in a row before it becomes urgent", ge=1, le=40, required=False, load_default=4, allow_none=False
    )
