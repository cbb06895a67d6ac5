"""What waits for triage."""

from typing import Any

from services.referrals import contract
from services.referrals.repository import Waiting


def triage(waiting: dict[str, Waiting], mine: int = 0, late_answers: int = 0, imports: int = 0) -> dict[str, Any]:
    """Return what waits for triage; ``mine`` is how many of these are the reader's, ``imports`` how many files are under review."""
    received = waiting.get("received", Waiting())
    return {
        "to_triage": received.number,
        "urgent": received.urgent,
        "oldest_received_at": received.oldest,
        "mine": mine,
        "late_answers": late_answers,
        "imports": imports,
        "waiting_for_information": waiting.get("needs_information", Waiting()).number,
        "by_status": {status: waiting.get(status, Waiting()).number for status in contract.STATUSES},
    }
