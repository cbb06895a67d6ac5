"""What one unit of work leaves in the audit trail: entries, each with who, as what, when, from where and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from marshmallow import Schema, fields

from chassis import context
from chassis.caller import Caller
from chassis.contract import Operation
from chassis.database.changes import Changes, as_json
from chassis.ids import new_id
from chassis.schemas import Text

INTO = (
    "INSERT INTO audit (borough_id, id, at, person_id, person_name, agency, operation, kind, family_id, subject_id, facts, "
    "correlation_id, roles, address, reason, changes) VALUES "
)
_LENT_FOR = (
    "SELECT nullif(access -> %s ->> 'reason', '') FROM restrictions WHERE borough_id = %s::uuid AND family_id = %s::uuid AND in_force"
)
ROW = f"(%s::uuid,%s::uuid,%s,%s::uuid,%s,%s,%s,%s,%s::uuid,%s::uuid,%s::jsonb,%s,%s,%s,coalesce(%s,({_LENT_FOR})),%s::jsonb)"
"""The values of one entry. Where no reason is given, and the family is restricted, it is the one that the person broke the glass for."""
REASONS = ("reason", "because", "why", "words")
"""Arguments of a changing operation that say why, in the order in which they are put together."""
OF_FAMILIES = "of_families"
"""The fact by which an entry about no one family is tied to those that the work was about: what it says goes when one of them is erased."""

Kind = Literal["read", "change", "security"]


@dataclass(frozen=True, slots=True)
class Sight:
    """Something that the work looked at or touched.

    Attributes:
        family_id, subject_id: which family, which thing.
        facts: codes, ids and counts.
        words: what somebody wrote to ask for it, such as a name to search for: kept with the changes, for it can be erased.
    """

    family_id: UUID | None = None
    subject_id: UUID | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)


class Trail:
    """The notes that a unit of work takes for the audit trail; written with its commit."""

    def __init__(self) -> None:
        self.sights: list[Sight] = []
        self.security = False
        self.uses_records = False
        self._of_change = False
        self._reason = ""
        self._reason_sensitivity = ""

    def because(self, reason: str, sensitivity: str = "") -> None:
        """Note why something is done; ``sensitivity`` says who may read it, as a field of a contract does."""
        self._reason, self._reason_sensitivity = reason.strip(), sensitivity

    def asked(self, operation: Operation, arguments: Mapping[str, Any]) -> None:
        """Note that a change is asked for, and why, where its arguments say so: a text or a choice that is called as in `REASONS`."""
        self._of_change = operation.changes
        self.uses_records = operation.changes and not operation.keeps
        told = [name for name in REASONS if isinstance(arguments.get(name), str) and arguments[name].strip()]
        if operation.changes and told and told != ["words"]:
            declared = _fields(operation.request)
            words = [str(declared[name].metadata.get("choices", {}).get(arguments[name], arguments[name])) for name in told]
            sensitivity = next(filter(None, (declared[name].metadata.get("sensitivity", "") for name in told)), "")
            self.because(": ".join(words), sensitivity)

    def listed(self, operation: Operation, asked: Mapping[str, Any], count: int, total: int | None = None) -> None:
        """Note that a list was read: what was asked for, how many there were on the page and, where it was counted, in all.

        Codes, days and ids are facts; what somebody typed may name a family, and is kept where it can be erased.
        """
        declared = _fields(operation.request)
        query = {name: value for name, value in asked.items() if value not in (None, "", []) and name not in {"after", "limit"}}
        words = {name: value for name, value in query.items() if _is_free_text(declared.get(name))}
        coded = {name: value for name, value in query.items() if name not in words}
        further = {"further_page": True} if asked.get("after") else {}
        counted = {"total": total} if total is not None else {}
        self.sights.insert(0, Sight(facts={"query": coded, "count": count, **counted, **further}, words=words))

    def entries(self, caller: Caller, families: set[UUID], *, changed: bool) -> list[Sight]:
        """Return what is to be written: one entry a family; one without when something else changed, or somebody asked for a change."""
        named = {sight.family_id for sight in self.sights}
        entries = [*self.sights, *(Sight(family_id=family) for family in sorted(families - named, key=str))]
        by_somebody = caller.kind != "service" or caller.roles
        return [Sight()] if not entries and (changed or self._of_change) and by_somebody else entries

    def rows(self, entries: list[Sight], changes: Changes, about: "About") -> list[tuple[Any, ...]]:
        """Return the rows of the INSERT."""
        families = sorted({str(entry.family_id) for entry in entries if entry.family_id})
        return [self._row(entry, changed, about, families) for entry, changed in _shared_out(entries, changes)]

    def _row(self, entry: Sight, changed: list[dict[str, Any]], about: "About", families: list[str]) -> tuple[Any, ...]:
        caller = about.caller
        tied = families if entry.family_id is None and (self._reason or changed) else []
        facts = {
            **entry.facts,
            **({"reason_is": self._reason_sensitivity} if self._reason and self._reason_sensitivity else {}),
            **({OF_FAMILIES: tied} if tied else {}),
        }
        return (
            str(caller.borough_id),
            str(new_id()),
            about.now,
            str(caller.person_id),
            caller.person_name,
            caller.agency_name,
            about.operation,
            "security" if self.security else about.kind,
            entry.family_id and str(entry.family_id),
            entry.subject_id and str(entry.subject_id),
            json.dumps(facts, default=str),
            context.current().correlation_id,
            " ".join(caller.roles) or (caller.kind if caller.kind != "member" else ""),
            caller.address,
            self._reason or None,
            str(caller.person_id),
            str(caller.borough_id),
            entry.family_id and str(entry.family_id),
            as_json([*([{"asked": entry.words}] if entry.words else []), *changed]),
        )


@dataclass(frozen=True, slots=True)
class About:
    """What all entries of one unit of work have in common."""

    caller: Caller
    now: datetime
    operation: str
    kind: Kind


def _shared_out(entries: list[Sight], changes: Changes) -> list[tuple[Sight, list[dict[str, Any]]]]:
    """Return each entry with the changes of its family.

    Rows that name no family belong to the one that the work was about, where there was one; where there were several, no
    family's entry may tell of what was another's: they have an entry without a family.
    """
    nobodys = changes.of(None)
    families = {entry.family_id for entry in entries} - {None}
    if nobodys and len(families) > 1 and all(entry.family_id for entry in entries):
        entries = [*entries, Sight()]
    keeper = next((number for number, entry in enumerate(entries) if entry.family_id is None and not entry.words), 0)
    told: set[UUID] = set()
    shares = []
    for number, entry in enumerate(entries):
        share = nobodys if number == keeper else []
        if entry.family_id is not None and entry.family_id not in told:
            told.add(entry.family_id)
            share = [*share, *changes.of(entry.family_id)]
        shares.append((entry, share))
    return shares


def _fields(schema: type[Schema]) -> Mapping[str, fields.Field[Any]]:
    return schema._declared_fields  # noqa: SLF001 - the declared fields, without making an instance; marshmallow names no other way


def _is_free_text(field_: fields.Field[Any] | None) -> bool:
    return isinstance(field_, Text)
