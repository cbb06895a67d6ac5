"""Heads kept elsewhere: a line of JSON for each chain. The log lines `audit.sealed` are such lines too."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chassis.auditing.seals import Head

Kept = dict[tuple[str, UUID], list[Head]]


def line_of(service: str, head: Head) -> str:
    """Return the line that keeps ``head``."""
    return json.dumps({"service": service, "borough_id": str(head.borough_id), "number": head.number, "hash": head.hash.hex()})


def read_heads(lines: Iterable[str]) -> Kept:
    """Return the heads by service and borough; lines of a log that tell of something else are passed over.

    Raises:
        ValueError: a line is neither a head nor any JSON object.
    """
    kept: Kept = defaultdict(list)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            told = _object(line, number)
            if {"service", "borough_id", "number", "hash"} <= told.keys():
                head = _head(told, number)
                kept[str(told["service"]), head.borough_id].append(head)
    return kept


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError):
        raise ValueError(f"line {number} is not a line that `stayplay audit heads` wrote") from None


def _head(told: dict[str, Any], number: int) -> Head:
    try:
        return Head(UUID(told["borough_id"]), int(told["number"]), bytes.fromhex(told["hash"]))
    except (ValueError, TypeError, AttributeError):
        raise ValueError(f"line {number} is not a line that `stayplay audit heads` wrote") from None
