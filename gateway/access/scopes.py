"""What a token of another system may be allowed: the published list, which `docs/api.md` shows."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "referrals.refer": "Refer families",
        "referrals.read_own": "See how its own referrals stand, as far as each family lets referrers know",
        "groups.read": "See groups, venues and the calendar",
        "registers.read": "See registers: which families were expected, and who came",
    }
)
"""Permissions that make sense for a system. Nothing clinical, nothing about people or settings, and nothing that asks again."""

EVERY_SYSTEM: Final = frozenset({"boroughs.read"})
"""What each token allows: the borough's name and agencies, and what it is itself."""


def permissions_of_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """Return everything that a token with these scopes may do; one that is published no longer allows nothing."""
    return EVERY_SYSTEM | (frozenset(scopes) & SCOPES.keys())
