"""What the account page shows of how somebody signs in: a row for each way, from whoever knows of it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from gateway.access.roles import permissions_of
from gateway.access.visitor import Visitor
from gateway.pages.show import here
from gateway.runtime import runtime


class Row(NamedTuple):
    """One line: what it is, how it stands, and what can be done; ``action`` may be empty."""

    term: str
    words: str
    action: str = ""
    href: str = ""


def _you(visitor: Visitor) -> list[Row]:
    return [Row("Name", visitor.person_name, "Change", here("account.name")), Row("Email", visitor.email)]


def _password(visitor: Visitor) -> list[Row]:
    if runtime().account.person(visitor).password_hash is None:
        return []
    return [Row("Password", "Set", "Change", here("account.password"))]


Rows = Callable[[Visitor], list[Row]]

SIGNING_IN: list[Rows] = [_you, _password]
"""Each returns its rows for the person who asks."""


def rows(visitor: Visitor) -> list[Row]:
    """Return every row."""
    return [row for rows_of in SIGNING_IN for row in rows_of(visitor)]


def boroughs_with_systems(visitor: Visitor) -> list[Any]:
    """Return the boroughs whose tokens of other systems the person may manage: a token is the borough's, never somebody's own."""
    return [one for one in runtime().sign_in.boroughs_of(visitor.person_id) if "systems.manage" in permissions_of(one.roles)]
