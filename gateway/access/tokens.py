"""Caller tokens: made for one state of one membership, and kept for about a minute."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from chassis.caller import Caller, TokenSigner
from gateway.access.roles import ALLOWED_TO_ANYBODY
from gateway.access.visitor import Borough, Member, System, Visitor
from gateway.people.models import real_now

LIFE: Final = timedelta(seconds=75)
LEAST_LEFT: Final = timedelta(seconds=15)
REMEMBERED: Final = 4096


class Asker(NamedTuple):
    """On whose behalf a call is made, and the token that says so."""

    caller: Caller
    token: str


class TokenMint:
    """Makes caller tokens.

    A token is made anew when anything that it says has changed: roles and agency count the membership's version.
    Whether the membership still stands is asked of the database at each request, not of a token.
    """

    def __init__(self, signer: TokenSigner) -> None:
        self._signer = signer
        self._made: OrderedDict[tuple[object, ...], Asker] = OrderedDict()

    def asker(self, visitor: Visitor, borough: Borough, member: Member, at: datetime | None = None, *, address: str = "") -> Asker:
        """Return the asker for a member of ``borough`` at a network address; ``at`` dates the work of a practice borough."""
        key = (visitor.person_id, visitor.person_name, borough.id, member, at, address)
        return self._asker(key, lambda: _caller_of(visitor, borough, member, at, address))

    def asker_of_system(self, system: System, at: datetime | None = None, *, address: str = "") -> Asker:
        """Return the asker for another system, in the borough whose token it holds."""
        key = (system.id, system.name, system.scopes, system.borough.id, at, address)
        return self._asker(key, lambda: _caller_of_system(system, at, address))

    def asker_of_anybody(self, borough: Borough, *, address: str = "") -> Asker:
        """Return the asker for somebody without an account, in the borough of the address."""
        made = real_now() + LIFE
        caller = partial(Caller.public, borough.id, ALLOWED_TO_ANYBODY, address=address, expires_at=made)
        return self._asker(("anybody", borough.id, address), caller)

    def _asker(self, key: tuple[object, ...], caller: Callable[[], Caller]) -> Asker:
        asker = self._made.get(key)
        if asker is None or asker.caller.expires_at - real_now() < LEAST_LEFT:
            made = caller()
            asker = self._made[key] = Asker(made, self._signer.sign(made))
            self._forget_the_oldest()
        return asker

    def _forget_the_oldest(self) -> None:
        while len(self._made) > REMEMBERED:
            self._made.popitem(last=False)


def _caller_of(visitor: Visitor, borough: Borough, member: Member, at: datetime | None, address: str) -> Caller:
    return Caller(
        borough_id=borough.id,
        person_id=visitor.person_id,
        person_name=visitor.person_name,
        member_id=member.id,
        agency_id=member.agency_id,
        agency_name=member.agency_name,
        agency_kind=member.agency_kind,
        permissions=member.permissions,
        roles=member.roles,
        address=address,
        at=at,
        expires_at=real_now() + LIFE,
    )


def _caller_of_system(system: System, at: datetime | None, address: str) -> Caller:
    return Caller(
        borough_id=system.borough.id,
        person_id=system.acts_as,
        person_name=system.name,
        member_id=system.id,
        permissions=system.permissions,
        address=address,
        at=at,
        expires_at=real_now() + LIFE,
        kind="system",
    )
