"""Two boroughs beside each other, who asks in the one, and what the other held before anybody asked."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from itertools import chain
from random import Random
from typing import Any
from urllib.parse import urlsplit

from hypothesis import settings
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from chassis.ids import new_id
from services.referrals.models import RULES
from tests.support.at_once import at_once
from tests.support.desk import until
from tests.support.isolation.answers import Answer, Asker
from tests.support.isolation.described import Described
from tests.support.isolation.neighbours import Neighbour, neighbour
from tests.support.isolation.requests import Id, Made, Operation, Request, operations
from tests.support.isolation.rows import Databases, Holdings
from tests.support.whole import Whole

UNSENT = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
UNHANDLED = "SELECT count(*) FROM inbox WHERE state <> 'handled'"
WAITING_MAILS = "SELECT count(*) FROM mails WHERE state = 'waiting'"
UNTOLD = "SELECT count(*) FROM webhook_deliveries WHERE state = 'waiting'"
KEYED = f"INSERT INTO key_rounds (borough_id, rules, done) SELECT DISTINCT borough_id, {RULES}, true FROM families ON CONFLICT DO NOTHING"
"""What a timer finds out twice a minute: every family was keyed when it was written."""
NOBODY = "nobody"
HERE, THERE = ("Southwark", "Doyle"), ("Zedborough", "Quillfeather")
"""What the two boroughs are called, and their families."""
ALONE, CURSORS = "alone", "cursors"
"""What is read of the one before the other is there, and of the other: names of fixtures, each for the one module that asks for it."""
MOVES_BY_ITSELF = {"seen_at", "used_at"}
"""Columns that say when somebody's session or a token was last used: trying it elsewhere uses it."""
MADE_BY_TIMERS = ".public.audit_seals"
"""Tables to which a row is added once in a while, whatever anybody does."""
MAY_NOT_AT_ALL = {401, 403}
"""Statuses that say that it is not for them, whatever the identifier."""
OF_ONE_PERSON = {"challenge_id", "passkey_id"}
"""Identifiers of a person's own sign-in, of whatever borough: tests/service/gateway holds one person's against another's."""


