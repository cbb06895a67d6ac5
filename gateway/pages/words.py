"""How the pages speak: dates, times, ages, counts and names as people say them.

Every function takes plain values and returns text; all of them are filters in the templates.
Moments are told in London time.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from markupsafe import Markup, escape

from chassis import clock
from services.referrals.contract import called

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_EMAIL = re.compile(r"[^\s@<>&;]+@[^\s@<>&;]+")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) (\d[A-Z]{2})\b")
_MONTHS_SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _date_of(when: date | datetime) -> date:
    return clock.london(when).date() if isinstance(when, datetime) else when


def day(when: date | datetime | None) -> str:
    """Return "24 November", with the year where it is not this one."""
    if when is None:
        return ""
    on = _date_of(when)
    return f"{on.day} {on:%B}" + (f" {on.year}" if on.year != clock.today().year else "")


def short_day(when: date | datetime) -> str:
    """Return "24 Nov"; the year stands where it is not this one."""
    on = _date_of(when)
    return f"{on.day} {_MONTHS_SHORT[on.month - 1]}" + (f" {on.year}" if on.year != clock.today().year else "")


def weekday_day(when: date | datetime) -> str:
    """Return "Tuesday 24 November"."""
    return f"{_date_of(when):%A} {day(when)}"


def near_day(when: date | datetime | None) -> str:
    """Return "today", "tomorrow", "yesterday" or "24 November"."""
    if when is None:
        return ""
    away = (_date_of(when) - clock.today()).days
    return {0: "today", 1: "tomorrow", -1: "yesterday"}.get(away) or day(when)


def clock_time(when: datetime | time | None) -> str:
    """Return "9:14" or "10:00"."""
    if when is None:
        return ""
    wall = clock.london(when).time() if isinstance(when, datetime) else when
    return f"{wall.hour}:{wall:%M}"


def moment(when: datetime | None) -> str:
    """Return "24 November 9:14", or "today 9:14"."""
    if when is None:
        return ""
    return f"{near_day(when)} {clock_time(when)}"


def ago(when: datetime) -> str:
    """Return "40 minutes ago", "3 hours ago", "yesterday" or "4 days ago"."""
    return age_of(when) + " ago"


def age_of(when: datetime | date) -> str:
    """Return how long something has been there: "40 minutes", "36 hours", "4 days", "5 weeks"."""
    start = when if isinstance(when, datetime) else datetime.combine(when, time(12), UTC)
    minutes = max(0, int((clock.now() - start).total_seconds() // 60))
    if minutes < 60:
        return count(minutes, "minute")
    if minutes < 48 * 60:
        return count(minutes // 60, "hour")
    days = minutes // (24 * 60)
    return count(days, "day") if days < 28 else count(days // 7, "week")


def months_old(born: date, on: date) -> int:
    """Return whole months of age on a day."""
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)


def age(born: date | None, on: date | None = None) -> str:
    """Return a child's age: "3 weeks", "18 months", "2 years 4 months", "31" for an adult."""
    if born is None:
        return ""
    today = on or clock.today()
    months = max(0, months_old(born, today))
    if months < 2:
        return count(max(0, (today - born).days // 7), "week")
    if months < 24:
        return count(months, "month")
    years, rest = divmod(months, 12)
    if years >= 12:
        return str(years)
    return " ".join(filter(None, [count(years, "year"), count(rest, "month") if rest else ""]))


def short_age(born: date | None, on: date | None = None) -> str:
    """Return an age for a tight line: "2" in years, "9 months" under two."""
    if born is None:
        return ""
    months = months_old(born, on or clock.today())
    return age(born, on) if months < 24 else str(months // 12)


def count(number: int, one: str, many: str = "") -> str:
    """Return "1 family" or "3 families": the plural is ``one`` with an s where ``many`` is left out."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def in_words(number: int) -> str:
    """Return "no", "one" to "nine", then figures."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """Return "two groups": as `count`, with small numbers in words."""
    return f"{in_words(number)} {one if number == 1 else many or one + 's'}"


def ordinal(number: int) -> str:
    """Return "first" to "tenth", then "11th"."""
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if 1 <= number <= len(names):
        return names[number - 1]
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def listed(names: Iterable[str]) -> str:
    """Return "Ann, Bo and Cem"."""
    every = [name for name in names if name]
    return " and ".join(filter(None, [", ".join(every[:-1]), every[-1]])) if every else ""


def sentence(text: str) -> str:
    """Return the text with a capital at its start and the rest as it was."""
    return text[:1].upper() + text[1:]


def breakable(words: object) -> Markup:
    """Return words for a narrow place: an email address breaks after its @ rather than within a word."""
    return Markup(_EMAIL.sub(lambda found: found[0].replace("@", "@<wbr>"), str(escape(words))))  # noqa: S704 - escaped just before


def unbroken(address: str) -> str:
    """Return an address whose postcode stays on one line."""
    return _POSTCODE.sub("\\1\u00a0\\2", address)


def lower_first(text: str) -> str:
    """Return the text without the capital at its start, unless it begins with an abbreviation such as GP."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def short_name(full: str) -> str:
    """Return "Amina K." for "Amina Khan": enough to know a colleague by."""
    first, _, rest = full.strip().partition(" ")
    return f"{first} {rest.split()[-1][0]}." if rest.split() else first


def initial_name(full: str) -> str:
    """Return "R. Osei" for "Ruth Osei"."""
    first, _, rest = full.strip().rpartition(" ")
    return f"{first[0]}. {rest}" if first else rest


def parts(*words: str | None) -> str:
    """Return what is there, with a middle dot between."""
    return " · ".join(word for word in words if word)


def children(born: Sequence[date | None], on: date | None = None) -> str:
    """Return "child 2 years 4 months" or "children 9 months and 3 years"; of a child without a birthday that a baby is expected."""
    ages = [age(birth, on) for birth in sorted(filter(None, born), reverse=True)]
    there = f"{'child' if len(ages) == 1 else 'children'} {listed(ages)}" if ages else ""
    babies = sum(birth is None for birth in born)
    return " and ".join(filter(None, [there, count(babies, "expected baby", "expected babies") if babies else ""]))


def full_name(person: Mapping[str, Any]) -> str:
    """Return "Dr Sinead Mary Doyle, called Nell", or "Expected baby Doyle"."""
    if not person.get("given_name"):
        return " ".join(filter(None, [sentence(called(person)), person.get("family_name")]))
    names = " ".join(filter(None, [person.get(part) for part in ("title", "given_name", "middle_names", "family_name")]))
    liked = person.get("preferred_name")
    return f"{names}, called {liked}" if liked and liked != person["given_name"] else names


def how_old(person: Mapping[str, Any], on: date | None = None) -> str:
    """Return somebody's age, or "due 3 January"."""
    expected = person.get("expected_date")
    return f"due {day(expected)}" if expected and not person.get("birth_date") else age(person.get("birth_date"), on)


def nhs(number: str | None) -> str:
    """Return an NHS number as people write it: "999 000 0018"."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if number else ""


def may_not(barred: Mapping[str, Any]) -> str:
    """Return "Dean Marsh, Finn's father, may not collect and must not be told anything"."""
    what = {"collect": "may not collect", "be_told": "must not be told anything"}
    who = f"{barred['name']}, {barred['relation']}," if barred.get("relation") else barred["name"]
    return f"{who} {listed(what[code] for code in what if code in barred['may_not'])}"


def due(on: date) -> str:
    """Return "overdue by 2 days", "due today" or "due 25 November"."""
    late = (clock.today() - on).days
    return f"overdue by {count(late, 'day')}" if late > 0 else f"due {near_day(on)}"


def soon(on: date, days: int = 7) -> bool:
    """Tell whether a day is within the next ``days``."""
    return timedelta(0) <= on - clock.today() <= timedelta(days=days)


def whole_day(on: date) -> str:
    """Return "24 November 2026": for days that may be years away."""
    return f"{on.day} {on:%B %Y}"


def whole_moment(at: datetime) -> str:
    """Return "24 November 2026, 17:05" in London: for what is printed and kept."""
    there = clock.london(at)
    return f"{whole_day(there.date())}, {there:%H:%M}"


FILTERS = {
    function.__name__: function
    for function in (
        day,
        whole_day,
        whole_moment,
        short_day,
        weekday_day,
        near_day,
        clock_time,
        moment,
        ago,
        age_of,
        age,
        short_age,
        count,
        in_words,
        counted,
        ordinal,
        listed,
        lower_first,
        unbroken,
        breakable,
        sentence,
        short_name,
        initial_name,
        children,
        full_name,
        how_old,
        nhs,
        may_not,
        called,
        due,
    )
}
