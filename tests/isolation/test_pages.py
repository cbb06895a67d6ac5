"""The same of pages: every address with an identifier in it, every link and every form that our people can reach.

Made from the application's own addresses and from the pages themselves, so it grows with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import NamedTuple

import pytest

from chassis.ids import new_id
from gateway.access import guard
from gateway.access.csrf import token_for
from stayplay.access.needs import ways
from tests.support.at_once import at_once
from tests.support.isolation.answers import Answer
from tests.support.isolation.pages import COOKIE, Browser, Step, url_map
from tests.support.isolation.requests import Id
from tests.support.isolation.side_by_side import MAY_NOT_AT_ALL, SideBySide, is_deep, of_our_own_trail
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)
CSV = "text/csv; charset=utf-8"
FILES = {
    **dict.fromkeys(("/audit/export", "/readers/list.csv", "/imports/template.csv", "/to-change.csv"), CSV),
    "/what-is-held.json": "application/json",
    "/what-is-held.pdf": "application/pdf",
}
"""Ends of the addresses from which files are handed over, and what each is."""

NOT_THERE = {302, 303, 308, 403, 404}
"""Statuses of an address in a borough that is none of theirs, or that nobody has."""


def addresses(boroughs: SideBySide) -> list[Step]:
    """Return every address of a page that has an identifier in it, filled with our own."""
    found = []
    for rule in url_map().iter_rules():
        if rule.endpoint.startswith("pages.") and rule.arguments - {"borough"} and "borough" in rule.arguments:
            values = {name: str(boroughs.made.value(name, {"format": "uuid"})) for name in rule.arguments if name.endswith("_id")}
            others = dict.fromkeys(rule.arguments - values.keys() - {"borough"}, "done")
            address = filled(rule.rule, {**values, **others, "borough": boroughs.here.borough.slug})
            found += [Step(address, () if method == "POST" else None) for method in (rule.methods or set()) & {"GET", "POST"}]
    return found


def filled(rule: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        for written in (f"<uuid:{name}>", f"<{name}>"):
            rule = rule.replace(written, value)
    return rule


def differences(boroughs: SideBySide, browser: Browser, step: Step, own: str) -> Iterator[str]:
    """Yield how a page tells another borough's identifiers, in the place of one of our own, from an unknown one, and what it leaks."""

    def ask(sent: str) -> Sent:
        return Sent(sent, browser.take(step.having(own, sent)))

    unknown = None
    for foreign in counterparts(boroughs, own):
        boroughs.tried.add(foreign)
        if unknown is None or changes(step, unknown.answer):
            unknown = ask(str(new_id()))
        theirs = ask(foreign)
        yield from (f"{step.kind}{what}" for what in wrong(boroughs, step, unknown, theirs))
        if not is_deep() and refused(unknown.answer) and refused(theirs.answer):
            return  # before anybody looks which one is meant


class Sent(NamedTuple):
    """What was sent in the place of an identifier, and the answer."""

    identity: str
    answer: Answer


def wrong(boroughs: SideBySide, step: Step, unknown: Sent, theirs: Sent) -> Iterator[str]:
    """Yield what must not be in the answer about an identifier of the other borough, beside the one about an unknown one."""
    answers = (unknown.answer, theirs.answer)
    leaked = boroughs.leaks(theirs.answer, theirs.identity, step.address)
    if leaked:
        yield f" leaks {sorted(leaked)}"
    if any(answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR for answer in answers):
        yield f": {[answer.status for answer in answers]}"
    told = [sent.answer.like(boroughs.known, sent.identity) for sent in (unknown, theirs)]
    if step.fields is not None and all(moved(answer) for answer in answers):
        boroughs.sent.add(theirs.identity)
    elif told[0].status != told[1].status or (told[0] != told[1] and not of_our_own_trail(step.address)):
        yield f": {told[0].status} {told[1].status}: {unlike(told)}"


def changes(step: Step, answer: Answer) -> bool:
    """Tell whether a form may have changed something: then what comes after it is held against another unknown one, asked after it too."""
    return step.fields is not None and not refused(answer) and answer.status < HTTPStatus.BAD_REQUEST


def tried(boroughs: SideBySide, browsers: Mapping[str, Browser], steps: Mapping[str, Sequence[Step]]) -> list[str]:
    """Try every identifier of all these steps, and return what was wrong.

    Links go first, one browser beside another; forms after them one by one, since what one saves may stand on others' pages.
    """

    def looked(who: str) -> list[str]:
        return found(who, [step for step in steps[who] if step.fields is None])

    def found(who: str, some: Sequence[Step]) -> list[str]:
        return [f"as {who}: {what}" for step in some for own in step.ids() for what in differences(boroughs, browsers[who], step, own)]

    links = [what for each in at_once(looked, steps) for what in each]
    return links + [what for who in steps for what in found(who, [step for step in steps[who] if step.fields is not None])]


def identifiers(steps: Mapping[str, Sequence[Step]]) -> int:
    return sum(len(step.ids()) for each in steps.values() for step in each)


def refused(answer: Answer) -> bool:
    """Tell whether a page is not for them, whatever it names; who is not signed in is led to where they can be."""
    return answer.status in MAY_NOT_AT_ALL or (answer.status == 303 and "sign-in" in dict(answer.headers).get("location", ""))


def moved(answer: Answer) -> bool:
    """Tell whether a form was saved: then it is answered with the way to what it made."""
    way = dict(answer.headers).get("location", "")
    return answer.status == HTTPStatus.SEE_OTHER and "sign-in" not in way


def unlike(told: list[Answer]) -> list[str]:
    lines = [f"{answer.body} {answer.headers}".splitlines() for answer in told]
    return [line for line in lines[1] if line not in lines[0]][:3]


