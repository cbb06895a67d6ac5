"""Queries on requests, packs, holds, clocks and erasures."""

from services.referrals.repository.records.asked import Packs, SubjectRequests
from services.referrals.repository.records.kept import Clocks, Controls, Erasures

__all__ = ["Clocks", "Controls", "Erasures", "Packs", "SubjectRequests"]
