"""Waiting lists as files: a row of believable cells for every family, to be spoilt by a test."""

from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import UUID

from chassis import clock
from chassis.caller import Caller
from chassis.sheets import csv_of
from services.referrals.contract import importing as contract
from tests import factories
from tests.support.desk import Desk, until

GIVEN = "Parent 1: First name"
FAMILY = "Parent 1: Last name"
PHONE = "Parent 1: Phone"
CHILD = "Child 1: First name"
BORN = "Child 1: Date of birth"
RECEIVED = "Date received"
NUMBER = "Parent 1: NHS number"


def row(number: int, **spoilt: str) -> dict[str, str]:
    """Return the cells of one family by heading, all different from those of another number."""
    cells = {
        "Why now": "Has stopped going out since the spring.",
        "What worries you": f"{factories.CLINICAL} ({number})",
        "Is the parent under a Community Mental Health Team": "no",
        "Language they speak at home": "English",
        "Is an interpreter needed": "No",
        "Safe ways to reach the family": "Phone call; text",
        GIVEN: _named(number, "given"),
        FAMILY: _named(number, "family"),
        "Parent 1: What they are to the child": "mother",
        PHONE: f"07700 9{number:05}",
        CHILD: _named(number, "child"),
        "Child 1: Last name": _named(number, "family"),
        BORN: f"{factories.toddler_birth_date(8 + number % 40):%d/%m/%Y}",
        "Referrer's name": "Grace Mensah",
        "Service or team": "Bermondsey health visiting team",
        "Kind of service": "A2",
        "What may we tell the referrer": "outcome",
        RECEIVED: f"{clock.today():%d/%m/%Y}",
        "Does the family agree to this referral": "Yes",
    }
    return {**cells, **spoilt}


def _named(number: int, what: str) -> str:
    """Return a name that is like no other: syllables drawn by lot, the same each time."""
    digest = sha256(f"{what} {number}".encode()).digest()
    return "".join("bdfgklmnprstvz"[one % 14] + "aeiou"[one // 14 % 5] for one in digest[:4]).capitalize()


def sheet(*rows: dict[str, str]) -> bytes:
    """Return a file of rows, as a spreadsheet saves it."""
    headings = list(dict.fromkeys(heading for one in rows for heading in one))
    return csv_of(headings, [[one.get(heading, "") for heading in headings] for one in rows]).encode()


def start(desk: Desk, by: Caller, raw: bytes, name: str = "waiting list.csv", **more: Any) -> dict[str, Any]:
    """Send a file."""
    return desk.ask(contract.START_IMPORT, by, file_name=name, content=b64encode(raw).decode(), **more)


def reviewed(desk: Desk, by: Caller, raw: bytes) -> dict[str, Any]:
    """Send a file, and return it once it can be reviewed."""
    return came_to(desk, by, start(desk, by, raw)["id"], "review")


def came_to(desk: Desk, by: Caller, import_id: UUID, state: str) -> dict[str, Any]:
    """Return a file once it stands at a state."""
    return until(lambda: _at(desk.ask(contract.GET_IMPORT, by, import_id=import_id), state))


def _at(found: dict[str, Any], state: str) -> dict[str, Any]:
    """Return a file that stands at a state, else nothing."""
    return found if found["state"] == state else {}


def rows_of(desk: Desk, by: Caller, found: dict[str, Any], **asked: Any) -> list[dict[str, Any]]:
    """Return the first rows of a file as they are shown."""
    items: list[dict[str, Any]] = desk.ask(contract.LIST_IMPORT_ROWS, by, import_id=found["id"], limit=100, **asked)["items"]
    return items


def decide(desk: Desk, by: Caller, found: dict[str, Any], decision: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """Decide on rows of a file."""
    chosen = [one["id"] for one in rows]
    return desk.ask(contract.DECIDE_IMPORT_ROWS, by, import_id=found["id"], version=found["version"], decision=decision, rows=chosen)


def commit(desk: Desk, by: Caller, found: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Have a file referred."""
    return desk.ask(contract.COMMIT_IMPORT, by, import_id=found["id"], version=found["version"], **more)
