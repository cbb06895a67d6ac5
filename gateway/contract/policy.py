"""What a borough decides for itself."""

from marshmallow import validate

from chassis.schemas import Contract, text, whole


class Policy(Contract):
    """What a borough decides for itself; each has a default."""

    child_max_age_months = whole("Oldest child, in months", ge=6, le=216, required=False, load_default=60, allow_none=False)
    missed_before_outreach = whole(
        "Sessions missed in a row before outreach begins", ge=1, le=20, required=False, load_default=2, allow_none=False
    )
    missed_before_escalation = whole(
        "Sessions missed in a row before it becomes urgent", ge=1, le=40, required=False, load_default=4, allow_none=False
    )
    accent = text(
        "Colour of the borough's pages",
        required=False,
        max_length=7,
        hint="For example, #0f5c63. White words must be readable on it.",
        validate=validate.Regexp(r"#[0-9a-fA-F]{6}\Z", error="Colour: enter it like #0f5c63."),
        load_default="#0f5c63",
        allow_none=False,
    )
