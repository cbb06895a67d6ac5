"""The triage board: what waits, whose it is, and how long."""

from typing import Final

from marshmallow import fields

from chassis.schemas import Contract, PageRequest, choice, moment, nested, some_of, text, whole, yes_no
from services.referrals.contract.codes import STATUSES
from services.referrals.contract.eligibility import FITS
from services.referrals.contract.referral import ReferralSummary

WHOSE: Final[dict[str, str]] = {"mine": "Mine", "nobodys": "Nobody's"}
ORDERS: Final[dict[str, str]] = {"turn": "Urgent first, then oldest", "oldest": "Oldest first", "newest": "Newest first"}


class BoardRequest(PageRequest):
    """Which referrals, in which order."""

    status = some_of("Status", STATUSES, required=False)
    whose = choice("Whose", WHOSE, required=False)
    urgent = yes_no("Only urgent ones", required=False)
    late = yes_no("Only those that wait longer than policy", required=False)
    answered_late = yes_no("Only those with an answer that came after the decision", required=False)
    sort = choice("Order", ORDERS, required=False, load_default="turn", allow_none=False)


class BoardItem(ReferralSummary):
    """A referral on the board."""

    waited_days = whole("Working days since it was received", ge=0, le=2**31 - 1)
    late = yes_no("Overdue")
    assigned_to_name = text("Who has it", required=False, max_length=200)
    mine = yes_no("Is it yours?")
    fit = choice("Does the group fit?", FITS, sensitivity="clinical")
    warns_visitors = yes_no("Is there something that a visitor must know?")


class StatusCounts(Contract):
    """How many referrals stand at one status, and how many of them press."""

    number = whole("All", ge=0, le=2**31 - 1)
    urgent = whole("Urgent", ge=0, le=2**31 - 1)
    late = whole("Overdue", ge=0, le=2**31 - 1)
    mine = whole("Yours", ge=0, le=2**31 - 1)
    nobodys = whole("Nobody's", ge=0, le=2**31 - 1)
    oldest_received_at = moment("Oldest", required=False)


class BoardCounts(Contract):
    """How many wait, for triage and for information, and how many answers came after the decision that nobody has looked at."""

    received = nested(StatusCounts, "To triage")
    needs_information = nested(StatusCounts, "Waiting for information")
    late_answers = whole("Answers that came after the decision", ge=0, le=2**31 - 1)


class Board(Contract):
    """One page of the board, and the counts above it."""

    items = fields.List(fields.Nested(BoardItem), required=True)
    next = fields.String(allow_none=True, required=True)
    total = fields.Integer(allow_none=True, load_default=None)
    counts = nested(BoardCounts)
    policy_days = whole("Working days that policy allows", ge=1, le=250)
