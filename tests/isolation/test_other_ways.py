"""Other ways to learn of a neighbour: being there, cursors, searches, keys, addresses and sessions."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

import pytest

from chassis.database.paging import cursor_of
from chassis.ids import new_id
from gateway.access import guard
from stayplay.access.needs import ways
from tests.support.isolation.answers import Answer, Asker
from tests.support.isolation.requests import Operation, Request
from tests.support.isolation.side_by_side import NOBODY, SideBySide, reads
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)
WORD = "Quillfeather"
NEVER_WRITTEN = "Quillfeathwr"
"""A word as long as one of theirs, that nobody wrote."""


def named(rule: str) -> str:
    """Return an address as the document writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


OPEN_TO_STRANGERS = {f"{way.method} {named(way.address)}" for way in ways() if way.need == guard.PUBLIC}
"""Operations by which people without an account write to a borough."""

WRONG_TOKEN = {401, 429}
"""A system's token is good in its borough and a wrong one elsewhere; whoever sends many wrong ones is told to wait, and how long."""


def another(cursor: str) -> str:
    """Return a cursor at the same place, of a row that is nowhere."""
    value, _ = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return cursor_of(value, new_id())


def test_a_cursor_of_another_borough_is_a_place_like_any_other(boroughs: SideBySide, cursors: Mapping[tuple[str, str], str]) -> None:
    by_name = {operation.name: operation for operation in reads(boroughs.document)}
    for (who, name), theirs in cursors.items():
        answers = []
        for cursor in (theirs, another(theirs)):
            request = Request(boroughs.made.request(by_name[name]).path, {"after": cursor, "limit": 100})
            answer = boroughs.askers[who].ask(by_name[name], request)
            assert boroughs.leaks(answer) == set(), name
            answers.append(answer.like(boroughs.known, cursor))
        assert answers[0] == answers[1], name
    lists = {name for _, name in cursors}
    tell(f"{len(cursors)} cursors of {len(lists)} lists")
    assert len(lists) >= 5


def free_text(operation: Operation) -> list[str]:
    """Return the query parameters in which somebody may write a word."""
    plain = [name for name, schema in operation.query.items() if "string" in str(schema.get("type")) and not schema.get("format")]
    return [name for name in plain if name != "after" and "enum" not in operation.query[name]]


def test_a_search_for_a_word_of_another_borough_finds_as_much_as_one_that_nobody_wrote(boroughs: SideBySide) -> None:
    boroughs.typed.add(WORD)
    for operation in reads(boroughs.document):
        request = boroughs.made.request(operation)
        for name in free_text(operation):
            for who, asker in boroughs.askers.items():
                told = [
                    asker.ask(operation, request.having(("query", name), word)).like(boroughs.known, word) for word in (WORD, NEVER_WRITTEN)
                ]
                assert told[0] == told[1], f"{operation.name} {name} as {who}"


def test_the_address_of_another_borough_is_answered_as_one_that_nobody_has(boroughs: SideBySide) -> None:
    attempts = 0
    for operation in boroughs.operations:
        if "borough" not in operation.path:
            continue
        request = boroughs.made.request(operation)
        for who, asker in boroughs.askers.items():
            if who == NOBODY and operation.name in OPEN_TO_STRANGERS:
                continue  # a borough lets strangers in at its own address: the next test
            told = at_the_addresses(boroughs, operation, request, asker, unknown_slug(boroughs))
            statuses = {answer.status for answer in told}
            assert told[0] == told[1] or statuses <= WRONG_TOKEN, f"{operation.name} as {who}"
            assert statuses <= {404, *WRONG_TOKEN}, f"{operation.name} as {who}"
            attempts += 1
    tell(f"{attempts} attempts at the other borough's addresses")


