"""Rights of the people in the records: requests, packs, holds and restrictions, retention, erasure."""

from services.referrals.service.records.controlling import Controlling
from services.referrals.service.records.erasing import Erasing
from services.referrals.service.records.packing import Packing
from services.referrals.service.records.requesting import Requesting
from services.referrals.service.records.retaining import Retaining

__all__ = ["KeepingRecords"]


class KeepingRecords(Requesting, Packing, Controlling, Retaining, Erasing):
    """What referrals, which decides about records, does for the people in them."""
