"""The forms of outreach: only ways of contact that the family said are safe are offered."""

from collections.abc import Mapping
from typing import Any

from gateway.pages.forms import Form
from services.outreach.contract import CHANNELS, CLOSE_CASE, LOG_CONTACT


def contact_form(safe: Mapping[str, Any] | None) -> Form:
    """Return the form of a contact; what the family said is unsafe says so."""
    allowed = set((safe or {}).get("channels") or [])
    words = {code: words if code in allowed else f"{words} (not safe for this family)" for code, words in CHANNELS.items()}
    ordered = dict(sorted(words.items(), key=lambda item: item[0] not in allowed))
    return Form(LOG_CONTACT.request, "case_id", "family_id", choices={"channel": ordered}, within="contact")


def close_form() -> Form:
    """Return the form that closes a case."""
    return Form(CLOSE_CASE.request, "case_id", within="close")
