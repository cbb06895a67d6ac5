"""Triage on a busy morning: each word about fit, each status, urgent and late, somebody's and nobody's, asked and opened again."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from stayplay.demo.people import household, referral
from stayplay.journey import Borough

POSTCODES: Final = "SE1 SE5 SE15 SE16 SE17 SE21 SE22 SE24"
_SURE: Final = {"borough_link": "lives", "parental_need": "yes", "secondary_care": "no"}
_ELSEWHERE: Final = {"line": "4 Widmore Road", "postcode": "BR1 1AA"}


class Case(NamedTuple):
    """One referral of the morning: days ago, what is said, and what is done with it."""

    days: int
    said: dict[str, Any]
    done: tuple[tuple[str, dict[str, Any]], ...] = ()


_MINE: Final = ("assign", {"assignee": "camhs"})
_NO: Final = ("decline", {"because": "outside_borough", "reason": "They live in Bromley and use nothing here."})
_ASK: Final = ("ask", {"reason": "Who else lives at home, and may we ring her in the mornings?"})
CASES: Final = (
    Case(1, _SURE),
    Case(12, {**_SURE, "urgency": "urgent", "risks_to_visitors": "A dog that barks at strangers. Ring first."}, (_MINE,)),
    Case(3, {**_SURE, "secondary_care": "yes"}, (("assign", {"assignee": "adult"}),)),
    Case(2, {**_SURE, "borough_link": "neither", "address": _ELSEWHERE}),
    Case(4, {"borough_link": "not_known", "address": None, "parental_need": "not_known", "secondary_care": "not_known"}, (_MINE,)),
    Case(
        6,
        {**_SURE, "borough_link": "not_known", "address": _ELSEWHERE},
        (("judge", {"criterion": "borough", "answer": "met", "fact": "He goes to nursery in Peckham: the manager said so."}),),
    ),
    Case(5, _SURE, (_MINE, _ASK)),
    Case(9, {**_SURE, "borough_link": "neither", "address": _ELSEWHERE}, (_NO, ("close", {"reason": "Her health visitor told her."}))),
    Case(8, {**_SURE, "address": _ELSEWHERE}, (_NO, ("reopen", {"reason": "They moved to Camberwell last week."}))),
    Case(
        10,
        _SURE,
        (
            (
                "redirect",
                {"to": "Start for Life drop-in", "told": ["family", "referrer"], "reason": "They want company, not a group."},
            ),
        ),
    ),
)


def triage(borough: Borough, today: date) -> None:
    """Name the borough's postcodes in its policy, refer a family for each case, and do with it what the case says."""
    _name_postcodes(borough)
    for number, case in enumerate(CASES):
        on = today - timedelta(days=case.days)
        borough.dated(datetime.combine(on, time(10), UTC))
        sent = referral(household(300 + number, today), on, urgent=False)
        referrer = {**sent["referrer"], "may_be_told": "status", "email": f"referrer.{number}@example.org"}
        now = borough["referrer"].post(f"{borough.base}/referrals", {**sent, "referred_on": None, "referrer": referrer, **case.said})
        for what, words in case.done:
            now = _done(borough, now, what, words)
    borough.dated(None)


def _name_postcodes(borough: Borough) -> None:
    administrator, path = borough["administrator"], f"{borough.base}/policy"
    policy = administrator.get(path)
    named = {**policy["current"]["policy"], "outward_codes": POSTCODES}
    administrator.post(path, {**named, "version": policy["version"], "reason": "So that triage sees who lives here."})


def _done(borough: Borough, now: dict[str, Any], what: str, words: dict[str, Any]) -> dict[str, Any]:
    if what == "assign":
        words = {"assignee": borough.members[words["assignee"]].id}
    return borough["camhs"].post(f"{borough.base}/referrals/{now['id']}/{what}", {"version": now["version"], **words})
