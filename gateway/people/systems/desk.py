"""What the gateway answers about a borough's systems: load, act, return."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.database import Page
from chassis.ids import new_id
from gateway.people.models import hashed, real_now
from gateway.people.systems.models import SystemToken
from gateway.people.systems.tokens import SystemTokens
from gateway.repository import Work


class SystemsDesk:
    """Tokens of one borough's systems; its methods are named as the operations are."""

    def __init__(self, tokens: SystemTokens) -> None:
        self._tokens = tokens

    def list_systems(self, work: Work, after: str | None, limit: int) -> Page[dict[str, Any]]:
        """Return a page of them, newest first; those that work no more stay in the list."""
        page = work.system_tokens.listed(after, limit)
        return Page([_told(one) for one in page.items], page.next)

    def add_system(self, work: Work, name: str, scopes: list[str], days: int) -> dict[str, Any]:
        """Let a system use the API. Its token is told by `with_token` to whoever asked, and kept nowhere."""
        identity = new_id()
        made = work.system_tokens.add(
            SystemToken(
                id=identity,
                token_hash=hashed(self._tokens.token(identity)),
                name=name,
                scopes=sorted(set(scopes)),
                acts_as=identity,
                expires_at=real_now() + timedelta(days=days),
                made_by=work.caller.person_id,
                made_by_name=work.caller.person_name,
                used_at=None,
                withdrawn_at=None,
            )
        )
        work.saw(subject_id=made.id, scopes=made.scopes, days=days)
        work.session.flush()
        return _told(made)

    def with_token(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return the answer about a new system with its token."""
        return {**answer, "token": self._tokens.token(UUID(answer["id"]))}

    def withdraw_system(self, work: Work, system_id: UUID) -> dict[str, Any]:
        """Take a token back: from the next request on it is worth nothing. Raises NotFound."""
        found = work.system_tokens.get(system_id, for_update=True)
        found.withdraw()
        work.saw(subject_id=found.id)
        work.session.flush()
        return _told(found)

    def own_scopes(self, work: Work) -> dict[str, Any]:
        """Return what the system that asks is. Raises NotFound for a person, who is none."""
        return _told(work.system_tokens.get(work.caller.person_id))


def _told(token: SystemToken) -> dict[str, Any]:
    names = ("id", "name", "scopes", "state", "expires_at", "made_by_name", "used_at", "withdrawn_at")
    return {**{name: getattr(token, name) for name in names}, "made_at": token.created_at}
