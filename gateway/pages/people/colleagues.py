"""The people of the borough who assess families."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gateway.access import current
from gateway.contract import LIST_PEOPLE


@dataclass(frozen=True, slots=True)
class Colleague:
    """A practitioner with the agency that they belong to."""

    person_id: UUID
    name: str
    agency_id: UUID
    agency_name: str
    agency_kind: str

    def as_assessor(self) -> dict[str, Any]:
        """Return what the visit keeps of them."""
        return {
            "person_id": self.person_id,
            "name": self.name,
            "agency_id": self.agency_id,
            "agency_name": self.agency_name,
            "agency_kind": self.agency_kind,
        }


def colleagues() -> list[Colleague]:
    """Return the practitioners of the borough who belong to an agency, by name; at most 100."""
    found = current.call(LIST_PEOPLE, role="practitioner", limit=100)
    return [
        Colleague(member["person_id"], member["name"], member["agency"]["id"], member["agency"]["name"], member["agency"]["kind"])
        for member in found["items"]
        if member["agency"]
    ]