def counterparts(boroughs: SideBySide, own: str) -> list[str]:
    """Return the other borough's identifiers of the kind that ``own`` is one of, and one of any kind."""
    columns = [column for column, ids in boroughs.ours.by_column.items() if own in ids]
    same = sorted({one for column in columns for one in boroughs.theirs.by_column.get(column, ())} - boroughs.known)
    return [*same[:2], *boroughs.foreign(Id(own, "nothing"))[-1:]]


def test_a_page_about_another_borough_s_thing_is_the_page_about_an_unknown_one(
    boroughs: SideBySide, browsers: Mapping[str, Browser]
) -> None:
    every = addresses(boroughs)
    steps = {who: [step if step.fields is None else with_token(browser, step) for step in every] for who, browser in browsers.items()}
    found = tried(boroughs, browsers, steps)
    tell(f"{len(every)} addresses of pages, {identifiers(steps)} identifiers")
    assert identifiers(steps) > 100
    assert found == [], "\n".join(found[:20])


def with_token(browser: Browser, step: Step) -> Step:
    """Return a form with what proves that it comes from a page of ours."""
    token = token_for(browser.http.cookies.get(COOKIE) or "")
    return Step(step.address, (("csrf_token", token), ("form_key", str(new_id()))))


def test_a_link_or_a_form_with_another_borough_s_identifier_is_answered_as_with_an_unknown_one(
    boroughs: SideBySide, browsers: Mapping[str, Browser], walked: Mapping[str, Mapping[str, Step]]
) -> None:
    """But for links with one identifier and nothing else: with another's in its place they are the addresses that the test above tries."""
    tried_above = {step.kind for step in addresses(boroughs) if step.fields is None and len(step.ids()) == 1}
    steps = {who: [step for kind, step in seen.items() if kind not in tried_above] for who, seen in walked.items()}
    found = tried(boroughs, browsers, steps)
    kinds = {step.kind for each in steps.values() for step in each if step.ids()}
    tell(f"{len(kinds)} kinds of links and forms in pages, {identifiers(steps)} identifiers")
    assert len(kinds) > 30
    assert found == [], "\n".join(found[:20])


def test_no_page_that_can_be_reached_shows_anything_of_another_borough(
    boroughs: SideBySide, browsers: Mapping[str, Browser], walked: Mapping[str, Mapping[str, Step]]
) -> None:
    """After all that was tried above: neither before that nor now."""

    def leaking(who: str) -> list[str]:
        before = browsers[who].read.items()
        now = [(step.address, browsers[who].take(step)) for step in walked[who].values() if step.fields is None]
        return [f"{address} as {who}" for address, answer in (*before, *now) if boroughs.leaks(answer, address=address)]

    assert [address for each in at_once(leaking, walked) for address in each] == []


def test_no_file_that_is_handed_over_holds_anything_of_another_borough(
    boroughs: SideBySide, browsers: Mapping[str, Browser], walked: Mapping[str, Mapping[str, Step]]
) -> None:
    """A pack as a PDF is compressed: what is in it is in its JSON too, and in nothing else it is made of."""
    packs = [
        step.having(step.ids()[0], one)
        for step in addresses(boroughs)
        if "what-is-held" in step.address
        for one in boroughs.ours.named("request_id")
    ]
    handed = {}
    for who, seen in walked.items():
        for step in [*seen.values(), *packs]:
            if step.address.endswith(tuple(FILES)):
                answer = browsers[who].take(step)
                assert boroughs.leaks(answer, address=step.address) == set(), f"{step.kind} as {who}"
                if answer.status not in NOT_THERE:
                    handed[f"{step.kind} as {who}"] = dict(answer.headers)["content-type"]
    assert {end for kind in handed for end in FILES if f"{end} " in kind} == set(FILES), handed
    assert {kind: given for kind, given in handed.items() if given != next(FILES[end] for end in FILES if f"{end} " in kind)} == {}


def test_every_address_that_hands_over_a_file_is_known_here() -> None:
    """A view that answers with a file says so by its name: a new one is to be added above."""
    words = ("export", "csv", "json", "pdf", "download", "file")
    named = {rule.rule for rule in url_map().iter_rules() if any(word in rule.rule for word in words)}
    others = {rule for rule in named if not rule.endswith(tuple(FILES)) and not rule.startswith(("/operator", "/api/", "/static/"))}
    assert others == set()


def test_pages_of_another_borough_are_not_there(
    boroughs: SideBySide, walked: Mapping[str, Mapping[str, Step]], browsers: Mapping[str, Browser]
) -> None:
    mine, theirs = boroughs.here.borough.slug, boroughs.there.borough.slug
    unknown = theirs[:-6] + "000000"
    find = url_map().bind("").match
    public = {way.endpoint for way in ways() if way.need in {guard.EVERYBODY, guard.PUBLIC}}

    def told_apart(who: str) -> list[str]:
        found = []
        for kind, step in walked[who].items():
            if find(step.address.partition("?")[0], "GET" if step.fields is None else "POST")[0] in public:
                continue  # what a borough tells everybody is no secret of it: test_strangers.py
            answers = {slug: browsers[who].take(Step(step.address.replace(mine, slug, 1), step.fields)) for slug in (unknown, theirs)}
            told = [answer.like(boroughs.known, slug) for slug, answer in answers.items()]
            if told[0] != told[1] or told[0].status not in NOT_THERE:
                found.append(f"{kind} as {who}: {told[0].status} {told[1].status}")
        return found

    assert [kind for each in at_once(told_apart, walked) for kind in each] == []
