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
        "commissioner": "Commissioner",
        "records_lead": "Records lead",
    }
)
"""The roles a member may hold (one or several), in the words people use."""

_EVERYBODY = frozenset({"boroughs.read", "people.read_own"})

ALLOWED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "administrator": _EVERYBODY
        | {
            "boroughs.manage",
            "sign_on.manage",
            "people.read",
            "people.manage",
            "systems.manage",
            "groups.read",
            "groups.manage",
            "audit.read",
            "notices.read",
        },
        "practitioner": _EVERYBODY
        | {
            "people.read",
            "referrals.refer",
            "referrals.draft",
            "referrals.own_drafts",
            "referrals.read",
            "referrals.read_own",
            "referrals.answer_own",
            "referrals.read_clinical",
            "referrals.triage",
            "referrals.import",
            "families.read",
            "families.change",
            "families.merge",
            "families.restrict",
            "families.break_glass",
            "assessments.read",
            "assessments.visit",
            "assessments.edit",
            "assessments.sign",
            "groups.read",
            "places.manage",
            "registers.read",
            "outreach.read",
            "outreach.work",
            "audit.read_family",
        },
        "facilitator": _EVERYBODY
        | {
            "people.read",
            "referrals.refer",
            "referrals.draft",
            "referrals.own_drafts",
            "referrals.read_own",
            "referrals.answer_own",
            "families.read",
            "families.break_glass",
            "groups.read",
            "groups.manage",
            "places.manage",
            "registers.read",
            "registers.record",
            "outreach.read",
            "outreach.work",
        },
        "referrer": _EVERYBODY
        | {"referrals.refer", "referrals.draft", "referrals.own_drafts", "referrals.read_own", "referrals.answer_own"},
        "commissioner": _EVERYBODY,
        "records_lead": _EVERYBODY | {"records.manage", "families.read", "people.read", "audit.read_family"},
    }
)
"""What each role allows. Administrators, commissioners and operators read no family's data."""

_BOTH_HALVES = frozenset(
    {"assessments.read_parent_side", "assessments.read_child_side", "assessments.read_shared", "assessments.edit_shared"}
)

ALLOWED_IN: Mapping[tuple[str, str], frozenset[str]] = MappingProxyType(
    {
        ("practitioner", "adult_mental_health"): _BOTH_HALVES | {"assessments.edit_parent_side"},
        ("practitioner", "camhs"): _BOTH_HALVES | {"assessments.edit_child_side"},
    }
)
"""What a role allows besides in an agency of one kind: each side writes its own half. Both read the whole, for both sign it."""

ALLOWED_TO_ANYBODY = frozenset({"referrals.draft"})
"""What somebody without an account may do in a borough that is open: write and send a referral of their own, and read nothing else."""

OPERATOR = "platform.operate"
"""The permission of the operations team, who come with the operator's token and never as a member."""


@lru_cache(maxsize=256)
def _permissions_of(roles: tuple[str, ...], agency_kind: str) -> frozenset[str]:
    nothing: frozenset[str] = frozenset()
    return nothing.union(*(ALLOWED.get(role, nothing) | ALLOWED_IN.get((role, agency_kind), nothing) for role in roles))


def permissions_of(roles: Iterable[str], agency_kind: str = "") -> frozenset[str]:
    """Return everything that ``roles`` together allow a member of an agency of that kind (a code of `AGENCY_KINDS`).

    A role that is not in the table allows nothing, and without an agency nothing is allowed that needs one.
    """
    return _permissions_of(tuple(roles), agency_kind)
