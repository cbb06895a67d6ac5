"""What a borough's policy says of reaching out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Policy:
    """When outreach opens and escalates, and how soon it begins.

    Attributes:
        missed_before_outreach, missed_before_escalation: sessions missed in a row.
        first_contact_days: working days from the acceptance of a referral to the first contact.
    """

    missed_before_outreach: int = 2
    missed_before_escalation: int = 4
    first_contact_days: int = 5

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> "Policy":
        """Return what a borough's policy says; what is usual where it is silent."""
        names = ("missed_before_outreach", "missed_before_escalation", "first_contact_days")
        return cls(**{name: int(policy[name]) for name in names if policy.get(name) is not None})
