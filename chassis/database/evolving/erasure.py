"""The audit trail of a borough that was erased can be erased too, by the owner of the tables alone. See docs/decisions/0028."""

from chassis.database.migration import BOROUGH, Operator

_ERASED = f"{BOROUGH} AND EXISTS (SELECT 1 FROM boroughs AS b WHERE b.borough_id = {{table}}.borough_id AND b.slug = '')"  # noqa: S608 - of our own constants


def let_owner_erase(op: Operator, service: str) -> None:
    """Let the owner see and delete what the audit trail holds of one borough at a time, once only its mark is left in ``boroughs``.

    No process of the platform has the owner's password: `stayplay borough erase` has.
    """
    owner = f"{service}_owner"
    for table in ("audit", "audit_seals"):
        for command in ("SELECT", "DELETE"):
            op.execute(
                f'CREATE POLICY erased_{command.lower()} ON {table} FOR {command} TO "{owner}" USING ({_ERASED.format(table=table)})'
            )
    op.execute(f"CREATE POLICY erased_select ON boroughs FOR SELECT TO \"{owner}\" USING ({BOROUGH} AND slug = '')")
