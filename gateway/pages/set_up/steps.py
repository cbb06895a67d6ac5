"""What must be there before the first referral can be taken: each step told from what is there now, kept nowhere."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Reply = Mapping[str, Any]


class Step(NamedTuple):
    """One thing that must be there.

    Attributes:
        name: what it is.
        done: whether it is there.
        more: what is known of it, or why it matters.
        endpoint: the page where it is done.
    """

    name: str
    done: bool
    more: str
    endpoint: str


def steps(own: Reply, venues: Reply, groups: Reply) -> list[Step]:
    """Return every step in the order in which they are best taken.

    Args:
        own: what the gateway says, see `gateway.contract.SetUp`.
        venues: a page of venues; one is enough.
        groups: a page of groups; one is enough.
    """
    return [
        Step("Review the policy", bool(own["policy_reviewed_at"]), "Ages, times, what referrers are told", "policy.show"),
        Step("Check the public page", bool(own["public_page_checked_at"]), "As families see it", "looks.edit"),
        _people("A practitioner from CAMHS", own["camhs"], own["camhs_invited"]),
        _people("A practitioner from the adult mental health team", own["adult_mental_health"], own["adult_mental_health_invited"]),
        Step("A venue", bool(venues["items"]), "Where a group meets", "groups.add_venue"),
        Step("A group", bool(groups["items"]), "A family is offered a place in it", "groups.add"),
    ]


def _people(name: str, here: int, invited: int) -> Step:
    more = "Invited, has not joined yet" if invited and not here else "The joint assessment is signed by both agencies"
    return Step(name, here > 0, more, "people.index" if invited and not here else "people.invite")


def left(found: list[Step]) -> int:
    """Return how many steps are left."""
    return sum(not step.done for step in found)
