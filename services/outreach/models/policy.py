"""What a borough's policy says of reaching out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Policy:
    """When outreach opens and escalates: sessions missed in a row."""

    missed_before_outreach: int = 2
    missed_before_escalation: int = 4

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> "Policy":
        """Return what a borough's policy says; what is usual where it is silent."""
        names = ("missed_before_outreach", "missed_before_escalation")
        return cls(**{name: int(policy[name]) for name in names if policy.get(name) is not None})
