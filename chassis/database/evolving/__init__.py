"""How the chassis's tables came to be what `chassis.database.tables` says they are.

Revision 0001 of every service calls `chassis.database.migration.create_chassis_tables`, which makes the tables as
they were then (`chassis.database.first_tables`) and never anything else. Whatever came later is a step here: a module with one function
``(op, service)`` that is written out in full and, once landed, never changed. To give every service a new table
or column:

1. change `chassis.database.tables`: how it is from now on;
2. write a module here with the step: ``op.create_table(...)`` and `chassis.database.migration.protect`, with names and
   types spelled out, not taken from `chassis.database.tables`, which goes on changing;
3. export it here and put it last in `STEPS`;
4. give **every** service (the gateway too, and the two services in ``tests/support``) a migration with the next
   free number that does nothing but call it::

       from chassis.database.evolving import chain_audit

       revision = "0002"
       down_revision = "0001"


       def upgrade() -> None:
           chain_audit(op, "referrals")

Tests hold the first tables and all steps against `chassis.database.tables`, and find a service that leaves one out.
"""

from collections.abc import Callable

from chassis.database.evolving.audit import chain_audit
from chassis.database.evolving.audit_indexes import index_audit
from chassis.database.evolving.erasure import let_owner_erase
from chassis.database.evolving.opening import let_boroughs_open
from chassis.database.evolving.record_marks import mark_records
from chassis.database.evolving.restrictions import restrict_families
from chassis.database.migration import Operator

STEPS: tuple[Callable[[Operator, str], None], ...] = (
    chain_audit,
    restrict_families,
    let_owner_erase,
    let_boroughs_open,
    index_audit,
    mark_records,
)
"""Every step, in the order in which they are taken."""

__all__ = ["STEPS", "chain_audit", "index_audit", "let_boroughs_open", "let_owner_erase", "mark_records", "restrict_families"]
