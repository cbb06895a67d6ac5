"""Erasing what a service holds of a family, or of one person of it: its rows, and what passing tables and the audit trail say of them.

See docs/decisions/0035. A service describes in an `ErasurePlan` what of a family stays and how it reads then; everything else that bears
a family is deleted, also in a table that was added later and that nobody thought of.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from chassis.database.engine import Database
from chassis.database.erasing import rows, traces
from chassis.database.erasing.plan import ErasurePlan, rows_about
from chassis.database.erasing.words import ERASED, Words
from chassis.database.records import Records
from chassis.database.tables import restrictions
from chassis.database.work import UnitOfWork

Counts = dict[str, int]
"""How many rows of each table were erased or blanked."""


def erase_family(
    work: UnitOfWork, database: Database, plan: ErasurePlan, families: Collection[UUID], known: Collection[UUID], words: Words
) -> Counts:
    """Erase everything that is held of a family, and keep that it was erased. Safe to repeat.

    What has no borough's policy to go by (outbox, inbox, details of the audit trail) is erased by the operator's role and stays erased
    also where the work fails afterwards; the rest goes with the commit.

    Args:
        work: of the service itself.
        database: the service's.
        plan: what stays, and how.
        families: the family, and those that were merged into it.
        known: ids of its people and of whatever else names it in other services.
        words: its names: audit entries about no family may hold them, where somebody searched for them.
    """
    ids = {*families, *known, *rows.identities(work, plan, families)}
    counts = rows.erase(work, plan, families)
    work.session.execute(restrictions.delete().where(restrictions.c.borough_id == work.borough_id, restrictions.c.family_id.in_(families)))
    Records(work).erased(families)
    counts["answers"] = traces.erase_answers(work, traces.naming(ids))
    numbers = traces.entries_of(work, families, ids, words)
    return {**counts, **traces.erase_passing(database, work.borough_id, ids, numbers)}


def erase_person(work: UnitOfWork, database: Database, plan: ErasurePlan, families: Collection[UUID], words: Words) -> Counts:
    """Blank the words that name one person in everything that is held of their family. Safe to repeat.

    Args:
        work: of the service itself.
        database: the service's.
        plan: which rows are about families.
        families: the person's family, which stays, and those that were merged into it.
        words: what names the person.
    """
    ids = {*families, *rows.identities(work, plan, families)}
    counts = rows.blank(work, plan, families, words)
    counts["answers"] = traces.blank_answers(work, ids, words)
    numbers = traces.entries_naming(work, families, words)
    return {**counts, **traces.blank_passing(database, work.borough_id, ids, words, numbers)}


def held(counts: Mapping[str, Any]) -> Counts:
    """Return the counts of tables in which anything was."""
    return {table: number for table, number in counts.items() if number}


__all__ = ["ERASED", "Counts", "ErasurePlan", "Words", "erase_family", "erase_person", "held", "rows_about"]
