"""Triage in a borough: the board, what speaks for a referral, whose it is, a question that is answered by its link, and opening again."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from stayplay.client import Client
from stayplay.journey.family import referral
from tests.support.desk import until

LINK = re.compile(r"/answer/([A-Za-z0-9_-]{43})")


def link_mailed(mail_url: str, reference: str) -> str:
    """Return the secret of the link that was mailed about a referral, as soon as it was, into the folder that the platform mails to."""
    folder = Path(unquote(urlsplit(mail_url).path))

    def found() -> str:
        for mail in folder.glob("*.eml"):
            text = mail.read_text(encoding="utf-8").replace("=\n", "")
            link = LINK.search(text)
            if link and reference in text:
                return link[1]
        return ""

    return until(found, within=30)


def triage_everything(clinician: Client, referrer: Client, base: str, member_id: str, mail_url: str) -> None:
    """Do at triage whatever anybody can: as a clinician whose membership is ``member_id``, and as a referrer without an account."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    body = referral("Linked", yesterday)
    now = referrer.post(f"{base}/referrals", {**body, "referrer": {**body["referrer"], "may_be_told": "status"}})
    path = f"{base}/referrals/{now['id']}"
    clinician.get(f"{base}/referrals/board")

    def done(what: str, **words: Any) -> dict[str, Any]:
        return clinician.post(f"{path}/{what}", {"version": clinician.get(path)["version"], **words})

    done("assign", assignee=member_id)
    done("judge", criterion="parental_need", answer="met", fact="Her GP says so.")
    done("ask", reason="Who else lives there?")
    token = link_mailed(mail_url, now["reference"])
    read_by_link(clinician.url, base, token)
    done("decline", because="not_reached", reason="Too old to come.")
    clinician.with_token("").post(f"{base}/questions/answer", {"token": token, "answer": "Her mother does."})
    (question,) = clinician.get(path)["questions"]
    clinician.post(f"{path}/questions/{question['id']}/look-at")
    done("reopen", reason="They live here after all.")
    done("ask", reason="Which nursery?")
    asked = referrer.get(f"{base}/referrals/mine/{now['id']}")
    referrer.post(f"{base}/referrals/mine/{now['id']}/questions/{asked['question_id']}/answer", {"answer": "Grove."})


def read_by_link(url: str, base: str, token: str, get: Callable[..., httpx.Response] = httpx.get) -> dict[str, Any]:
    """Return what a referrer without an account is asked behind a link."""
    answer = get(f"{url}{base}/questions/by-link", headers={"Stay-Play-Link": token})
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found
