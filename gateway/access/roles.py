"""The one table of who may do what."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

ROLES: Mapping[str, str] = MappingProxyType(
    {
        "administrator": "Borough administrator",
        "practitioner": "Practitioner",
        "facilitator": "Facilitator",
        "referrer": "Referrer",
    }
)
"""The roles a member may hold (one or several), in the words people use."""

ALLOWED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "administrator": frozenset({"boroughs.read", "boroughs.manage", "people.read", "people.manage", "groups.read", "groups.manage"}),
        "practitioner": frozenset(
            {
                "boroughs.read",
                "people.read",
                "referrals.refer",
                "referrals.read",
                "referrals.read_own",
                "referrals.read_clinical",
                "referrals.triage",
                "families.read",
                "families.change",
                "assessments.read",
                "assessments.visit",
                "assessments.edit",
                "assessments.sign",
                "groups.read",
                "places.manage",
                "registers.read",
                "outreach.read",
                "outreach.work",
            }
        ),
        "facilitator": frozenset(
            {
                "boroughs.read",
                "people.read",
                "referrals.refer",
                "referrals.read_own",
                "families.read",
                "groups.read",
                "groups.manage",
                "places.manage",
                "registers.read",
                "registers.record",
                "outreach.read",
                "outreach.work",
            }
        ),
        "referrer": frozenset({"boroughs.read", "referrals.refer", "referrals.read_own"}),
    }
)
"""What each role allows. Administrators and operators read no family's data."""

OPERATOR = "platform.operate"
"""The permission of the operations team, who come with the operator's token and never as a member."""


@lru_cache(maxsize=64)
def _permissions_of(roles: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(ALLOWED.get(role, frozenset()) for role in roles))


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Return everything that ``roles`` together allow; a role that is not in the table allows nothing."""
    return _permissions_of(tuple(roles))
