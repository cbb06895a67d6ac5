"""What must be there before the first referral can be taken: each step told from what is there now, kept nowhere."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from gateway.contract.set_up import STEPS, done

Reply = Mapping[str, Any]
_WHERE = {
    "policy": ("Ages, times, what referrers are told", "policy.show"),
    "public_page": ("As families see it", "branding.edit"),
    "camhs": ("The joint assessment is signed by both agencies", "people.invite"),
    "adult_mental_health": ("The joint assessment is signed by both agencies", "people.invite"),
    "venue": ("Where a group meets", "groups.add_venue"),
    "group": ("A family is offered a place in it", "groups.add"),
}


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
    there = done(own, has_venue=bool(venues["items"]), has_group=bool(groups["items"]))
    return [Step(name, there[step], *_told(step, own, there=there[step])) for step, name in STEPS.items()]


def _told(step: str, own: Reply, *, there: bool) -> tuple[str, str]:
    """Return what is known of a step, and where it is done."""
    if not there and own.get(f"{step}_invited"):
        return "Invited, has not joined yet", "people.index"
    return _WHERE[step]


def left(found: list[Step]) -> int:
    """Return how many steps are left."""
    return sum(not step.done for step in found)
