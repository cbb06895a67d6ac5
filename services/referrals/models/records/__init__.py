"""Rights of the people in the records."""

from services.referrals.models.records.clock import RetentionClock, keep_until
from services.referrals.models.records.control import Control
from services.referrals.models.records.erasure import Erasure
from services.referrals.models.records.pack import Pack, PackItem
from services.referrals.models.records.request import SubjectRequest

__all__ = ["Control", "Erasure", "Pack", "PackItem", "RetentionClock", "SubjectRequest", "keep_until"]