@dataclass(repr=False)
class SideBySide:
    """Two boroughs on one platform.

    Attributes:
        here: the borough of whoever asks; ``ours`` is what the databases hold of it, ``askers`` its sessions and nobody's.
        there: the other borough; ``theirs`` is what the databases held of it before anybody asked.
        alone: what each session read while the other borough was not there yet; nothing where no test asks for it.
        cursors: of the first page of each list there, by session and operation; none where no test asks for them.
        sent: identifiers of there that were sent from here, and that a service keeps unread because it knows no such things.
        tried: identifiers of there that were sent from here at all.
        typed: words of there that were typed here, into a search: our own audit trail says so.
        lines: what was logged since somebody here began to ask.
        attempts: how many foreign things were asked for beside unknown ones.
        described: what the document says of answers, and which answers were others.
    """

    whole: Whole
    databases: Databases
    document: Mapping[str, Any]
    here: Neighbour
    there: Neighbour
    ours: Holdings
    theirs: Holdings
    askers: Mapping[str, Asker]
    alone: Mapping[tuple[str, str], Answer]
    cursors: Mapping[tuple[str, str], str]
    described: Described
    lines: list[Any] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    attempts: int = 0
    chosen: Random = field(default_factory=lambda: Random(2026))

    @cached_property
    def operations(self) -> list[Operation]:
        """Every operation of the document."""
        return operations(self.document)

    @cached_property
    def made(self) -> Made:
        """Makes valid requests about our own things."""
        pair = [self.here.borough.members[who].id for who in ("camhs", "adult")]
        return Made(self.document["components"]["schemas"], self.ours, self.databases, self.here.borough.slug, pair)

    @property
    def known(self) -> frozenset[str]:
        """Identifiers that the asker may have."""
        return self.ours.ids

    @property
    def secret(self) -> frozenset[str]:
        """Identifiers that nobody here may ever see, but for those that were sent from here and kept as sent."""
        return self.only_theirs - self.sent

    @cached_property
    def only_theirs(self) -> frozenset[str]:
        """Identifiers of the other borough that are none of ours."""
        return self.theirs.ids - self.ours.ids

    @cached_property
    def _others(self) -> list[str]:
        return sorted(self.only_theirs)

    def foreign(self, place: Id) -> list[str]:
        """Return the other borough's identifiers of the kind that stands at a place, and one of another kind."""
        right = [one for one in self.theirs.named(place.of) if one not in self.known]
        return [*self.chosen.sample(right, min(2, len(right))), self.chosen.choice(self._others)]

    def leaks(self, answer: Answer, sent: str = "", address: str = "") -> set[str]:
        """Return what of the other borough stands in an answer; our own audit trail may say what was asked for from here."""
        if of_our_own_trail(address):
            return answer.leaks(set(self.there.marks) - self.typed, self.only_theirs) - self.sent - self.tried
        return answer.leaks(self.there.marks, self.only_theirs) - self.sent - {sent}

    def compared(self, ask: Callable[[str], Answer], place: Id, *, changes: bool, address: str) -> list[str]:
        """Ask by ``ask`` for an unknown thing and for foreign ones of the kind at ``place``; return how answers differ, and what they leak.

        Where changes are made, a foreign thing may be answered as an unknown one is that is asked for after it: what was done once
        can't always be done again. Somebody to whom an unknown thing was refused altogether asks for one foreign thing.
        """
        self.calm()
        before = str(new_id())
        unknown = ask(before)
        told = [self._shown(unknown, before, address, changes=changes)]
        found: list[str] = []
        for foreign in self.foreign(place)[: 1 if unknown.status in MAY_NOT_AT_ALL and not is_deep() else None]:
            self.attempts += 1
            self.tried.add(foreign)
            answer, after = ask(foreign), str(new_id())
            shown = self._shown(answer, foreign, address, changes=changes)
            if changes and answer.made:
                self.sent.add(foreign)
            if shown not in told and changes and unknown.made:
                told.append(self._shown(ask(after), after, address, changes=changes))
            found += [] if shown in told else [f"unknown: {told}\n    foreign: {shown}"]
            found += [f"leaks {sorted(leaked)}" for leaked in [self.leaks(answer, foreign, address)] if leaked]
        return found

    def _shown(self, answer: Answer, sent: str, address: str, *, changes: bool) -> Answer:
        if of_our_own_trail(address):
            return Answer(answer.status, (), "")
        return self.told(answer, sent, changes=changes)

    def told(self, answer: Answer, sent: str = "", *, changes: bool) -> Answer:
        """Return what could tell an answer from another, of a change that was made only which fields there are."""
        return answer.shape() if changes and answer.made else answer.like(self.known, sent)

    def changed_there(self) -> list[str]:
        """Return each table of the other borough that is not as it was, with the rows that differ."""
        self.settle()
        now = self.there.holdings(self.databases)
        names = {table for table in {*self.theirs.rows, *now.rows} if not table.endswith(MADE_BY_TIMERS)}
        tables = {table: [still(one.rows.get(table, [])) for one in (self.theirs, now)] for table in names}
        return [f"{table}: {set(before) ^ set(after)}" for table, (before, after) in sorted(tables.items()) if before != after]

    def confirm_ours(self) -> None:
        """Let all our people have shown who they are just now: what asks again is tried too, however long the tests take."""
        confirmed = "UPDATE identity.sign_ins SET confirmed_at = now() WHERE person_id = ANY(%s::uuid[]) RETURNING id"
        self.databases.one("gateway", confirmed, sorted(self.here.people))

    def calm(self) -> None:
        """Let nobody be slowed down for what was asked before: an answer that says to wait says nothing of what was asked for."""
        self.databases.do("gateway", "DELETE FROM identity.attempts")

    def settle(self) -> None:
        """Wait until every event has been sent and handled."""
        until(lambda: settled(self.databases), within=30)


def is_deep() -> bool:
    """Tell whether everything is tried as everybody, as `make test-deep` does; else less is, where what is left out says the same again.

    Asked when a test runs: pytest imports this module before it knows the profile.
    """
    return settings.get_current_profile_name() == "deep"


def still(rows: list[str]) -> list[str]:
    """Return rows without what moves by itself."""
    return sorted(json.dumps({name: value for name, value in json.loads(row).items() if name not in MOVES_BY_ITSELF}) for row in rows)


def settled(databases: Databases) -> bool:
    """Tell whether no event waits to be sent or handled, and no mail to be sent."""
    events = any(databases.one(service, statement) for service in databases.names for statement in (UNSENT, UNHANDLED))
    return not events and not databases.one("gateway", WAITING_MAILS)


def fill_up(databases: Databases) -> None:
    """Wait until nothing moves any more, and every system was told what it is to be told."""
    databases.do("referrals", KEYED)
    until(lambda: settled(databases) and not databases.one("gateway", UNTOLD), within=30)


