"""Does the group fit this family? Each criterion with its answer and the fact that it rests on."""

from typing import Final

from chassis.schemas import Contract, choice, moment, text, yes_no

CRITERIA: Final[dict[str, str]] = {
    "borough": "Lives in the borough or uses its services",
    "child_age": "A child of the right age",
    "parental_need": "A parent struggles with their mental health",
    "below_threshold": "Below the threshold of the Community Mental Health Team",
    "agreement": "A parent agrees",
}
"""What the programme is for: domain.md. Which outward codes and ages count is the borough's policy."""

CLINICAL_CRITERIA: Final[frozenset[str]] = frozenset({"parental_need", "below_threshold"})
"""Criteria whose answers are clinical."""

ANSWERS: Final[dict[str, str]] = {"met": "Met", "not_met": "Not met", "not_known": "Not known"}

FITS: Final[dict[str, str]] = {
    "fits": "All criteria met",
    "find_out": "Something to find out",
    "flagged": "Under a Community Mental Health Team",
    "does_not_fit": "Not all criteria met",
    "hidden": "Clinical",
}
"""All criteria in one word. A parent under the team is flagged, never sent away by a rule: people decide."""


class Criterion(Contract):
    """One criterion, its answer, and the fact that it rests on."""

    criterion = choice("Criterion", CRITERIA)
    answer = choice("Answer", ANSWERS, required=False, sensitivity="clinical")
    fact = text("What it rests on", required=False, max_length=500, sensitivity="clinical")
    flagged = yes_no("To be looked at")
    by_name = text(
        "Answered by", required=False, max_length=200, hint="Somebody of the team, where the answer is not worked out from the referral."
    )
    at = moment("Answered", required=False)
