"""Waiting lists that came as files, as somebody who reviews them sees them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.referrals.contract.importing import MOST_ROWS, ROW_STATES, TEMPLATE
from services.referrals.importing.judging import Judge, unread
from services.referrals.models import Import, ImportRow

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright lines"}
_OWN = ("id", "version", "file_name", "state", "total", "checked", "made_by_name", "expires_at", "imported_at", "imported_by_name")
Names = Mapping[UUID, tuple[str, UUID | None]]


def import_columns() -> dict[str, Any]:
    """Return the columns of the file to fill in."""
    columns = [
        {"heading": one.label, "needed": one.needed, "hint": one.hint or None, "answers": list(one.choices.values())} for one in TEMPLATE
    ]
    return {"columns": columns}


def import_(row: Import, counts: Mapping[str, int]) -> dict[str, Any]:
    """Return a file, with how many of its rows stand where."""
    return {
        **{name: getattr(row, name) for name in _OWN},
        "encoding": row.reading["encoding"],
        "separator": _SEPARATORS[row.reading["separator"]],
        "unread": unread(row.headings),
        "counts": {state: min(counts.get(state, 0), MOST_ROWS) for state in ROW_STATES},
        "made_at": row.created_at,
        "may_undo": row.state == "imported",
    }


def import_row(row: ImportRow, headings: Sequence[str], names: Names) -> dict[str, Any]:
    """Return a row; families that the reader may not see are left out."""
    matches = [(one, names[UUID(one["family_id"])]) for one in row.matches if UUID(one["family_id"]) in names]
    return {
        **{name: getattr(row, name) for name in ("id", "number", "state", "same_rows", "referral_id")},
        "name": _called(row, headings) or None,
        "faults": [{"heading": heading or None, "words": words} for heading, words in _in_order(row, headings)],
        "matches": [{**one, "name": name, "referral_id": referral_id} for one, (name, referral_id) in matches],
    }


def import_faults(found: Import, rows: Sequence[ImportRow]) -> dict[str, Any]:
    """Return rows that need changing, as they came."""
    told = [{"number": row.number, "cells": row.cells, "words": _words(row, found.headings)} for row in rows]
    return {"headings": found.headings, "rows": told}


def _in_order(row: ImportRow, headings: Sequence[str]) -> list[tuple[str, str]]:
    """Return what is wrong with a row, in the order of its columns; first what is wrong with the whole of it."""
    return sorted(row.faults.items(), key=lambda fault: headings.index(fault[0]) if fault[0] in headings else -1)


def _words(row: ImportRow, headings: Sequence[str]) -> str:
    return "\n".join(dict.fromkeys(words for _, words in _in_order(row, headings)))[:20_000]


def _called(row: ImportRow, headings: Sequence[str]) -> str:
    """Return whom a row is about, as far as it says so."""
    values = Judge(headings, lambda _: None).laid(row.cells).values
    people = [*values.get("parents", [])[:1], *values.get("children", [])]
    names = [" ".join(str(person.get(part, "")) for part in ("given_name", "family_name")).strip() for person in people]
    return ", ".join(filter(None, names))[:2000]
