"""The two places for signatures: one an agency, each with what it waits for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.assessments.contract import SIDES


@dataclass(frozen=True, slots=True)
class Corner:
    """One agency's place: its signature under this version, or its last one, or none.

    Attributes:
        signed: the signature under this version.
        earlier: the latest signature under an older one.
        disagreement: why this version was not signed.
        mine: the person who looks belongs to this agency, and may sign now.
    """

    kind: str
    agency: str
    signed: dict[str, Any] | None
    earlier: dict[str, Any] | None
    disagreement: dict[str, Any] | None
    mine: bool

    @property
    def state(self) -> str:
        """signed, disagrees or waiting."""
        if self.signed:
            return "signed"
        return "disagrees" if self.disagreement else "waiting"

    @property
    def at(self) -> datetime | None:
        """When it was signed."""
        return self.signed["signed_at"] if self.signed else None


def corners(assessment: dict[str, Any], my_kind: str, me: UUID) -> list[Corner]:
    """Return the two places, CAMHS first."""
    return [_corner(assessment, kind, name, my_kind, me) for kind, name in SIDES.items()]


def _corner(assessment: dict[str, Any], kind: str, name: str, my_kind: str, me: UUID) -> Corner:
    version = assessment["version"]
    theirs = [signature for signature in assessment["signatures"] if signature["agency_kind"] == kind]
    now = next((one for one in theirs if one["version"] == version and not one["withdrawn_at"]), None)
    agency = theirs[0]["agency_name"] if theirs else name
    names = {agency, name, *(assessor["agency_name"] for assessor in _assessors(assessment, kind))}
    disagreement = next((one for one in assessment["disagreements"] if one["version"] == version and one["agency_name"] in names), None)
    mine = assessment["may_sign"] and my_kind == kind and not (now and now["person_id"] == me)
    earlier = next((one for one in theirs if one["version"] < version), None)
    return Corner(kind, agency, now, earlier, disagreement, mine)


def _assessors(assessment: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    everyone = [assessor for visit in assessment["visits"] for assessor in visit["assessors"]]
    return [assessor for assessor in everyone if assessor["agency_kind"] == kind]
