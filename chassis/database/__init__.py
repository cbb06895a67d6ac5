"""Data: models, one transaction a unit of work, one borough a transaction, and the audit of it all."""

from chassis.database.base import Base, BoroughRow, Versioned, metadata_of, within_borough
from chassis.database.engine import Database
from chassis.database.paging import Page
from chassis.database.repository import Repository
from chassis.database.session import BoroughSession
from chassis.database.work import UnitOfWork, open_work

__all__ = [
    "Base",
    "BoroughRow",
    "BoroughSession",
    "Database",
    "Page",
    "Repository",
    "UnitOfWork",
    "Versioned",
    "metadata_of",
    "open_work",
    "within_borough",
]
