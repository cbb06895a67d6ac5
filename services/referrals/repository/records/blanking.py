"""What of an erased family stays in referrals, and how it reads then; everything else that bears the family is deleted."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, delete, null, or_, select, update
from sqlalchemy.sql.dml import Delete, Update

from chassis.database import UnitOfWork
from chassis.database.erasing.plan import Blanking, Naming
from services.referrals.models import Draft, Import, ImportRow, Referral
from services.referrals.models.records import SubjectRequest
from services.referrals.repository.keys import Keys

Families = Collection[UUID]


def _requests(work: UnitOfWork, families: Families) -> int:
    """Keep that somebody asked, when, and what came of it; not who."""
    blank = dict.fromkeys(("asked_by", "words", "extended_because", "outcome_words", "told", "person_id"))
    theirs = (SubjectRequest.borough_id == work.borough_id, SubjectRequest.family_id.in_(families))
    return _run(work, update(SubjectRequest).where(*theirs).values(about="Erased", **blank))


def _erasures(work: UnitOfWork, families: Families) -> int:
    """Keep all: it holds ids, codes and counts."""
    del work, families
    return 0


def _keys(work: UnitOfWork, families: Families) -> int:
    """Let the keys go with the commit, and the words of names that nobody else has."""
    Keys(work).refresh(families)
    return 0


def _drafts(work: UnitOfWork, families: Families) -> int:
    return _run(work, delete(Draft).where(Draft.borough_id == work.borough_id, _drafts_of(work, families)))


def _drafts_of(work: UnitOfWork, families: Families) -> ColumnElement[bool]:
    return Draft.referral_id.in_(_referrals(work, families))


def _import_rows(work: UnitOfWork, families: Families) -> int:
    """Blank the rows that became the family, in the file that they came from too, and delete those under review that seem to be it."""
    theirs = (ImportRow.borough_id == work.borough_id, ImportRow.referral_id.in_(_referrals(work, families)))
    files = select(ImportRow.import_id).where(*theirs)
    _run(work, update(Import).where(Import.borough_id == work.borough_id, Import.id.in_(files)).values(content=null()))
    _run(work, delete(ImportRow).where(ImportRow.borough_id == work.borough_id, _likened(families), ImportRow.referral_id.is_(None)))
    return _run(work, update(ImportRow).where(*theirs).values(cells=[], faults={}, keys=[], matches=[], unshown=[]))


def _import_rows_of(work: UnitOfWork, families: Families) -> ColumnElement[bool]:
    """Return which rows became the families, or seem to be one."""
    return or_(ImportRow.referral_id.in_(_referrals(work, families)), _likened(families))


def _likened(families: Families) -> ColumnElement[bool]:
    named = cast(ImportRow.matches, Text).concat(cast(ImportRow.unshown, Text))
    return or_(*(named.contains(str(family)) for family in families))


def _referrals(work: UnitOfWork, families: Families) -> Any:
    return select(Referral.id).where(Referral.borough_id == work.borough_id, Referral.family_id.in_(families))


def _run(work: UnitOfWork, statement: Update | Delete) -> int:
    done = work.session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]  # the result of an UPDATE or DELETE counts its rows


BLANKED: Mapping[str, Blanking] = {
    "subject_requests": _requests,
    "erasures": _erasures,
    "person_keys": _keys,
    "drafts": _drafts,
    "import_rows": _import_rows,
}
"""By table."""
NAMING: Mapping[str, Naming] = {"drafts": _drafts_of, "import_rows": _import_rows_of}
"""By table: they name the referral that they became, after which either may be gone, or a family that a row is like."""
