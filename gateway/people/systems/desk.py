"""What the gateway answers about a borough's systems: load, act, return."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.database import Page
from chassis.ids import new_id
from gateway.access.scopes import SCOPES
from gateway.people.models import hashed, real_now
from gateway.people.systems.models import LONGEST_LIFE, SystemToken
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

    def get_system(self, work: Work, system_id: UUID) -> dict[str, Any]:
        """Return one. Raises NotFound."""
        work.saw(subject_id=system_id)
        return _told(work.system_tokens.get(system_id))

    def add_system(self, work: Work, name: str, scopes: list[str], days: int | None) -> dict[str, Any]:
        """Let a system use the API. Its token is told by `with_token` to whoever asked, and kept nowhere."""
        return self._made(work, new_id(), name, scopes, days)

    def renew_system(self, work: Work, system_id: UUID, days: int | None) -> dict[str, Any]:
        """Give a system its next token, which allows the same; the one before works on until it ends or is taken back.

        Raises:
            NotFound: no such token.
            InvalidTransition: it was taken back.
        """
        before = work.system_tokens.get(system_id, for_update=True)
        before.require_replaceable()
        return self._made(work, new_id(), before.name, before.scopes, days, acts_as=before.acts_as)

    def _made(
        self, work: Work, identity: UUID, name: str, scopes: list[str], days: int | None, *, acts_as: UUID | None = None
    ) -> dict[str, Any]:
        life = min(timedelta(days=days), LONGEST_LIFE) if days else LONGEST_LIFE
        made = work.system_tokens.add(
            SystemToken(
                id=identity,
                token_hash=hashed(self._tokens.token(identity)),
                acts_as=acts_as or identity,
                name=name,
                scopes=sorted(set(scopes)),
                expires_at=real_now() + life,
                made_by=work.caller.person_id,
                made_by_name=work.caller.person_name,
                used_at=None,
                withdrawn_at=None,
            )
        )
        work.note_security()
        work.saw(subject_id=made.id, scopes=made.scopes, days=life.days)
        work.session.flush()
        return _told(made)

    def with_token(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return the answer about a new token with the token itself."""
        return {**answer, "token": self._tokens.token(UUID(answer["id"]))}

    def withdraw_system(self, work: Work, system_id: UUID) -> dict[str, Any]:
        """Take a token back: it is worth nothing from now on, and a system without another is told nothing more. Raises NotFound."""
        found = work.system_tokens.get(system_id, for_update=True)
        found.withdraw()
        if not work.system_tokens.has_another(found, real_now()):
            work.webhooks.switch_off(found.acts_as)
        work.note_security()
        work.saw(subject_id=found.id)
        work.session.flush()
        return _told(found)

    def own_scopes(self, work: Work) -> dict[str, Any]:
        """Return what the system that asks is, and what its token allows."""
        told = _told(work.system_tokens.get(work.caller.member_id))
        return {**told, "scopes": sorted(work.caller.permissions & SCOPES.keys())}


def _told(token: SystemToken) -> dict[str, Any]:
    names = (
        "id", "acts_as", "name", "scopes", "state", "expires_soon", "expires_at", "made_by_name", "used_at", "withdrawn_at",
    )  # fmt: skip
    return {**{name: getattr(token, name) for name in names}, "made_at": token.created_at}
