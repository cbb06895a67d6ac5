"""What is left to set up, as far as the gateway knows."""

from typing import Any

from gateway.repository import Work


class SetUpDesk:
    """The set-up of a borough; its method is named as the operation is."""

    def get_set_up(self, work: Work) -> dict[str, Any]:
        """Return who is there and what was decided: counted now, kept nowhere."""
        here, invited = work.belonging.practitioners(), work.belonging.invited_practitioners()
        return {
            **here,
            **{f"{kind}_invited": count for kind, count in invited.items()},
            "policy_reviewed_at": work.boroughs.this().policy_reviewed_at,
            "public_page_checked_at": work.brandings.this().checked_at,
        }
