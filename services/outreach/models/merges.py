"""Families that became one, as referrals told of it."""

from sqlalchemy import Index

from chassis.database import Base
from chassis.database.merges import KeptMerge


class FamilyMerge(KeptMerge, Base):
    """A merge of two families: what was re-pointed here, and what was put aside so that both fit into one."""

    __tablename__ = "family_merges"
    unaudited = frozenset({"moved", "aside", "people"})
    __table_args__ = (Index(None, "borough_id", "merged_id"), Index(None, "borough_id", "into_id"))
