"""The code sets of a joint assessment: codes are stored, words are shown."""

from typing import Final

STATUSES: Final[dict[str, str]] = {
    "waiting": "Visit to arrange",
    "visit_arranged": "Visit arranged",
    "visited": "To write and sign",
    "agreed": "Agreed",
    "closed": "Closed",
}
"""Where a joint assessment stands."""

VISIT_STATUSES: Final[dict[str, str]] = {
    "arranged": "Arranged",
    "done": "Done",
    "missed": "The family was not in",
    "cancelled": "Cancelled",
}
"""Where a visit stands."""

OUTCOMES: Final[dict[str, str]] = {
    "offer_place": "Offer a place",
    "not_now": "Not now",
    "refer_on": "Refer on to another service",
    "no_further_action": "No further action",
}
"""What the two agencies decide."""

SIDES: Final[dict[str, str]] = {"camhs": "CAMHS", "adult_mental_health": "Adult mental health team"}
"""The two kinds of agency that assess together: the child's side and the parent's side."""

AGENCY_KINDS: Final[dict[str, str]] = {
    **SIDES,
    "childrens_centre": "Children's centre",
    "referring": "Referring service",
}
"""Every kind of agency in a borough."""
