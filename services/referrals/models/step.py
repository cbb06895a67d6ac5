"""One move of a referral, kept for ever."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a referral.

    Attributes:
        status: what it moved to.
        at: when.
        by_name, agency_name: who moved it, for which agency.
        reason: their words; clinical.
        to: the service that the family was pointed to.
        told: who was told of that.
        because: the code of why it was declined.
        kind: how it came back to triage, of `STEP_KINDS`; empty for everything else.
        family_before: the family that it belonged to before it was found to be the same as another's.
        criteria: the answer to each criterion at that moment.
    """

    id: UUID
    status: str
    at: datetime
    by_name: str
    agency_name: str
    reason: str | None = None
    to: str | None = None
    told: tuple[str, ...] = ()
    because: str | None = None
    kind: str = ""
    family_before: UUID | None = None
    criteria: Mapping[str, str] = field(default_factory=dict)

    @property
    def told_as(self) -> str:
        """The status as a referrer reads it: that somebody else referred the family is not theirs to know."""
        return "closed" if self.status == "duplicate" else self.status

    def to_json(self) -> dict[str, Any]:
        """Return the step as it is kept."""
        plain = {name: getattr(self, name) for name in ("status", "by_name", "agency_name", "reason", "to")}
        more = {"because": self.because, "kind": self.kind, "told": list(self.told), "criteria": dict(self.criteria)}
        before = {"family_before": str(self.family_before)} if self.family_before else {}
        return {"id": str(self.id), "at": self.at.isoformat(), **plain, **{name: value for name, value in more.items() if value}, **before}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """Return the step that was kept."""
        before = kept.get("family_before")
        typed = {
            "id": UUID(kept["id"]),
            "at": datetime.fromisoformat(kept["at"]),
            "told": tuple(kept.get("told", ())),
            "family_before": UUID(before) if before else None,
        }
        return cls(**{**kept, **typed})
