"""The five trails of a borough read as one: all asked at once, merged newest first, with one cursor for them all."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any, Final, NamedTuple
from uuid import UUID

from chassis.auditing import READ_AUDIT, READ_FAMILY_AUDIT
from chassis.contract import Operation
from chassis.database.paging import cursor_of
from chassis.errors import Forbidden, Invalid, NotFound, NotSignedIn, Restricted, StayPlayError, Unavailable
from gateway.access import current

AT_ONCE: Final = 500
MOST: Final = 10_000
"""Entries that one file holds at most."""
_RAISED = (Forbidden, Invalid, NotFound, NotSignedIn, Restricted)


class Trail(NamedTuple):
    """One page of all trails together.

    Attributes:
        items: entries, newest first.
        next: cursor of the page that follows, None on the last one.
        silent: services that did not answer, so that it can be said that entries are missing.
    """

    items: list[dict[str, Any]]
    next: str | None
    silent: list[str]


def borough_trail(**asked: Any) -> Trail:
    """Return a page of the borough's whole trail.

    Raises:
        Forbidden, Invalid, NotSignedIn: as any service says.
    """
    return _gathered(READ_AUDIT, asked)


def family_trail(family_id: UUID, **asked: Any) -> Trail:
    """Return a page of who looked at or changed one family.

    Raises:
        NotFound, Restricted: the family is hidden from the person.
        Forbidden, Invalid, NotSignedIn: as any service says.
    """
    return _gathered(READ_FAMILY_AUDIT, {"family_id": family_id, **asked})


def whole(trail: Callable[..., Trail], most: int | None = None, **asked: Any) -> Iterator[Trail]:
    """Yield every page of `borough_trail` or `family_trail`, for a file or a list on paper: all there are, or up to ``most`` entries."""
    after = None
    for _ in count() if most is None else range(most // AT_ONCE):
        page = trail(**{**asked, "after": after, "limit": AT_ONCE})
        yield page
        after = page.next
        if after is None:
            return


def _gathered(operations: Mapping[str, Operation], asked: dict[str, Any]) -> Trail:
    replies = current.gather_what_answers(*(current.ask(operation, **asked) for operation in operations.values()))
    return merged(dict(zip(operations, replies, strict=True)), asked["limit"])


def merged(replies: Mapping[str, dict[str, Any] | StayPlayError], limit: int) -> Trail:
    """Return one page of the services' pages.

    Raises:
        StayPlayError: what a service refused for a reason that holds for all.
    """
    for reply in replies.values():
        if isinstance(reply, _RAISED):
            raise reply
    told = [reply for reply in replies.values() if not isinstance(reply, StayPlayError)]
    items = sorted((entry for reply in told for entry in reply["items"]), key=_place, reverse=True)
    more = len(items) > limit or any(reply["next"] for reply in told)
    shown = items[:limit]
    following = cursor_of(shown[-1]["at"], shown[-1]["id"]) if more and shown else None
    return Trail(shown, following, [service for service, reply in replies.items() if isinstance(reply, StayPlayError)])


def _place(entry: Mapping[str, Any]) -> tuple[Any, UUID]:
    return entry["at"], entry["id"]


def require_all(trail: Trail) -> None:
    """Let pass a page that every service had its part in: what is handed over is whole.

    Raises:
        Unavailable: one did not answer.
    """
    if trail.silent:
        raise Unavailable
