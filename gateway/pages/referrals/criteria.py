"""Does the group fit? Each criterion with its answer and its fact, and the form by which somebody of the team answers it."""

from typing import Any, NamedTuple

from gateway.pages.forms import Filled, Form
from services.referrals.contract import ANSWERS, CRITERIA, JudgeRequest

SIGNS = {"met": "\u2713", "not_met": "\u2717", "not_known": "?"}
"""A sign for each answer, beside its word and its colour."""
WAITING = frozenset({"received", "needs_information"})


class Judged(NamedTuple):
    """One criterion on the page.

    Attributes:
        answer: its code, or None where the reader may not know it.
        form: by which it is answered; None where nobody may any more.
    """

    name: str
    title: str
    answer: str | None
    words: str
    sign: str
    found: dict[str, Any]
    form: Filled | None


def form_of(criterion: str) -> Form:
    """Return the form by which a criterion is answered."""
    labels = {"answer": "Is it met?"}
    return Form(JudgeRequest, "referral_id", "version", "criterion", labels=labels, within=f"judge-{criterion}")


def judging(referral: dict[str, Any], tried: str = "", refused: Filled | None = None) -> list[Judged]:
    """Return each criterion of a referral; ``refused`` is the form of the one that was ``tried``, to be put right."""
    waits = referral["status"] in WAITING
    return [_judged(found, refused if tried == found["criterion"] else None, waits=waits) for found in referral["criteria"]]


def _judged(found: dict[str, Any], refused: Filled | None, *, waits: bool) -> Judged:
    name, answer = found["criterion"], found["answer"]
    form = None
    if waits and answer is not None:
        form = refused or form_of(name).blank(answer=answer, fact=found["fact"] if found["by_name"] else None)
    words = "To be looked at" if found["flagged"] else ANSWERS.get(answer or "", "Only for clinicians")
    return Judged(name, CRITERIA[name], answer, words, "!" if found["flagged"] else SIGNS.get(answer or "", ""), found, form)
