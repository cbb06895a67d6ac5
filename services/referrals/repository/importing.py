"""Queries on waiting lists under review."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import cast, delete, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import undefer

from chassis.database import Page, Repository
from services.referrals.importing.alike import COMMON
from services.referrals.models import Family, FamilyMatch, Import, ImportRow, PersonKey, Referral
from services.referrals.models.records import Control, RetentionClock, SubjectRequest


class Imports(Repository[Import]):
    """The files of waiting lists of one borough."""

    model = Import

    def listed(self, after: str | None, limit: int) -> Page[Import]:
        """Return a page, newest first."""
        return self.page(self.rows(), Import.created_at, after, limit, newest_first=True)

    def under_review(self) -> int:
        """Return how many wait for somebody to look through them."""
        statement = select(func.count()).where(Import.borough_id == self.borough_id, Import.state == "review")
        return self.session.scalar(statement) or 0

    def with_content(self, import_id: UUID) -> Import | None:
        """Return a file with what it said, locked; None where it is gone."""
        found = self.rows().where(Import.id == import_id).options(undefer(Import.content))
        return self.first(found.with_for_update(key_share=True).execution_options(populate_existing=True))

    def expired(self) -> list[Import]:
        """Return the files whose time is over."""
        return self.all(self.rows().where(Import.expires_at <= self.work.now))


class ImportRows(Repository[ImportRow]):
    """The rows of those files."""

    model = ImportRow

    def of(self, import_id: UUID, *states: str) -> list[ImportRow]:
        """Return a file's rows in its order: all, or those that stand so."""
        found = self.rows().where(ImportRow.import_id == import_id)
        return self.all((found.where(ImportRow.state.in_(states)) if states else found).order_by(ImportRow.number))

    def chosen(self, import_id: UUID, identities: Collection[UUID]) -> list[ImportRow]:
        """Return those of a file's rows."""
        return self.all(self.rows().where(ImportRow.import_id == import_id, ImportRow.id.in_(identities)))

    def listed(self, import_id: UUID, state: str | None, after: str | None, limit: int) -> Page[ImportRow]:
        """Return a page of a file's rows in its order."""
        rows = self.rows().where(ImportRow.import_id == import_id)
        return self.page(rows.where(ImportRow.state == state) if state else rows, ImportRow.number, after, limit)

    def counted(self, import_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
        """Return how many rows of each file stand where."""
        asked = select(ImportRow.import_id, ImportRow.state, func.count()).where(
            ImportRow.borough_id == self.borough_id, ImportRow.import_id.in_(import_ids)
        )
        found: defaultdict[UUID, dict[str, int]] = defaultdict(dict)
        for import_id, state, number in self.session.execute(asked.group_by(ImportRow.import_id, ImportRow.state)):
            found[import_id][state] = number
        return found

    def unlike(self, families: Collection[UUID], *, hidden: bool) -> None:
        """Let no row under review seem to be one of ``families`` any more: they are ``hidden`` now, or gone, and a mark would tell of them.

        The files are locked, so that no step of a check that began before adds a mark after.
        """
        reviewed = select(Import.id).where(Import.borough_id == self.borough_id, Import.state.in_(("checking", "review")))
        files = list(self.session.scalars(reviewed.order_by(Import.id).with_for_update(key_share=True)))
        marked = self.rows().where(ImportRow.import_id.in_(files), ImportRow.matches != cast([], JSONB)) if files else None
        for row in self.all(marked.order_by(ImportRow.id)) if marked is not None else ():
            row.unlike(families, hidden=hidden)

    def forget(self, import_id: UUID) -> None:
        """Delete a file's rows."""
        self.session.execute(delete(ImportRow).where(ImportRow.borough_id == self.borough_id, ImportRow.import_id == import_id))

    def families_by_key(self, keys: Iterable[str]) -> dict[str, set[UUID]]:
        """Return the families that have each of these keys (``kind key``); one that is too common has none."""
        wanted = sorted({tuple(key.split(" ", 1)) for key in keys})
        if not wanted:
            return {}
        asked = select(PersonKey.kind, PersonKey.key, PersonKey.family_id).where(
            PersonKey.borough_id == self.borough_id, tuple_(PersonKey.kind, PersonKey.key).in_(wanted)
        )
        found: defaultdict[str, set[UUID]] = defaultdict(set)
        for kind, key, family_id in self.session.execute(asked):
            found[f"{kind} {key}"].add(family_id)
        return {key: families for key, families in found.items() if len(families) <= COMMON}

    def records(self, family_ids: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
        """Return what is known of families: their record in the registry, or what was referred of them."""
        families = select(Family).where(Family.borough_id == self.borough_id, Family.id.in_(family_ids))
        records: dict[UUID, Mapping[str, Any]] = {family.id: family.record() for family in self.session.scalars(families)}
        rest = [family_id for family_id in family_ids if family_id not in records]
        referred = select(Referral.family_id, Referral.family).where(Referral.borough_id == self.borough_id, Referral.family_id.in_(rest))
        return {**dict(self.session.execute(referred).tuples().all()), **records} if rest else records

    def names_of(self, family_ids: Collection[UUID]) -> dict[UUID, tuple[str, UUID | None]]:
        """Return what families that the caller may see are called, each with its referral where it is not in the registry yet."""
        families = select(Family.id, Family.name).where(Family.borough_id == self.borough_id, Family.id.in_(family_ids))
        named: dict[UUID, tuple[str, UUID | None]] = {family_id: (name, None) for family_id, name in self.session.execute(families)}
        rest = [family_id for family_id in family_ids if family_id not in named]
        referred = select(Referral.family_id, Referral.family_name, Referral.id).where(
            Referral.borough_id == self.borough_id, Referral.family_id.in_(rest)
        )
        for family_id, name, referral_id in self.session.execute(referred) if rest else ():
            named[family_id] = (name, referral_id)
        return named

    def take_back(self, referral_ids: Collection[UUID]) -> list[UUID]:
        """Delete those of these referrals that nobody has touched, with what followed from them; return whose they were.

        Their arrival started clocks, which hold names, and was held against other families. A handler that comes later finds no family.
        A family of whose data somebody asks, or whose record is held, is touched.
        """
        as_it_came = Referral.version == 1, Referral.status == "received"
        answered_for = (
            select(of.id).where(of.borough_id == self.borough_id, of.family_id == Referral.family_id).exists()
            for of in (SubjectRequest, Control)
        )
        wanted = Referral.borough_id == self.borough_id, Referral.id.in_(referral_ids)
        gone = delete(Referral).where(*wanted, *as_it_came, *(~one for one in answered_for))
        families = list(self.session.scalars(gone.returning(Referral.family_id)))
        clocks = delete(RetentionClock).where(RetentionClock.borough_id == self.borough_id, RetentionClock.family_id.in_(families))
        either = or_(FamilyMatch.one_id.in_(families), FamilyMatch.other_id.in_(families))
        for followed in (clocks, delete(FamilyMatch).where(FamilyMatch.borough_id == self.borough_id, either)):
            self.session.execute(followed, execution_options={"synchronize_session": False})
        return families
