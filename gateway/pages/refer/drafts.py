"""The draft of the address, and what leads to it."""

from typing import Any, Final
from uuid import UUID

from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import NotFound, NotSignedIn
from gateway.access import current
from gateway.pages.refer import cookie, steps
from gateway.pages.show import onward
from services.referrals.contract import GET_DRAFT

Draft = dict[str, Any]
KINDS: Final = ("professional", "staff")
"""Kinds of drafts that are written on these pages."""


def draft_of(draft_id: UUID) -> Draft:
    """Return a draft with what was answered.

    Raises:
        NotFound: it is somebody else's, or no longer kept, or a parent's own wish, which has pages of its own.
        NotSignedIn: it may be one's own: the session of this browser has ended.
    """
    try:
        found = current.call(GET_DRAFT, draft_id=draft_id, secret=cookie.secret())
        if found["kind"] not in KINDS:
            raise NotFound
        return found
    except NotFound:
        if current.session_token() and not current.signed_in():
            raise NotSignedIn from None
        raise


def own_address(draft: Draft) -> str | None:
    """Return the mail address of whoever writes a draft: the one that they proved, or their account's."""
    proved: str | None = draft["email"] if draft["email_proven"] else None
    return proved if current.without_account() else current.visitor().email


def to_step(draft: Draft, step: str, **values: Any) -> AnyResponse:
    """Send the browser to a step, or to the page on which everything is checked."""
    if step == "check":
        return onward("refer.check", draft_id=draft["id"], **values)
    return onward("refer.step", draft_id=draft["id"], step=step, **values)


def unproved(draft: Draft) -> bool:
    """Tell whether a code is still to come back: nothing is asked of a family before whoever writes has shown their mail address."""
    return current.without_account() and not draft["email_proven"]


def onwards(draft: Draft) -> AnyResponse:
    """Send the browser to where it goes on: the code, what was sent, the first question without an answer, or the last look."""
    if unproved(draft):
        return onward("refer.code", draft_id=draft["id"])
    return onward("refer.sent", draft_id=draft["id"]) if draft["sent_at"] else to_step(draft, steps.first_open(draft))
