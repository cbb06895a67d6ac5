"""Where a family lived, and since when: an address that is left stays in the history."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

Addresses = list[dict[str, Any]]

_DAYS = ("from_on", "until_on")


def moved(known: Sequence[Mapping[str, Any]], to: Mapping[str, Any] | None, today: date, *, gone: bool = False) -> Addresses:
    """Return the history of a family that lives at ``to`` now: nothing new where it lived there already.

    With ``gone``, a family of which no address is told lives at none any longer; otherwise nothing was said.
    """
    history = in_order(known)
    here = present(history)
    there = {name: (to or {}).get(name) for name in ("line", "postcode")}
    if not any(there.values()):
        return _ended(history, here, today) if gone else history
    if here and all(here.get(name) == value for name, value in there.items()):
        return history
    new = {**there, "from_on": today if history else None, "until_on": None, "safe_for_letters": True, "safe_for_visits": True}
    return in_order([new, *_ended(history, here, today)])


def present(addresses: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return the address at which the family lives now."""
    return next((dict(address) for address in addresses if not address.get("until_on")), None)


def in_order(addresses: Sequence[Mapping[str, Any]]) -> Addresses:
    """Return the history, the present address first, then the one that was left last."""
    dated = [{**address, **{name: _day(address.get(name)) for name in _DAYS}} for address in addresses]
    return sorted(dated, key=lambda address: (address["until_on"] or date.max, address["from_on"] or date.min), reverse=True)


def kept(addresses: Sequence[Mapping[str, Any]]) -> Addresses:
    """Return the history as it is kept: days as text."""
    return [{**address, **{name: address[name] and address[name].isoformat() for name in _DAYS}} for address in in_order(addresses)]


def _ended(history: Addresses, here: Mapping[str, Any] | None, on: date) -> Addresses:
    return [{**address, "until_on": max(on, address["from_on"] or on)} if address == here else address for address in history]


def _day(written: date | str | None) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) else written
