"""The audit trail as a file that a spreadsheet opens."""

import json
from collections.abc import Mapping
from typing import Any

from chassis import clock
from gateway.access.audit.words import SERVICES, words_of
from gateway.access.roles import ROLES

HEADINGS = (
    "When (London)",
    "Who",
    "Agency",
    "Acting as",
    "From",
    "What was done",
    "Read or change",
    "Family",
    "Thing",
    "Why",
    "List asked for",
    "Changed",
    "Before and after",
    "Part of the platform",
    "Number",
)
LEFT_OUT = ("There are older entries, which are not in this file: choose fewer days.",)
"""The last row of a file that would be longer than it may be."""


def row_of(entry: Mapping[str, Any]) -> list[object]:
    """Return an entry as a row of the administrator's file."""
    return [
        f"{clock.london(entry['at']):%Y-%m-%d %H:%M:%S}",
        entry["person_name"],
        entry["agency"],
        acting_as(entry),
        entry["address"],
        words_of(entry["operation"]),
        entry["kind"],
        entry["family_id"],
        entry["subject_id"],
        "not shown" if entry["reason_hidden"] else entry["reason"],
        _query(entry),
        "; ".join(f"{change['table']}: {', '.join(change['columns'])}" for change in entry["changes"]),
        "; ".join(_values(change) for change in entry["changes"] if change["shown"]),
        SERVICES[entry["service"]],
        entry["number"],
    ]


def acting_as(entry: Mapping[str, Any]) -> str:
    """Return the roles in which somebody acted, in words."""
    others = {"operator": "Operations team", "service": "The platform itself", "system": "Another system", "public": "Nobody: no account"}
    return ", ".join(ROLES.get(role) or others.get(role, role) for role in entry["roles"])


def _query(entry: Mapping[str, Any]) -> str:
    asked = {**entry["facts"].get("query", {}), **(entry["asked"] or {})}
    return "; ".join(f"{name}: {value}" for name, value in asked.items())


def _values(change: Mapping[str, Any]) -> str:
    return json.dumps({"before": change["before"], "after": change["after"]}, ensure_ascii=False)
