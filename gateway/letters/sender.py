"""On whose behalf a mail is written: the borough, by the programme's name, with its own contacts."""

from typing import NamedTuple


class Sender(NamedTuple):
    """Who writes.

    Attributes:
        programme: what families and referrers know the groups as.
        base: address of the borough's pages, for links.
        phone, email: the borough's own, for families and referrers; may be empty.
    """

    programme: str
    base: str
    phone: str = ""
    email: str = ""

    @property
    def contact(self) -> str:
        """How the team is reached, as the end of a mail; empty where the borough says nothing of it."""
        ways = [f"ring {self.phone}" if self.phone else "", f"write to {self.email}" if self.email else ""]
        said = " or ".join(filter(None, ways))
        return f"You can {said}. Please do not reply to this email: nobody reads replies.\n" if said else ""
