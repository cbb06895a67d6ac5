"""The decisions on a referral: what each is called, what it asks, and what it says afterwards."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from marshmallow import Schema

from chassis.contract import Operation
from gateway.pages.forms import Form
from gateway.pages.words import short_day
from services.referrals import contract


class Move(NamedTuple):
    """One decision: the part of the address, the operation, the button, a word on what follows."""

    name: str
    operation: Operation
    request: type[Schema]
    button: str
    follows: str = ""
    primary: bool = False


_MOVES: dict[str, Move] = {
    "accepted": Move(
        "accept",
        contract.ACCEPT,
        contract.AcceptRequest,
        "Accept for joint assessment",
        "A joint assessment opens for CAMHS and the adult mental health team, and outreach before joining begins.",
        primary=True,
    ),
    "received": Move(
        "answer", contract.ANSWER_INFORMATION, contract.AnswerRequest, "Write down the answer", "The referral goes back to triage."
    ),
    "needs_information": Move("ask", contract.ASK_FOR_INFORMATION, contract.AskRequest, "Ask for more information"),
    "redirected": Move("redirect", contract.REDIRECT, contract.RedirectRequest, "Point to another service"),
    "declined": Move("decline", contract.DECLINE, contract.DeclineRequest, "Decline"),
    "duplicate": Move("duplicate", contract.MARK_DUPLICATE, contract.DuplicateRequest, "Mark as referred before"),
    "withdrawn": Move("withdraw", contract.WITHDRAW, contract.WithdrawRequest, "The family no longer wants to"),
    "closed": Move("close", contract.CLOSE, contract.CloseRequest, "Close the referral"),
}
MOVES = {move.name: move for move in _MOVES.values()}


def moves_from(referral: dict[str, Any]) -> list[Move]:
    """Return the decisions that can be made now, the likeliest first."""
    return [move for status, move in _MOVES.items() if status in referral["may_move_to"]]


def form_of(move: Move, others: Sequence[dict[str, Any]] = ()) -> Form:
    """Return the form of a decision; ``others`` are the referrals that this one may be the same as."""
    same = {str(other["id"]): f"{other['family_name']}, referred {short_day(other['referred_on'])}" for other in others}
    return Form(move.request, "referral_id", choices={"of": same}, within=move.name)
