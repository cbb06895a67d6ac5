"""Within one borough: what clinicians wrote of a family reaches clinicians and nobody else, by whatever address."""

from collections.abc import Mapping

import pytest

from chassis.errors import Forbidden, NotSignedIn
from tests.support.at_once import at_once
from tests.support.isolation.answers import Asker
from tests.support.isolation.pages import Browser, Step
from tests.support.isolation.requests import Operation, Request
from tests.support.isolation.side_by_side import SideBySide, reads

pytestmark = pytest.mark.timeout(300)

WRITTEN = (
    "Low mood.", "Cautious.", "keeps close", "Not yet, says", "Wants to meet others",
    "She has stopped going out", "Low in mood, alone with him", "A weekly group fits.", "Thursday mornings are taken",
)  # fmt: skip
"""What `stayplay.journey`, `stayplay.demo.partners` and `tests.support.isolation.neighbours` write, from referral to decision."""

CLINICIANS = ("camhs", "adult")
PACKS = "/pack"
"""In the addresses of what is given to somebody who asked for what is held: who reviews it reads it there, and nowhere else."""


def asked(boroughs: SideBySide) -> list[tuple[Operation, list[Request]]]:
    """Return every operation that reads, with a request about each of several things."""
    found = []
    for operation in reads(boroughs.document):
        request = boroughs.made.request(operation)
        if {"kind", "limit"} <= operation.query.keys():  # of a trail all that was changed: among what was read it would be far back
            request = Request(request.path, {"kind": "change", "limit": 500})
        places = request.ids()
        found.append((operation, list(boroughs.made.variants(request, places[0])) if places else [request]))
    return found


def told(asker: Asker, requests: list[tuple[Operation, list[Request]]]) -> dict[str, str]:
    """Return everything that somebody can read by the API, by operation."""
    found = {}
    for operation, each in requests:
        bodies = []
        for one in each:
            bodies.append(asker.ask(operation, one).body)
            if is_never_for_them(bodies[-1]):
                break  # whatever it is about
        found[operation.name] = " ".join(bodies)
    return found


def is_never_for_them(body: str) -> bool:
    """Tell whether an answer says that a role does not allow it: a restricted record, which another may follow, is refused otherwise."""
    return any(f'"code":"{error.code}"' in body.replace(" ", "") for error in (Forbidden, NotSignedIn))


def shown(browser: Browser) -> dict[str, str]:
    """Return every page that somebody came by on their walk, by address."""
    return {address: answer.body for address, answer in browser.read.items()}


@pytest.fixture(scope="module")
def read(
    boroughs: SideBySide, browsers: Mapping[str, Browser], walked: Mapping[str, Mapping[str, Step]]
) -> Mapping[str, Mapping[str, str]]:
    """All that each of our people reads, by where."""
    requests = asked(boroughs)
    return dict(at_once(lambda who: (who, told(boroughs.askers[who], requests) | shown(browsers[who])), walked))


def written(read: Mapping[str, str]) -> list[str]:
    """Return which clinical words stand in what was read, and where."""
    return [f"{words} at {place}" for place, text in read.items() for words in WRITTEN if words in text]


@pytest.mark.parametrize("who", CLINICIANS)
def test_clinicians_of_both_agencies_read_what_they_wrote_together(read: Mapping[str, Mapping[str, str]], who: str) -> None:
    by_the_api = " ".join(text for place, text in read[who].items() if place.startswith("GET /api"))
    assert [words for words in WRITTEN if words not in by_the_api] == []


@pytest.mark.parametrize("who", ["administrator", "facilitator", "referrer", "commissioner", "system", "nobody"])
def test_nobody_else_reads_a_word_of_it(read: Mapping[str, Mapping[str, str]], who: str) -> None:
    assert {*CLINICIANS, who} <= read.keys()
    assert len("".join(read[who].values())) > 1000
    assert written(read[who]) == []


def test_whoever_looks_after_records_reads_it_in_what_they_review_alone(read: Mapping[str, Mapping[str, str]]) -> None:
    packs = {place: text for place, text in read["records"].items() if PACKS in place}
    others = {place: text for place, text in read["records"].items() if place not in packs}
    assert written(packs)
    assert len("".join(others.values())) > 1000
    assert written(others) == []


def test_everybody_who_asks_is_asked_here(boroughs: SideBySide) -> None:
    tested = {*CLINICIANS, "administrator", "facilitator", "referrer", "commissioner", "records", "system", "nobody"}
    assert boroughs.askers.keys() == tested
