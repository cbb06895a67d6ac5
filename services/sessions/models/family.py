"""The copy of a family that the register needs: who may come, what they are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base, BoroughRow
from services.referrals.contract import what_to_know

UNKNOWN_NAME = "A family (details on their way)"
"""What a family is called between the news that it has a place and the news of who it is."""

RESTRICTED_NAME = "Restricted family"
"""What a family is called in lists that must name everybody, for who may not see it."""

UNKNOWN_SURNAME = "Details on their way"


class Family(BoroughRow, Base):
    """A family as `referrals` last told of it. Its row id is the family's id."""

    __tablename__ = "families"
    audited_as = "id"
    restricted: ClassVar[bool] = False

    sequence: Mapped[int]
    name: Mapped[str]
    surname: Mapped[str]
    members: Mapped[list[dict[str, Any]]]
    language: Mapped[str | None]
    interpreter: Mapped[bool]
    to_know: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))

    @classmethod
    def values(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the copy holds of a family's record, as an event carries it."""
        return {
            "name": record["name"],
            "surname": record["parents"][0]["family_name"],
            "members": [*_people("parent", record["parents"]), *_people("child", filter(_is_born, record["children"]))],
            "language": record["language"],
            "interpreter": record["interpreter"],
            "to_know": _to_know(record),
        }

    @property
    def not_allowed(self) -> list[dict[str, Any]]:
        """Who may not collect a child, or not be told anything."""
        return list(self.to_know.get("not_allowed") or ())

    @property
    def access_needs(self) -> list[dict[str, Any]]:
        """What somebody needs to take part."""
        return list(self.to_know.get("access_needs") or ())

    @property
    def expected_on(self) -> list[date]:
        """When babies are expected."""
        return [date.fromisoformat(on) for on in self.to_know.get("expected_on") or ()]

    @property
    def people(self) -> list[dict[str, Any]]:
        """Everybody who may come, parents first."""
        return [
            {"preferred_name": None, **member, "id": UUID(member["id"]), "birth_date": _day(member["birth_date"])}
            for member in self.members
        ]

    @property
    def people_ids(self) -> list[UUID]:
        """Identifiers of everybody who may come."""
        return [UUID(member["id"]) for member in self.members]


@dataclass(frozen=True, slots=True)
class MaskedFamily:
    """What stands in a list for a family that is restricted to others: every expected family has a mark (domain rule 5).

    Attributes:
        people_ids: who may come, so that the people in the building are counted; never shown.
    """

    people_ids: list[UUID]
    restricted: ClassVar[bool] = True
    name: ClassVar[str] = RESTRICTED_NAME
    surname: ClassVar[str] = RESTRICTED_NAME
    people: ClassVar[list[dict[str, Any]]] = []
    not_allowed: ClassVar[list[dict[str, Any]]] = []
    access_needs: ClassVar[list[dict[str, Any]]] = []
    expected_on: ClassVar[list[date]] = []
    language: ClassVar[None] = None
    interpreter: ClassVar[None] = None


Shown = Family | MaskedFamily
"""A family as a reader gets to see it."""


def _people(kind: str, people: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(person["id"]),
            "kind": kind,
            "given_name": person["given_name"],
            "family_name": person["family_name"],
            "preferred_name": person.get("preferred_name"),
            "birth_date": person["birth_date"] and person["birth_date"].isoformat(),
        }
        for person in people
    ]


def _is_born(child: Mapping[str, Any]) -> bool:
    """Tell whether a child can come; one that is expected can't yet."""
    return child["birth_date"] is not None


def _to_know(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what whoever runs a session must know; nothing where there is nothing."""
    known = {name: value for name, value in what_to_know(record).items() if name != "risks_to_visitors" and value}
    return {name: [on.isoformat() for on in value] if name == "expected_on" else value for name, value in known.items()}


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
