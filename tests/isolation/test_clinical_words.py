"""Within one borough: what clinicians wrote of a family reaches clinicians and nobody else, by whatever address."""

import pytest

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


def told(boroughs: SideBySide, who: str, but: str = "") -> str:
    """Return everything that somebody can read by the API, of several things of each kind; not at addresses with ``but`` in them."""
    asker, made = boroughs.askers[who], boroughs.made
    found = []
    for operation in reads(boroughs.document):
        if but and but in operation.address:
            continue
        request = made.request(operation)
        if {"kind", "limit"} <= operation.query.keys():  # of a trail all that was changed: among what was read it would be far back
            request = Request(request.path, {"kind": "change", "limit": 500})
        places = request.ids()
        for one in made.variants(request, places[0]) if places else [request]:
            answer = asker.ask(operation, one)
            found.append(answer.body)
    return " ".join(found)


def shown(boroughs: SideBySide, who: str, but: str = "") -> str:
    """Return every kind of page that somebody can reach; not at addresses with ``but`` in them."""
    asker = boroughs.askers[who]
    browser = Browser(boroughs.whole.url, asker.token, asker.slug)
    pages = [browser.take(step).body for step in browser.walk().values() if step.fields is None and not (but and but in step.address)]
    browser.http.close()
    return " ".join(pages)


@pytest.mark.parametrize("who", CLINICIANS)
def test_clinicians_of_both_agencies_read_what_they_wrote_together(boroughs: SideBySide, who: str) -> None:
    read = told(boroughs, who)
    assert [words for words in WRITTEN if words not in read] == []


@pytest.mark.parametrize("who", ["administrator", "facilitator", "referrer", "commissioner", "system", "nobody"])
def test_nobody_else_reads_a_word_of_it(boroughs: SideBySide, who: str) -> None:
    assert {*CLINICIANS, who} <= boroughs.askers.keys()
    read = told(boroughs, who) + shown(boroughs, who)
    assert len(read) > 1000
    assert [words for words in WRITTEN if words in read] == []


def test_whoever_looks_after_records_reads_it_in_what_they_review_alone(boroughs: SideBySide) -> None:
    assert any(words in told(boroughs, "records") for words in WRITTEN)
    read = told(boroughs, "records", but=PACKS) + shown(boroughs, "records", but=PACKS)
    assert len(read) > 1000
    assert [words for words in WRITTEN if words in read] == []


def test_everybody_who_asks_is_asked_here(boroughs: SideBySide) -> None:
    tested = {*CLINICIANS, "administrator", "facilitator", "referrer", "commissioner", "records", "system", "nobody"}
    assert boroughs.askers.keys() == tested
