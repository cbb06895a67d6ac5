"""The halves of a record: what a caller may read of it and write in it. The one place where this is decided."""

from collections.abc import Mapping
from typing import Any

from chassis.caller import Caller
from chassis.errors import Forbidden
from services.assessments.contract.halves import PART_OF, PARTS, READ, WRITE


def left_out(reader: Caller) -> list[str]:
    """Return the parts of a record that are not told to ``reader``."""
    return [part for part in PARTS if not reader.may(READ[part])]


def may_read(reader: Caller, field: str) -> bool:
    """Tell whether ``reader`` may read a field of the record; ``decision.reason`` is one of the decision."""
    return reader.may(READ[PART_OF[field.partition(".")[0]]])


def readable(content: Mapping[str, Any], reader: Caller) -> dict[str, Any]:
    """Return the record as ``reader`` may read it: a field of a part that is left out says None."""
    return {field: value if may_read(reader, field) else None for field, value in content.items()}


def whole_is_read(reader: Caller) -> None:
    """Let pass who may read every part: nobody signs what they can't read.

    Raises:
        Forbidden: a part is left out for ``reader``.
    """
    for part in PARTS:
        reader.require(READ[part])


def written_over(present: Mapping[str, Any], given: Mapping[str, Any], by: Caller) -> dict[str, Any]:
    """Return ``present`` with what ``by`` wrote over it; what they may not write stays as it is.

    Raises:
        Forbidden: they sent other words for a part that they may not write. Of a part that they may not read,
            any words are refused, so that nobody can guess at it.
    """
    kept = {field: value if by.may(WRITE[PART_OF[field]]) else present[field] for field, value in given.items()}
    for field, value in given.items():
        if value is not None and value != kept[field]:
            raise Forbidden(_SAY[PART_OF[field]], permission=WRITE[PART_OF[field]])
        if value is not None and not may_read(by, field):
            by.require(WRITE[PART_OF[field]])
    return kept


_SAY = {
    "parent_side": "The adult mental health team writes the parent's side. Nothing was saved.",
    "child_side": "CAMHS writes the child's side. Nothing was saved.",
    "shared": "CAMHS and the adult mental health team write the shared part and the decision. Nothing was saved.",
}