def test_a_stranger_is_told_the_same_at_the_address_of_any_borough(boroughs: SideBySide) -> None:
    """Where people without an account may write: of what was begun in one borough, another knows as little as of what nobody began."""
    stranger = boroughs.askers[NOBODY]
    for operation in boroughs.operations:
        if operation.name not in OPEN_TO_STRANGERS:
            continue
        request = boroughs.made.request(operation)
        for place in request.ids()[:1]:
            ours = stranger.ask(operation, request.having(("path", "borough"), boroughs.there.borough.slug))
            assert ours.status == 404, operation.name
            request = request.having(place, str(new_id()))
        told = at_the_addresses(boroughs, operation, request, stranger, boroughs.here.borough.slug)
        assert told[0] == told[1], operation.name
        assert told[0].status in {404, 422}, operation.name


def at_the_addresses(boroughs: SideBySide, operation: Operation, request: Request, asker: Asker, slug: str) -> list[Answer]:
    """Return what could tell apart the answers at the address ``slug`` and at the other borough's."""
    boroughs.calm()
    slugs = (slug, boroughs.there.borough.slug)
    answers = [asker.ask(operation, request.having(("path", "borough"), one)) for one in slugs]
    assert boroughs.leaks(answers[1]) <= {slugs[1]}, operation.name
    return [answer.like(boroughs.known, one) for one, answer in zip(slugs, answers, strict=True)]


def unknown_slug(boroughs: SideBySide) -> str:
    return boroughs.there.borough.slug[:-6] + "000000"


def test_a_session_of_another_borough_opens_nothing_here(boroughs: SideBySide) -> None:
    for who, token in boroughs.there.sessions.items():
        asker = Asker(boroughs.whole.url, token, boroughs.here.borough.slug)
        for operation in boroughs.operations:
            if "borough" in operation.path:
                answer = asker.ask(operation, boroughs.made.request(operation))
                assert answer.status in (WRONG_TOKEN if who == "system" else {404}), f"{operation.name} as their {who}"
        asker.close()


def test_a_key_that_another_borough_used_is_a_new_one_here(boroughs: SideBySide) -> None:
    """Nobody's kept answer comes back to somebody else, and no key tells that it was used."""
    used = sorted(key for key in keys(boroughs) if 8 <= len(key) <= 64)
    changes = [operation for operation in boroughs.operations if operation.needs_key and "borough" in operation.path]
    assert len(used) >= len(changes), "nobody sends one key twice, which would be refused for that"
    tried = 0
    for key, operation in zip(used, changes, strict=False):
        request = boroughs.made.request(operation)
        places = request.ids()
        if places:
            request = request.having(places[0], str(new_id()))
        for who, asker in boroughs.askers.items():
            tried += 1
            boroughs.calm()
            answers = [asker.ask(operation, boroughs.made.fresh(request), key=one) for one in (key, "")]
            assert boroughs.leaks(answers[0]) == set(), f"{operation.name} as {who}"
            told = [boroughs.told(answer, changes=True) for answer in answers]
            assert told[0] == told[1] or not places, f"{operation.name} as {who}"
    tell(f"{tried} changes with keys that the other borough used")


def keys(boroughs: SideBySide) -> set[str]:
    found: set[str] = set()
    for service in boroughs.databases.names:
        rows: Any = boroughs.databases.one(service, "SELECT jsonb_agg(key) FROM answers WHERE borough_id = %s", boroughs.there.borough.id)
        found |= {str(key) for key in rows or ()}
    return found


def test_an_exact_name_of_another_borough_s_restricted_family_is_as_unknown_as_any(boroughs: SideBySide) -> None:
    find = next(one for one in boroughs.operations if one.address.endswith("/families/find-restricted"))
    request = Request({"borough": boroughs.here.borough.slug}, {}, {"birth_date": "2024-07-26"})
    for who, asker in boroughs.askers.items():
        told = [
            asker.ask(find, request.having(("body", "name"), name)).like(boroughs.known, name)
            for name in (f"Sinead {WORD}", f"Sinead {NEVER_WRITTEN}")
        ]
        assert told[0] == told[1], who
