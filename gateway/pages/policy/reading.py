"""A policy in words: its values by part, and what differs between two of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from gateway.contract import Policy
from gateway.pages.answers import answer
from gateway.pages.conflict import Difference, differences
from gateway.pages.forms import Filled, Form

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Who may come, and for how long": (
        "outward_codes",
        "child_min_age_months",
        "child_max_age_months",
        "engagement",
        "engagement_weeks",
        "group_capacity",
    ),
    "In good time": ("first_contact_days", "assessment_days", "review_weeks", "register_hours"),
    "When sessions are missed": ("missed_before_outreach", "missed_before_escalation"),
    "What is told and kept": ("referrers_told", "quiet_from", "quiet_until", "retention_years"),
}
"""Every value of a policy, in the order in which people read them."""
ORDER: Final = tuple(name for names in PARTS.values() for name in names)

Section = tuple[str, list[tuple[str, str]]]
FORM: Final = Form(Policy, order=ORDER)


def filled(policy: Mapping[str, Any]) -> Filled:
    """Return a policy as a form that holds it."""
    return FORM.blank(**policy)


def in_words(policy: Mapping[str, Any]) -> list[Section]:
    """Return each part's title with its values, as term and words; what does not apply is left out."""
    widgets = filled(policy).widgets
    return [(title, [(widgets[name].label, words) for name in names if (words := answer(widgets[name]))]) for title, names in PARTS.items()]


class Told(NamedTuple):
    """A version, and what it changed: in each difference ``theirs`` is before and ``yours`` after."""

    version: Mapping[str, Any]
    changed: list[Difference]


def with_changes(versions: Sequence[Mapping[str, Any]], before: Mapping[str, Any] | None) -> list[Told]:
    """Return versions, newest first, each with what it changed against the one before.

    Args:
        versions: newest first, without a gap.
        before: the version before the last of them; None where that is the first there is.
    """
    earlier = [*versions[1:], before]
    return [Told(version, _changed(version, other)) for version, other in zip(versions, earlier, strict=True)]


def _changed(version: Mapping[str, Any], other: Mapping[str, Any] | None) -> list[Difference]:
    return differences(filled(version["policy"]), filled(other["policy"])) if other else []
