"""Other systems, which use the API with a token that an administrator made."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from tests.support.gateway import Borough, Gateway, Someone

EVERY_SCOPE = ("boroughs.read", "groups.read", "referrals.read_own", "referrals.refer")


@dataclass(frozen=True)
class Made:
    """A token that was made.

    Attributes:
        answer: what the administrator was told.
    """

    borough: Borough
    answer: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.answer["id"])

    @property
    def token(self) -> str:
        return str(self.answer["token"])

    @property
    def system(self) -> Someone:
        """The system that holds the token."""
        return someone(self.borough.gateway, self.token)

    def change(self, what: str, **values: Any) -> None:
        """Change the token behind the interface; ``what`` is SQL."""
        with self.borough.gateway.database.session(UUID(self.borough.id)) as session:
            session.execute(text(f"UPDATE system_tokens SET {what} WHERE id = :id"), {"id": self.id, **values})
            session.commit()

    def row(self) -> dict[str, Any]:
        """Return the row that is kept of it."""
        with self.borough.gateway.database.session(UUID(self.borough.id)) as session:
            found = session.execute(text("SELECT *, xmin::text AS written FROM system_tokens WHERE id = :id"), {"id": self.id})
            return dict(found.mappings().one())


def someone(gateway: Gateway, token: str) -> Someone:
    """Return whoever holds a token."""
    return Someone(gateway.app.test_client(), token)


def made(borough: Borough, administrator: Someone, *scopes: str, name: str = "Health visiting record", days: int = 30) -> Made:
    """Return a token that an administrator made for a system; with every scope where none is named."""
    body = {"name": name, "scopes": list(scopes or EVERY_SCOPE), "days": days}
    answer = administrator.post(f"{borough.base}/systems", body)
    assert answer.status_code == 201, answer.json
    return Made(borough, answer.json)
