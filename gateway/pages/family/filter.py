"""Showing a part of a family's story: some kinds of things, or a while."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dateutil.relativedelta import relativedelta
from werkzeug.datastructures import MultiDict

from chassis import clock

KINDS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "referral": ("Referrals", ("referral.",)),
    "assessment": ("Joint assessment and visits", ("assessment.", "visit.")),
    "place": ("Place", ("place.",)),
    "group": ("Weeks in the group", ("family.attended", "family.told_us", "family.missed", "session.")),
    "outreach": ("Outreach and contacts", ("case.", "contact.")),
    "collection": ("Collections", ("collection.",)),
    "sharing": ("Consent and sharing", ("consent.", "sharing.")),
    "record": ("The record itself", ("record.",)),
}
"""What the story can be narrowed to: words, and how the kinds of its entries begin."""

PERIODS: Final[dict[str, tuple[str, relativedelta | None]]] = {
    "": ("All of it", None),
    "month": ("The last four weeks", relativedelta(weeks=4)),
    "quarter": ("The last three months", relativedelta(months=3)),
    "year": ("The last twelve months", relativedelta(months=12)),
}
"""The while that the story can be narrowed to."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the story is to be shown; nothing chosen is everything."""

    kinds: tuple[str, ...] = ()
    period: str = ""

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> "Wanted":
        """Return what an address asks for; what it can't ask for is left out."""
        period = args.get("period", "")
        return cls(tuple(kind for kind in KINDS if kind in args.getlist("kind")), period if period in PERIODS else "")

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.kinds or self.period)

    @property
    def words(self) -> str:
        """What is shown, for paper: there is no form to see it in."""
        kinds = ", ".join(KINDS[kind][0] for kind in self.kinds) or "Everything"
        return f"{kinds}: {PERIODS[self.period][0].lower()}"

    def since(self, today: date) -> date | None:
        """Return the day from which on things are shown."""
        back = PERIODS[self.period][1]
        return today - back if back else None

    def fitting(self, entries: Iterable[Mapping[str, Any]], today: date) -> list[Mapping[str, Any]]:
        """Return those entries that are to be shown."""
        starts = tuple(start for kind in self.kinds for start in KINDS[kind][1]) or ("",)
        since = self.since(today)
        return [
            entry
            for entry in entries
            if str(entry["kind"]).startswith(starts) and (since is None or clock.london(entry["occurred_at"]).date() >= since)
        ]
