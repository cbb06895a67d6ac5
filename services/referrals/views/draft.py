"""What whoever writes a referral sees of it."""

from typing import Any

from services.referrals.models import Draft


def kept(row: Draft) -> dict[str, Any]:
    """Return where a draft stands, without anything that it says."""
    return {"id": row.id, "version": row.version, "kind": row.kind, "expires_at": row.expires_at}


def draft(row: Draft) -> dict[str, Any]:
    """Return a draft with its answers, to whoever wrote them."""
    told = {name: getattr(row, name) for name in ("email", "email_proven", "answers", "sent_at", "reference")}
    return {**kept(row), **told}


def own_draft(row: Draft) -> dict[str, Any]:
    """Return a draft in the list of whoever began it."""
    return {**kept(row), "initials": row.initials or None, "saved_at": row.changed_at}
