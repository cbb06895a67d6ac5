"""The entrypoints of referrals, a class an area: load, act, publish, return."""

from types import MappingProxyType

from chassis.auditing.trail import AuditTrail
from chassis.database.provider import WorkProvider
from chassis.tenancy import BoroughCopies
from services.referrals.repository import Work
from services.referrals.service.answering import Answering
from services.referrals.service.boarding import Boarding
from services.referrals.service.consenting import Consenting
from services.referrals.service.drafting import Drafting
from services.referrals.service.hearing import Hearing
from services.referrals.service.importing import Importing
from services.referrals.service.matching import Matching
from services.referrals.service.merging import Merging
from services.referrals.service.parts import ChangingParts
from services.referrals.service.receiving import Receiving
from services.referrals.service.records import KeepingRecords
from services.referrals.service.registry import Registry
from services.referrals.service.restricting import Restricting
from services.referrals.service.searching import Searching
from services.referrals.service.triage import Triage

__all__ = ["ReferralsService"]


class ReferralsService(
    Receiving,
    Drafting,
    Triage,
    Boarding,
    Answering,
    Hearing,
    Registry,
    ChangingParts,
    Restricting,
    Searching,
    Importing,
    Consenting,
    KeepingRecords,
    Matching,
    Merging,
    BoroughCopies,
    AuditTrail,
):
    """Referrals and the family registry of every borough."""

    name = "referrals"
    work = WorkProvider(Work)
    reasons_need = MappingProxyType({"clinical": frozenset({"referrals.read_clinical"})})
