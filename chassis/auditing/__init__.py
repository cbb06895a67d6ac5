"""The audit trail, read and proved: who sees what of it, the seals on its chains, and what finds a chain broken.

A service's class derives from `chassis.auditing.trail.AuditTrail`; its contract offers ``audit_operations(<service>)``.
The chain itself is made by PostgreSQL: `chassis.database.evolving.audit`, docs/decisions/0021.
"""

from chassis.auditing.contract import READ_AUDIT, READ_FAMILY_AUDIT, audit_operations

__all__ = ["READ_AUDIT", "READ_FAMILY_AUDIT", "audit_operations"]
