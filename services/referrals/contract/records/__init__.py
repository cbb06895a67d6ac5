"""Rights of the people in the records: what they ask for, what is given to them, what is kept, held and erased."""

from chassis.contract import Operation
from services.referrals.contract.records import controls, erasure, packs, requests, retention

__all__ = ["OPERATIONS", "controls", "erasure", "packs", "requests", "retention"]

OPERATIONS: tuple[Operation, ...] = (
    *requests.OPERATIONS,
    *packs.OPERATIONS,
    *controls.OPERATIONS,
    *retention.OPERATIONS,
    *erasure.OPERATIONS,
)
