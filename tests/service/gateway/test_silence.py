"""Whatever somebody looks for, opens or sends, what the process says of it names nobody: not even from the address."""

import io
import logging
from collections.abc import Callable, Iterator

import httpx
import pytest
import structlog

from chassis import logging as ours
from tests.service.gateway.conftest import described
from tests.support.whole import Person, Whole

SURNAME = "Quixotesurname"
Ask = Callable[[Person], httpx.Response]

ASKED: dict[str, Ask] = {
    "a search": lambda who: who.post("/families/search", {"query": SURNAME}),
    "a search that makes no sense": lambda who: who.post("/families/search", {"query": SURNAME, "limit": "many"}),
    "a search that is no utf-8": lambda who: who.http.get(f"{who.base}/families?name={SURNAME}%ff"),
    "an address that is none": lambda who: who.get(f"/families/{SURNAME}"),
    "a borough that is none": lambda who: who.http.get(f"/api/v1/{SURNAME}/families"),
    "a file that is none": lambda who: who.http.get(f"/static/{SURNAME}.css"),
    "a page of a search": lambda who: who.http.get(f"{who.base.removeprefix('/api/v1')}/families?name={SURNAME}"),
    "a method that is none": lambda who: who.http.request(SURNAME.upper(), f"{who.base}/families?name={SURNAME}"),
    "a body that is refused": lambda who: who.post("/referrals", {**described(), "why_now": SURNAME, "colour": SURNAME}),
    "a body that is no json": lambda who: who.http.post(f"{who.base}/referrals", content=f'{{"{SURNAME}'),
    "a sign-in": lambda who: who.http.post("/api/v1/session", json={"email": f"{SURNAME}@example.org", "password": SURNAME}),
    "an invitation": lambda who: who.http.get(f"/api/v1/invitations/{SURNAME}"),
    "headers": lambda who: who.http.get(f"{who.base}/families", headers={"X-Correlation-Id": f"{SURNAME}!", "Referer": SURNAME}),
}


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Everything that this process logs, as it would in production; the client, which is not ours, is kept out of it."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    ours.configure("json", service="gateway", stream=stream)
    logging.getLogger("httpx").disabled = True
    yield stream
    logging.getLogger("httpx").disabled = False
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


@pytest.mark.parametrize("ask", ASKED.values(), ids=list(ASKED))
def test_no_line_holds_what_was_asked_for(clinician: Person, said: io.StringIO, capfd: pytest.CaptureFixture[str], ask: Ask) -> None:
    answer = ask(clinician)
    printed = capfd.readouterr()
    heard = said.getvalue() + printed.out + printed.err
    assert SURNAME.casefold() not in heard.casefold()
    assert answer.status_code < 500 or answer.status_code == 501


def test_a_request_that_failed_is_heard_of_all_the_same(whole: Whole, clinician: Person, said: io.StringIO) -> None:
    del whole
    clinician.post("/families/search", {"query": SURNAME, "limit": "many"})
    assert '"request.answered"' in said.getvalue()
    assert '"status": 422' in said.getvalue()
