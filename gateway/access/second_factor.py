"""Who must prove a second factor: everybody who has one, and whoever's role reads families in a real borough."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from gateway.access.roles import permissions_of
from gateway.access.visitor import Visitor

_PARTS: Final = ("families.", "assessments.", "registers.", "outreach.", "places.", "records.")
_OF_REFERRALS: Final = frozenset({"referrals.read", "referrals.read_clinical", "referrals.triage"})


def reads_families(permissions: Iterable[str]) -> bool:
    """Tell whether one of the permissions shows families' data, beyond what somebody referred themselves."""
    return any(permission.startswith(_PARTS) or permission in _OF_REFERRALS for permission in permissions)


@lru_cache(maxsize=256)
def _role_needs_one(roles: tuple[str, ...], agency_kind: str) -> bool:
    return reads_families(permissions_of(roles, agency_kind))


def role_needs_one(roles: Iterable[str], *, practice: bool, agency_kind: str = "") -> bool:
    """Tell whether these roles need a second factor in a borough; in a practice borough there is no real family to protect."""
    return not practice and _role_needs_one(tuple(roles), agency_kind)


def lacks_one(visitor: Visitor) -> bool:
    """Tell whether the session must prove a second factor before it may do anything more."""
    if visitor.second_factor_at is not None:
        return False
    if visitor.has_factor:
        return True
    borough, member = visitor.borough, visitor.member
    return (
        borough is not None
        and member is not None
        and role_needs_one(member.roles, practice=borough.practice, agency_kind=member.agency_kind)
    )
