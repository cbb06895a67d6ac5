"""The same of pages: every address with an identifier in it, every link and every form that our people can reach.

Made from the application's own addresses and from the pages themselves, so it grows with them.
"""

from collections.abc import Iterator, Mapping

import pytest

from chassis.ids import new_id
from gateway.access import guard
from gateway.access.csrf import token_for
from stayplay.access.needs import ways
from tests.support.gateway import application
from tests.support.isolation.answers import Answer
from tests.support.isolation.pages import COOKIE, Browser, Step
from tests.support.isolation.requests import Id
from tests.support.isolation.side_by_side import IS_DEEP, MAY_NOT_AT_ALL, SideBySide, of_our_own_trail
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)
PLAIN = [
    rule.rule
    for rule in application().url_map.iter_rules()
    if rule.endpoint.startswith("pages.") and rule.arguments == {"borough"} and "GET" in (rule.methods or set())
]
"""Addresses of the pages of a borough that name nothing in it."""

FILES = ("/audit/export", "/readers/list.csv", "/imports/template.csv", "/to-change.csv")
"""Ends of the addresses from which files are handed over."""


@pytest.fixture(scope="module")
def browsers(boroughs: SideBySide) -> Iterator[Mapping[str, Browser]]:
    opened = {who: Browser(boroughs.whole.url, asker.token, asker.slug) for who, asker in boroughs.askers.items()}
    yield opened
    for browser in opened.values():
        browser.http.close()


@pytest.fixture(scope="module")
def walked(browsers: Mapping[str, Browser]) -> Mapping[str, Mapping[str, Step]]:
    """Every kind of link and form that each of our people can reach, from every page that needs no identifier to be opened."""
    return {who: browser.walk([Step(rule.replace("<borough>", browser.slug)) for rule in PLAIN]) for who, browser in browsers.items()}


def addresses(boroughs: SideBySide) -> list[Step]:
    """Return every address of a page that has an identifier in it, filled with our own."""
    found = []
    for rule in application().url_map.iter_rules():
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
    for foreign in counterparts(boroughs, own):
        boroughs.tried.add(foreign)
        asked = {sent: browser.take(step.having(own, sent)) for sent in (str(new_id()), foreign)}
        told = [answer.like(boroughs.known, sent) for sent, answer in asked.items()]
        leaked = boroughs.leaks(asked[foreign], foreign, step.address)
        if any(answer.status >= 500 for answer in asked.values()):
            yield f"{step.kind}: {[answer.status for answer in asked.values()]}"
        if leaked:
            yield f"{step.kind} leaks {sorted(leaked)}"
        if moved(asked):
            boroughs.sent.add(foreign)
        elif of_our_own_trail(step.address):
            assert told[0].status == told[1].status
        elif told[0] != told[1]:
            yield f"{step.kind}: {told[0].status} {told[1].status}: {unlike(told)}"
        if not IS_DEEP and all(refused(answer) for answer in asked.values()):
            return  # before anybody looks which one is meant


def refused(answer: Answer) -> bool:
    """Tell whether a page is not for them, whatever it names; who is not signed in is led to where they can be."""
    return answer.status in MAY_NOT_AT_ALL or (answer.status == 303 and "sign-in" in dict(answer.headers).get("location", ""))


def moved(asked: Mapping[str, Answer]) -> bool:
    """Tell whether both were saved: then each is answered with the way to what it made."""
    ways = [dict(answer.headers).get("location", "") for answer in asked.values() if answer.status == 303]
    return len(ways) == len(asked) and not any("sign-in" in way for way in ways)


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
    attempts, found = 0, []
    for step in addresses(boroughs):
        for who, browser in browsers.items():
            sent = step if step.fields is None else with_token(browser, step)
            for own in step.ids():
                attempts += 1
                found += [f"as {who}: {what}" for what in differences(boroughs, browser, sent, own)]
    tell(f"{len(addresses(boroughs))} addresses of pages, {attempts} identifiers")
    assert attempts > 100
    assert found == [], "\n".join(found[:20])


def with_token(browser: Browser, step: Step) -> Step:
    """Return a form with what proves that it comes from a page of ours."""
    token = token_for(browser.http.cookies.get(COOKIE) or "")
    return Step(step.address, (("csrf_token", token), ("form_key", str(new_id()))))


def test_a_link_or_a_form_with_another_borough_s_identifier_is_answered_as_with_an_unknown_one(
    boroughs: SideBySide, browsers: Mapping[str, Browser], walked: Mapping[str, Mapping[str, Step]]
) -> None:
    attempts, kinds, found = 0, set(), []
    for who, seen in walked.items():
        for kind, step in seen.items():
            for own in step.ids():
                kinds.add(kind)
                attempts += 1
                found += [f"as {who}: {what}" for what in differences(boroughs, browsers[who], step, own)]
    tell(f"{len(kinds)} kinds of links and forms in pages, {attempts} identifiers")
    assert len(kinds) > 30
    assert found == [], "\n".join(found[:20])


def test_no_page_that_can_be_reached_shows_anything_of_another_borough(
    boroughs: SideBySide, browsers: Mapping[str, Browser], walked: Mapping[str, Mapping[str, Step]]
) -> None:
    for who, seen in walked.items():
        for kind, step in seen.items():
            if step.fields is None:
                assert boroughs.leaks(browsers[who].take(step), address=step.address) == set(), f"{kind} as {who}"


def test_no_file_that_is_handed_over_holds_anything_of_another_borough(
    boroughs: SideBySide, browsers: Mapping[str, Browser], walked: Mapping[str, Mapping[str, Step]]
) -> None:
    handed = {}
    for who, seen in walked.items():
        for step in seen.values():
            if step.address.endswith(FILES):
                answer = browsers[who].take(step)
                assert boroughs.leaks(answer, address=step.address) == set(), f"{step.kind} as {who}"
                if not refused(answer):
                    handed[f"{step.kind} as {who}"] = dict(answer.headers)["content-type"]
    assert {end for kind in handed for end in FILES if f"{end} " in kind} == set(FILES), handed
    assert set(handed.values()) == {"text/csv; charset=utf-8"}, handed


def test_every_address_that_hands_over_a_file_is_known_here() -> None:
    """A view that answers with a file says so by its name: a new one is to be added above."""
    named = {rule.rule for rule in application().url_map.iter_rules() if any(word in rule.rule for word in ("export", "csv", "download"))}
    assert {rule for rule in named if not rule.endswith(FILES) and not rule.startswith(("/operator", "/api/v1/operator"))} == set()


def test_pages_of_another_borough_are_not_there(
    boroughs: SideBySide, walked: Mapping[str, Mapping[str, Step]], browsers: Mapping[str, Browser]
) -> None:
    mine, theirs = boroughs.here.borough.slug, boroughs.there.borough.slug
    unknown = theirs[:-6] + "000000"
    find = application().url_map.bind("").match
    public = {way.endpoint for way in ways() if way.need in {guard.EVERYBODY, guard.PUBLIC}}
    for who, seen in walked.items():
        for kind, step in seen.items():
            if find(step.address.partition("?")[0], "GET" if step.fields is None else "POST")[0] in public:
                continue  # what a borough tells everybody is no secret of it: test_strangers.py
            answers = {slug: browsers[who].take(Step(step.address.replace(mine, slug, 1), step.fields)) for slug in (unknown, theirs)}
            told = [answer.like(boroughs.known, slug) for slug, answer in answers.items()]
            assert told[0] == told[1], f"{kind} as {who}"
            assert told[0].status in {302, 303, 308, 403, 404}, f"{kind} as {who}"
