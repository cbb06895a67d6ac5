"""Forms of pages as a browser finds them, sent with wrong answers, and whether the answer tells what is wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup

from tests.support.isolation.answers import Answer
from tests.support.isolation.pages import Browser, Step, steps

CONTROL = "\x01"
"""A character that no answer may hold."""
TYPED = {"text", "email", "tel", "password", "search", "number"}


@dataclass(frozen=True)
class Asked:
    """A form that asks something.

    Attributes:
        carried: what it carries that nobody types.
        questions: names of what is asked; ``typed`` those of them that are answered by typing.
        optional: whether every question says that it may be left out.
    """

    address: str
    carried: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]
    typed: tuple[str, ...]
    optional: bool

    @property
    def kind(self) -> str:
        """What it has in common with the same form about another thing, or about more of them."""
        return Step(unnumbered(self.address), tuple((unnumbered(name), "") for name in self.questions)).kind

    def with_nothing(self) -> Step:
        """Return it as it is sent when nothing is answered."""
        return Step(self.address, self.carried)

    def with_nonsense(self) -> Step:
        """Return it with answers that no question takes."""
        return Step(self.address, (*self.carried, *((name, f"{CONTROL}{'x' * 300}") for name in self.typed)))


def unnumbered(text: str) -> str:
    """Return an address or a name without the numbers that are a part of their own: the third heading is asked as the first is."""
    return re.sub(r"(?<=[/-])\d{1,3}(?=[/?-]|$)", "*", text)


def forms_on(html: str, here: str) -> Iterator[Asked]:
    """Yield the forms of a page that ask for something to be typed or chosen, but for those that take a file."""
    for form in BeautifulSoup(html, "html.parser").select("form[method=post]:not([enctype])"):
        carried = tuple((str(one["name"]), str(one.get("value", ""))) for one in form.select("input[type=hidden][name]"))
        seen = form.select("input[name]:not([type=hidden]):not([type=submit]), select[name], textarea[name]")
        asked = [one for one in seen if one.find_parent(class_="unasked") is None]  # that is for machines
        questions = tuple(dict.fromkeys(str(one["name"]) for one in asked))
        typed = tuple(str(one["name"]) for one in asked if one.name == "textarea" or one.get("type", "text") in TYPED)
        optional = all("(optional)" in label.get_text() for label in form.select(".govuk-label:not(.govuk-radios__label)"))
        if questions:
            yield Asked(str(form.get("action") or here).partition("#")[0], carried, questions, typed, optional)


def reachable(browser: Browser, *starts: str) -> dict[str, Asked]:
    """Return a form of each kind that can be reached by links from these addresses on."""
    found: dict[str, Asked] = {}
    seen: set[str] = set()
    waiting = [Step(start) for start in starts]
    while waiting:
        step = waiting.pop(0)
        kind = Step(unnumbered(step.address), step.fields).kind
        if kind in seen:
            continue
        seen.add(kind)
        html = browser.take(step).body
        found |= {form.kind: form for form in forms_on(html, step.address) if form.kind not in found}
        waiting += [one for one in steps(html, step.address, browser.slug) if one.fields is None]
    return found


def complaints(answer: Answer) -> Iterator[str]:
    """Yield what an answer to wrong answers lacks: it tells in its title, in a summary whose links lead somewhere, and at a field."""
    page = BeautifulSoup(answer.body, "html.parser")
    summary = page.select_one(".govuk-error-summary")
    if summary is None:
        yield f"{answer.status} without a summary"
        return
    if page.title is None or not page.title.get_text().strip().startswith("Error"):
        yield "the title does not say that there is an error"
    links = [str(link["href"]).removeprefix("#") for link in summary.select("a[href^='#']")]
    yield from (f"nothing is at #{link}" for link in links if page.find(id=link) is None)
    if not links:
        yield f"no link in the summary: {' '.join(summary.get_text().split())[:100]}"
    if not page.select(".govuk-error-message"):
        yield "nothing is said at a field"
