"""One restricted family in the demonstration, and somebody who had to open its record all the same."""

from stayplay.journey import Borough

WORDS = "Her sister works at the children's centre. Say nothing of the family there."
REASON = "She rang from the ward this morning and asked who will bring her son to the group."


def restrict(borough: Borough, family_id: str) -> None:
    """Let the clinicians alone see a family; another practitioner breaks the glass, and the administrator hears of it."""
    named = [borough.members[who].id for who in ("adult", "facilitator")]
    family = f"{borough.base}/families/{family_id}"
    borough["camhs"].post(f"{family}/restrict", {"reason": "staff_member", "words": WORDS, "people": named})
    borough["adult_2"].post(f"{family}/break-glass", {"reason": REASON})
