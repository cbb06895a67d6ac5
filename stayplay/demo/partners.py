"""Other agencies in the demonstration: a waiting list that came as a file, a system that is told, what families agreed to."""

from base64 import b64encode
from datetime import date, timedelta
from typing import Any

from chassis.sheets import csv_of
from stayplay.demo import people
from stayplay.journey import Borough, until

HOOK = "https://records.health-visiting.invalid/stay-and-play"
"""Nobody answers there: ``.invalid`` is reserved for that (RFC 2606), so every state but one can be seen."""
_HEADINGS = (
    "Date received", "Parent 1: First name", "Parent 1: Last name", "Parent 1: What they are to the child", "Parent 1: Phone",
    "Child 1: First name", "Child 1: Last name", "Child 1: Date of birth", "Language they speak at home", "Is an interpreter needed",
    "Safe ways to reach the family", "Why now", "What worries you", "Is the parent under a Community Mental Health Team",
    "Referrer's name", "Service or team", "Kind of service", "What may we tell the referrer", "Does the family agree to this referral",
    "Area",
)  # fmt: skip
_WAITING = (
    (41, "Marisol", "Quintero", "mother", "07700 910001", "Iker", 520, "Yes"),
    (39, "Temitope", "Bankole", "mother", "07700 910002", "Ola", 610, "Yes"),
    (33, "Aneurin", "Pryce", "father", "07700 910003", "Gwen", 480, "Yes"),
    (30, "Shazia", "Mirza", "mother", "ring the GP", "Idris", 430, "Yes"),
    (26, "Marisol", "Quintero", "mother", "07700 910001", "Iker", 520, "Yes"),
    (21, "Krystyna", "Nowicka", "grandmother", "07700 910006", "Staś", 700, "Not asked yet"),
    (14, "Leila", "Farahani", "mother", "07700 910007", "Roya", 390, "Yes"),
)
"""Days since they were put on the list, who they are, a child's age in days, whether they agree. One stands there twice."""


def partners(borough: Borough, coming: list[str], today: date) -> None:
    """Let all of it be seen; ``coming`` are families that come. What follows by itself may follow later: nothing waits for it."""
    send_waiting_list(borough, today)
    tell_system(borough, today)
    for family_id in coming:
        consents(borough, family_id, today)


def waiting_list(borough: Borough, today: date) -> str:
    """Send a waiting list; return its id once it is under review."""
    sent, camhs = send_waiting_list(borough, today), borough["camhs"]
    until("the waiting list can be reviewed", lambda: camhs.get(f"{borough.base}/imports/{sent}")["state"] == "review")
    return sent


def send_waiting_list(borough: Borough, today: date) -> str:
    """Send a waiting list that is to be reviewed: with faults, a row that comes twice, and a column that nobody reads. Return its id."""
    rows = [_row(today, *one) for one in _WAITING]
    content = b64encode(csv_of(_HEADINGS, rows).encode()).decode()
    sent = borough["camhs"].post(f"{borough.base}/imports", {"file_name": "Old waiting list.csv", "content": content})
    return str(sent["id"])


def _row(today: date, days: int, given: str, family: str, what: str, phone: str, child: str, old: int, agrees: str) -> list[str]:
    received, born = today - timedelta(days=days), today - timedelta(days=old)
    return [
        f"{received:%d/%m/%Y}", given, family, what, phone, child, family, f"{born:%d/%m/%Y}", "English", "No", "Phone call; Text message",
        "On the list of the children's centre since then.", "Alone a good deal, and low.", "Not known", "Sam Otieno", "Children's centre",
        "A2", "The outcome only", agrees, "North",
    ]  # fmt: skip


def system_that_is_told(borough: Borough, today: date, hook: str = HOOK) -> str:
    """Let a system refer a family; return its id once it is to be told, at the address ``hook``, what becomes of it."""
    system, administrator = tell_system(borough, today, hook), borough["administrator"]
    path = f"{borough.base}/systems/{system}/webhook/deliveries"
    until("the system is told twice", lambda: len(administrator.get(path)["items"]) > 1)
    return system


def tell_system(borough: Borough, today: date, hook: str = HOOK) -> str:
    """Let a health visiting record refer a family, of which there is then news to tell it; return its id."""
    administrator = borough["administrator"]
    body = {"name": "Health visiting record", "scopes": ["referrals.refer", "referrals.read_own"], "days": 300}
    system = administrator.post(f"{borough.base}/systems", body)
    webhook = f"{borough.base}/systems/{system['id']}/webhook"
    administrator.post(webhook, {"url": hook})
    record = administrator.with_token(system["token"])
    referral = record.post(f"{borough.base}/referrals", _referred(today))
    record.close()
    asked = {"version": referral["version"], "reason": "Is there a good time to ring?"}
    borough["camhs"].post(f"{borough.base}/referrals/{referral['id']}/ask", asked)
    return str(system["id"])


def _referred(today: date) -> dict[str, Any]:
    family = people.Household(9901, "Oriane", "Delacroix", "Basile", today - timedelta(days=500))
    referral = people.referral(family, today, urgent=False)
    return {**referral, "referrer": {**referral["referrer"], "may_be_told": "status"}}


def consents(borough: Borough, family_id: str, today: date) -> str:
    """Let a family agree to something and take something back, and something be shared with a reason; return the consent that holds."""
    camhs, family = borough["camhs"], f"{borough.base}/families/{family_id}"
    given = {"purpose": "work_together", "what": ["coming", "progress"], "given_by": "The mother", "given_how": "in_person"}
    on = {"given_on": (today - timedelta(days=40)).isoformat()}
    nursery = camhs.post(f"{family}/consents", {**given, **on, "partner": "Grove nursery", "evidence": "Signed form, in the paper file"})
    team = camhs.post(f"{family}/consents", {**given, **on, "partner": "Bermondsey health visiting team", "words": "Not how I was before."})
    shared = {
        "decision": "shared", "partner": nursery["partner"], "what": ["coming"], "basis": "consent", "family_told": "yes",
        "reason": "The nursery asked whether Thursday mornings are taken.", "decided_on": (today - timedelta(days=30)).isoformat(),
    }  # fmt: skip
    camhs.post(f"{family}/sharing", {**shared, "consent_id": nursery["id"]})
    kept_back = {**shared, "decision": "not_shared", "partner": "Housing office", "what": ["assessment"], "basis": "not_needed"}
    camhs.post(f"{family}/sharing", {**kept_back, "reason": "They asked for the assessment; that the family comes was enough."})
    back = {"version": team["version"], "withdrawn_on": today.isoformat(), "withdrawn_how": "phone"}
    camhs.post(f"{family}/consents/{team['id']}/withdraw", {**back, "withdrawn_because": "She has moved to another team."})
    return str(nursery["id"])
