"""A list of many costs the database no more statements than a list of one: nothing is asked for row by row."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from chassis import clock, context
from chassis.caller import Caller
from chassis.ids import new_id
from chassis.keeping import HELD
from services.referrals import contract
from services.referrals.contract import consent
from services.referrals.contract import importing as imports
from services.referrals.contract.records import controls, requests, retention
from tests.service.referrals.test_merging import merge, refer
from tests.support import waiting_lists as lists
from tests.support.desk import Desk, until

ASKED: dict[str, Any] = {
    "kind": "access", "asked_by": "Amina Begum", "asked_as": "self", "identity_checked": "known", "received_on": clock.today(),
}  # fmt: skip


@pytest.fixture
def everybody(clinician: Caller) -> Caller:
    """One person who may read it all."""
    return replace(clinician, permissions=clinician.permissions | {"records.manage", "referrals.import", "referrals.read_own"})


def statements(ask: Callable[[], object]) -> int:
    """Return how many statements are sent to a database for one answer: those of the work that carries its number, whatever runs beside."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if context.current().correlation_id == number:
            sent.append(statement)

    number = str(new_id())
    event.listen(Engine, "before_cursor_execute", note)
    try:
        with context.entered(context.Context(number, "test")):
            ask()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert sent
    return len(sent)


def one_more(desk: Desk, by: Caller, number: int) -> dict[str, Any]:
    """Bring a family into the registry, with whatever a family has; it may be the same as those that came before."""
    received = refer(desk, by, phone=f"07700 9{number:05}")
    desk.ask(contract.ACCEPT, by, referral_id=received["id"], version=1, reason="Fits")
    desk.ask(requests.OPEN_REQUEST, by, family_id=received["family_id"], **ASKED)
    refer(desk, by, given=f"Waiting{number}", child=f"Child{number}")
    return desk.ask(contract.GET_FAMILY, by, family_id=received["family_id"])


LISTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "duplicates": (contract.LIST_MATCHES, {}),
    "board": (contract.TRIAGE_BOARD, {}),
    "own referrals": (contract.OWN_REFERRALS, {}),
    "found": (contract.SEARCH_FAMILIES, {"query": "begum"}),
    "families": (contract.LIST_FAMILIES, {}),
    "requests": (requests.LIST_REQUESTS, {}),
    "due": (retention.DUE_RECORDS, {}),
}


OF_FAMILY: dict[str, Any] = {
    "record": contract.GET_FAMILY,
    "story": contract.FAMILY_STORY,
    "merges": contract.FAMILY_MERGES,
    "sharing": consent.FAMILY_SHARING,
    "how it is kept": controls.FAMILY_RECORDS,
    "all that is held": HELD["referrals"],
    "matches": contract.FIND_MATCHES,
}


def every_list(desk: Desk, by: Caller) -> dict[str, int]:
    return {name: statements(lambda: desk.ask(operation, by, **given)) for name, (operation, given) in LISTS.items()}  # noqa: B023 - asked at once


def of_family(desk: Desk, by: Caller, family: dict[str, Any]) -> dict[str, int]:
    return {name: statements(lambda: desk.ask(operation, by, family_id=family["id"])) for name, operation in OF_FAMILY.items()}  # noqa: B023 - as above


def grow_old(desk: Desk, by: Caller, people: int) -> None:
    """Let the time of everybody's record be over, once the clocks run."""
    everybody = "UPDATE retention_clocks SET last_contact_on = '1990-01-01', birth_date = '1950-01-01' RETURNING id"

    def aged() -> bool:
        with desk.work("referrals", by.borough_id) as work:
            return len(work.session.execute(text(everybody)).all()) >= people

    until(aged)


def test_no_list_asks_for_its_rows_one_by_one(referrals: Desk, everybody: Caller) -> None:
    for number in range(2):
        one_more(referrals, everybody, number)
    until(lambda: referrals.ask(contract.LIST_MATCHES, everybody)["items"])
    grow_old(referrals, everybody, 4)
    of_few = every_list(referrals, everybody)
    for number in range(2, 9):
        one_more(referrals, everybody, number)
    until(lambda: len(referrals.ask(contract.LIST_MATCHES, everybody)["items"]) >= 8)
    grow_old(referrals, everybody, 18)
    assert every_list(referrals, everybody) == of_few


def test_no_page_of_a_family_asks_for_each_referral_consent_or_merge_by_itself(referrals: Desk, everybody: Caller) -> None:
    def joined(number: int) -> None:
        other = one_more(referrals, everybody, number)
        now = referrals.ask(contract.GET_FAMILY, everybody, family_id=family["id"])
        merge(referrals, everybody, now, other)

    family = one_more(referrals, everybody, 0)
    joined(1)
    of_two = of_family(referrals, everybody, family)
    for number in range(2, 7):
        joined(number)
    assert of_family(referrals, everybody, family) == of_two


def test_no_review_of_a_list_asks_for_each_row_by_itself(referrals: Desk, everybody: Caller) -> None:
    def rows_of(numbers: range) -> int:
        found = lists.reviewed(referrals, everybody, lists.sheet(*(lists.row(number) for number in numbers)))
        return statements(lambda: referrals.ask(imports.LIST_IMPORT_ROWS, everybody, import_id=found["id"], limit=100))

    known = lists.reviewed(referrals, everybody, lists.sheet(*(lists.row(number) for number in range(12))))
    lists.commit(referrals, everybody, known)
    lists.came_to(referrals, everybody, known["id"], "imported")
    assert rows_of(range(1)) == rows_of(range(12))
