"""Within one borough: what clinicians wrote of a family reaches clinicians and nobody else, by whatever address."""

from collections.abc import Mapping

import pytest

from chassis.errors import Forbidden, NotSignedIn
from tests.support.isolation.pages import Browser
from tests.support.isolation.requests import Request
from tests.support.isolation.side_by_side import SideBySide, reads

pytestmark = pytest.mark.timeout(300)

WRITTEN = (
    "Low mood.", "Cautious.", "keeps close", "Not yet, says", "Wants to meet others",
    "She has stopped going out", "Low in mood, alone with him",
)  # fmt: skip
"""What `stayplay.journey` and `tests.support.isolation.neighbours` write in both halves, in the decision, a disagreement and referrals."""

CLINICIANS = ("camhs", "adult")
PACKS = "/pack"
"""In the addresses of what is given to somebody who asked for what is held: who reviews it reads it there, and nowhere else."""


def told(boroughs: SideBySide, who: str) -> dict[str, str]:
    """Return everything that somebody can read by the API, of several things of each kind, by operation."""
    asker, made = boroughs.askers[who], boroughs.made
    found = {}
    for operation in reads(boroughs.document):
        request = made.request(operation)
        if {"kind", "limit"} <= operation.query.keys():  # of a trail all that was changed: among what was read it would be far back
            request = Request(request.path, {"kind": "change", "limit": 500})
        places = request.ids()
        bodies = []
        for one in made.variants(request, places[0]) if places else [request]:
            bodies.append(asker.ask(operation, one).body)
            if is_never_for_them(bodies[-1]):
                break  # whatever it is about
        found[operation.name] = " ".join(bodies)
    return found


def is_never_for_them(body: str) -> bool:
    """Tell whether an answer says that a role does not allow it: a restricted record, which another may follow, is refused otherwise."""
    return any(f'"code":"{error.code}"' in body.replace(" ", "") for error in (Forbidden, NotSignedIn))


def shown(boroughs: SideBySide, who: str) -> dict[str, str]:
    """Return every kind of page that somebody can reach, by kind."""
    asker = boroughs.askers[who]
    browser = Browser(boroughs.whole.url, asker.token, asker.slug)
    pages = {kind: browser.take(step).body for kind, step in browser.walk().items() if step.fields is None}
    browser.http.close()
    return pages


def read(boroughs: SideBySide, who: str) -> dict[str, str]:
    """Return all of it."""
    return told(boroughs, who) | shown(boroughs, who)


def written(read: Mapping[str, str]) -> list[str]:
    """Return which clinical words stand in what was read, and where."""
    return [f"{words} at {place}" for place, text in read.items() for words in WRITTEN if words in text]


@pytest.mark.parametrize("who", CLINICIANS)
def test_clinicians_of_both_agencies_read_what_they_wrote_together(boroughs: SideBySide, who: str) -> None:
    everything = " ".join(told(boroughs, who).values())
    assert [words for words in WRITTEN if words not in everything] == []


@pytest.mark.parametrize("who", ["administrator", "facilitator", "referrer", "commissioner", "system", "nobody"])
def test_nobody_else_reads_a_word_of_it(boroughs: SideBySide, who: str) -> None:
    assert {*CLINICIANS, who} <= boroughs.askers.keys()
    found = read(boroughs, who)
    assert len("".join(found.values())) > 1000
    assert written(found) == []


def test_whoever_looks_after_records_reads_it_in_what_they_review_alone(boroughs: SideBySide) -> None:
    found = read(boroughs, "records")
    packs = {place: text for place, text in found.items() if PACKS in place}
    others = {place: text for place, text in found.items() if place not in packs}
    assert written(packs)
    assert len("".join(others.values())) > 1000
    assert written(others) == []


def test_everybody_who_asks_is_asked_here(boroughs: SideBySide) -> None:
    tested = {*CLINICIANS, "administrator", "facilitator", "referrer", "commissioner", "records", "system", "nobody"}
    assert boroughs.askers.keys() == tested