def reads(document: Mapping[str, Any]) -> list[Operation]:
    """Return the operations of boroughs that only read."""
    return [operation for operation in operations(document) if operation.method == "GET" and "borough" in operation.path]


def of_our_own_trail(address: str) -> bool:
    """Tell whether an address shows our own audit trail: it says what was asked for from here before, known or not."""
    return "audit" in address or "/readers" in address


def says_what_was_tried(name: str) -> tuple[bool, bool]:
    """Return the place of an operation or an address among all that are tried: first what tells also who looked, then our own trail."""
    return "everything_held" not in name, not of_our_own_trail(name)


@contextmanager
def side_by_side(whole: Whole, admin_url: str, hook: str, asked: AbstractSet[str] = frozenset()) -> Iterator[SideBySide]:
    """Fill both boroughs, and wait until nothing moves.

    Args:
        whole: the platform.
        admin_url: of the administrator of its databases.
        hook: where a system of each is told what becomes of its referrals.
        asked: what of `ALONE` and `CURSORS` some test asks for: with the first, one borough is filled and read before the other is there.
    """
    names = {service: urlsplit(one.config["settings"].database_url).path.strip("/") for service, one in whole.containers.items()}
    databases = Databases(admin_url, names)
    with Asker(whole.url, "", "").http as anyone:
        document = anyone.get("/api/openapi.json").json()
    described = Described(document)

    def made(one: Neighbour) -> Made:
        return Made(document["components"]["schemas"], one.holdings(databases), databases, one.borough.slug)

    def live(name: str, surname: str) -> Neighbour:
        return neighbour(whole, name, surname, hook)

    alone: Mapping[tuple[str, str], Answer] = {}
    if ALONE in asked:
        here = live(*HERE)
        fill_up(databases)
        askers = askers_of(here, whole, described)
        alone = read_by_all(askers, document, made(here))
        there = live(*THERE)
    else:
        here, there = at_once(lambda names: live(*names), (HERE, THERE))
        askers = askers_of(here, whole, described)
    cursors = dict(cursors_of(there, whole, document, made(there))) if CURSORS in asked else {}
    fill_up(databases)
    kept = here.holdings(databases), there.holdings(databases)
    with captured() as lines:
        yield SideBySide(whole, databases, document, here, there, *kept, askers, alone, cursors, described, lines)
    for asker in askers.values():
        asker.close()
    databases.close()


def askers_of(here: Neighbour, whole: Whole, described: Described) -> dict[str, Asker]:
    """Return everybody who asks in a borough: each of its sessions, and nobody's."""
    return {who: Asker(whole.url, token, here.borough.slug, described) for who, token in {**here.sessions, NOBODY: ""}.items()}


def read_by_all(askers: Mapping[str, Asker], document: Mapping[str, Any], made: Made) -> dict[tuple[str, str], Answer]:
    """Return what each of them reads by each operation that only reads."""
    requests = [(operation, made.request(operation)) for operation in reads(document)]

    def read(who: str) -> list[tuple[tuple[str, str], Answer]]:
        return [((who, operation.name), askers[who].ask(operation, request)) for operation, request in requests]

    return dict(chain.from_iterable(at_once(read, askers)))


def cursors_of(there: Neighbour, whole: Whole, document: Mapping[str, Any], made: Made) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the cursor of the first page of each list, with who read it and by which operation."""
    lists = [
        (operation, Request(made.request(operation).path, {"limit": 1}))
        for operation in reads(document)
        if {"after", "limit"} <= operation.query.keys()
    ]
    for who, token in there.sessions.items():
        asker = Asker(whole.url, token, there.borough.slug)
        for operation, request in lists:
            answer = asker.ask(operation, request)
            cursor = json.loads(answer.body).get("next") if answer.status == HTTPStatus.OK else None
            if cursor:
                yield (who, operation.name), cursor
        asker.close()


@contextmanager
def captured() -> Iterator[list[Any]]:
    """Keep every line that is logged by our own code or by a library, at whatever level."""
    with capture_logs() as lines:
        handler = Keeping(lines)
        logging.getLogger().addHandler(handler)
        yield lines
        logging.getLogger().removeHandler(handler)


class Keeping(logging.Handler):
    """Adds what libraries log to the other lines."""

    def __init__(self, lines: list[Any]) -> None:
        super().__init__()
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append({"event": record.getMessage()})


def measured() -> str:
    """Return everything that is counted and measured in this process, as it is scraped."""
    return generate_latest().decode()
