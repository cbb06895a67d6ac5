"""Queries on what the gateway holds of families."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.sql.dml import Delete, Update

from chassis.database import UnitOfWork
from gateway.notices.models import Notice
from gateway.webhooks.models import Delivery


def blank_notices(work: UnitOfWork, families: Collection[UUID]) -> int:
    """Keep that somebody opened a restricted record, and who; not why, in their words."""
    theirs = (Notice.borough_id == work.borough_id, Notice.family_id.in_(families))
    return _run(work, update(Notice).where(*theirs).values(reason="Erased with the record", note=None))


def erase_deliveries(work: UnitOfWork, referrals: Collection[UUID]) -> int:
    """Forget what other systems were, or are to be, told of referrals."""
    return _run(work, delete(Delivery).where(Delivery.borough_id == work.borough_id, Delivery.referral_id.in_(referrals)))


def _run(work: UnitOfWork, statement: Update | Delete) -> int:
    done = work.session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]  # the result of an UPDATE or DELETE counts its rows
