"""The copy of a family that the register needs: who may come, what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped

from chassis.database import Base, BoroughRow

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

    @classmethod
    def values(cls, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the copy holds of a family's record, as an event carries it."""
        return {
            "name": record["name"],
            "surname": record["parents"][0]["family_name"],
            "members": [*_people("parent", record["parents"]), *_people("child", record["children"])],
            "language": record["language"],
            "interpreter": record["interpreter"],
        }

    @property
    def people(self) -> list[dict[str, Any]]:
        """Everybody who may come, parents first."""
        return [{**member, "id": UUID(member["id"]), "birth_date": _day(member["birth_date"])} for member in self.members]

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
    language: ClassVar[None] = None
    interpreter: ClassVar[None] = None


Shown = Family | MaskedFamily
"""A family as a reader gets to see it."""


def _people(kind: str, people: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(person["id"]),
            "kind": kind,
            "given_name": person["given_name"],
            "family_name": person["family_name"],
            "birth_date": person["birth_date"] and person["birth_date"].isoformat(),
        }
        for person in people
    ]


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
