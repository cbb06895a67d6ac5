"""What a token of another system may be allowed: the published list, which `docs/api.md` shows.

None of them reads families, beyond what the system itself referred: a machine proves no second factor, and who makes its token,
a borough administrator, may read no family either. See docs/decisions, "A system reads no family but those it referred".
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "referrals.refer": "Refer families",
        "referrals.read_own": "See how its own referrals stand, as far as each family agreed",
        "groups.read": "See venues, groups and the calendar, with numbers of families and no names",
        "boroughs.read": "See the borough's name, agencies, looks and policy, and who decided on it",
    }
)
"""Permissions that make sense for a system. Nothing clinical, nothing about people or settings, and nothing that asks again."""

OF_EVERY_SYSTEM: Final[Mapping[str, str]] = MappingProxyType({"systems.read_own": "See what one's own token is and allows"})
"""What each token allows, and no member."""


def permissions_of_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """Return everything that a token with these scopes may do; one that is published no longer allows nothing."""
    return frozenset(OF_EVERY_SYSTEM) | (frozenset(scopes) & SCOPES.keys())
