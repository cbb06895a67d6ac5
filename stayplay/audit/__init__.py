"""`stayplay audit`: prove the audit trail whole, and keep the ends of its chains elsewhere."""

from stayplay.audit.commands import audit

__all__ = ["audit"]
