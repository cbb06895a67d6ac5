"""Which tone a state is shown in. The word always stands with it: never colour alone."""

_GOOD = {
    "accepted", "agreed", "active", "done", "closed_well", "settled", "back", "here", "late", "collected", "completed", "joined",
    "met", "fits",
}  # fmt: skip
_URGENT = {"urgent", "missed", "drifting", "away", "escalated", "overdue", "declined", "did_not_come", "not_in", "not_met", "does_not_fit"}
_ACCENT = {"visit_arranged", "visited", "offered", "arranged", "trying", "open", "flagged"}
_TOLD = {"told_us", "needs_information", "paused", "not_known", "find_out"}

_TONES = {
    **dict.fromkeys(_GOOD, "good"),
    **dict.fromkeys(_URGENT, "urgent"),
    **dict.fromkeys(_ACCENT, "accent"),
    **dict.fromkeys(_TOLD, "told"),
}


def tone_of(code: str) -> str:
    """Return the tone of a code: good, urgent, accent, told, or nothing."""
    return _TONES.get(code, "")
