"""How a family may be reached, in one or two sentences: it comes before anything else."""

from collections.abc import Mapping
from typing import Any

from gateway.pages.words import listed, lower_first, sentence


def contact_words(safe: Mapping[str, Any] | None, channels: Mapping[str, str]) -> str:
    """Return for example "Text message only, weekdays 9:30 to 14:30. Never leave a voicemail."."""
    chosen = [channels[code] for code in (safe or {}).get("channels") or () if code in channels]
    if not safe or not chosen:
        return "No safe way is known. Ask the referrer before you do anything."
    first, *others = chosen
    ways = f"{first} only" if not others else sentence(listed([first, *map(lower_first, others)]))
    times = f", {lower_first(safe['times'].strip().rstrip('.'))}" if safe.get("times") else ""
    avoid = f" {sentence(safe['avoid'].strip().rstrip('.'))}." if safe.get("avoid") else ""
    through = f" Somebody they trust: {safe['through'].strip().rstrip('.')}." if safe.get("through") else ""
    return f"{ways}{times}.{through}{avoid}"
