"""The decisions on a referral: what each is called, what it asks, and what it says afterwards."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from marshmallow import Schema

from chassis.contract import Operation
from gateway.pages.forms import Form
from gateway.pages.words import short_day
from services.referrals import contract


class Move(NamedTuple):
    """One decision: the part of the address, the operation, the button, a word on what follows.

    Attributes:
        final: it can't be taken back, so it is shown once more before it is done.
    """

    name: str
    operation: Operation
    request: type[Schema]
    button: str
    follows: str = ""
    primary: bool = False
    final: bool = False


_AGAIN = "It can be opened again, with a reason."
_MOVES: dict[str, Move] = {
    "accepted": Move(
        "accept",
        contract.ACCEPT,
        contract.AcceptRequest,
        "Accept for joint assessment",
        "A joint assessment opens for CAMHS and the adult mental health team, and outreach before joining begins. You check it once more "
        "first: it can't be undone.",
        primary=True,
        final=True,
    ),
    "received": Move(
        "answer", contract.ANSWER_INFORMATION, contract.AnswerRequest, "Write down the answer", "The referral goes back to triage."
    ),
    "needs_information": Move("ask", contract.ASK_FOR_INFORMATION, contract.AskRequest, "Ask for more information"),
    "redirected": Move("redirect", contract.REDIRECT, contract.RedirectRequest, "Point to another service", _AGAIN),
    "declined": Move("decline", contract.DECLINE, contract.DeclineRequest, "Decline", _AGAIN),
    "duplicate": Move("duplicate", contract.MARK_DUPLICATE, contract.DuplicateRequest, "Mark as referred before", _AGAIN),
    "withdrawn": Move("withdraw", contract.WITHDRAW, contract.WithdrawRequest, "The family has withdrawn", _AGAIN),
    "closed": Move("close", contract.CLOSE, contract.CloseRequest, "Close the referral"),
}
REOPEN = Move("reopen", contract.REOPEN, contract.ReopenRequest, "Open it again", "It goes back to triage, with its place in the queue.")
CLOSE_ACCEPTED = _MOVES["closed"]._replace(
    follows="Its joint assessment closes with it, unless both agencies have agreed. You check it once more first: it can't be undone.",
    final=True,
)
MOVES = {move.name: move for move in [*_MOVES.values(), REOPEN]}


def moves_from(referral: dict[str, Any]) -> list[Move]:
    """Return the decisions that can be made now, the likeliest first."""
    found = [move for status, move in _MOVES.items() if status in referral["may_move_to"]]
    found = [CLOSE_ACCEPTED if move.name == "close" and referral.get("status") == "accepted" else move for move in found]
    return [*found, *([REOPEN] if referral.get("may_reopen") else [])]


def form_of(move: Move, others: Sequence[dict[str, Any]] = ()) -> Form:
    """Return the form of a decision; ``others`` are the referrals that this one may be the same as."""
    same = {str(other["id"]): f"{other['family_name']}, referred {short_day(other['referred_on'])}" for other in others}
    return Form(move.request, "referral_id", "assessors", choices={"of": same}, within=move.name)
