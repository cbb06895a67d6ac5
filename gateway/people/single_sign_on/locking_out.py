"""Keeping a borough open to its administrators where single sign-on is the only way in."""

from uuid import UUID

from chassis.errors import Conflict
from gateway.repository import Work


def require_a_way_in(work: Work, *, without: UUID) -> None:
    """Let a person lose their way in only while another administrator has one; two who do so at once come one after the other.

    Raises:
        Conflict: nobody could administer the borough any more.
    """
    sign_on = work.sign_ons.this(for_update=True)
    if sign_on is None or not sign_on.only:
        return
    if not work.linked_accounts.administrators_in(but=without) and work.linked_accounts.administrators_in():
        raise Conflict(
            "This borough is entered only with an organisation's account, and no other administrator has come in with theirs yet. "
            "Let another one sign in with it first."
        )
