"""Keeping records lawfully: every service tells what it holds of a family, and erases it when it is told to. See docs/decisions/0035."""

from chassis.keeping.contract import (
    ERASURE_ASKED,
    ERASURE_FINISHED,
    ERASURE_REPORTED,
    EVENTS,
    FAMILY_ERASED,
    HELD,
    MANAGE,
    PERSON_ERASED,
    RECORD_MARKED,
    Held,
    HeldItem,
    HeldLine,
    HeldRequest,
)

__all__ = [
    "ERASURE_ASKED",
    "ERASURE_FINISHED",
    "ERASURE_REPORTED",
    "EVENTS",
    "FAMILY_ERASED",
    "HELD",
    "MANAGE",
    "PERSON_ERASED",
    "RECORD_MARKED",
    "Held",
    "HeldItem",
    "HeldLine",
    "HeldRequest",
]
