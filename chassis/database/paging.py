"""Keyset paging: a cursor says where the last page ended, so a page costs the same however deep it lies."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from chassis.errors import Invalid

T = TypeVar("T")
_READERS: dict[type[Any], Any] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    int: int,
    str: str,
    UUID: UUID,
    Decimal: Decimal,
}


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        items: the rows.
        next: cursor of the page that follows, None on the last one.
        total: how many there are in all, where that was asked for.
    """

    items: list[T]
    next: str | None = None
    total: int | None = None


def cursor_of(value: Any, identity: UUID) -> str:
    """Return the opaque cursor of the row that sorts at ``value`` and has this id."""
    told = value.isoformat() if isinstance(value, (date, datetime)) else value if isinstance(value, int) else str(value)
    return urlsafe_b64encode(json.dumps([told, identity.hex], separators=(",", ":")).encode()).decode().rstrip("=")


def place_of(cursor: str, kind: type[Any]) -> tuple[Any, UUID]:
    """Return sort value (of type ``kind``) and id that ``cursor`` stands for.

    Raises:
        Invalid: it is not a cursor, or one of another list.
    """
    try:
        told, identity = json.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        return _READERS[kind](told), UUID(identity)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
        raise Invalid(faults={"after": ["This is not a place in this list. Start from the first page."]}) from None
