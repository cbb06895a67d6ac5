"""Everything that a family reads is rendered here, in every state: no clinical word in it, easy to read, small, and to be translated.

Whoever adds a page that anybody can open, a kind of mail or a file to be given away is told here until it is rendered, or until they say
who else reads it.
"""

import ast
import gzip
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import textstat
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from bs4 import BeautifulSoup

from tests.support import green

green.patch()

from gateway.access import guard  # noqa: E402 - imported in a patched process
from gateway.contract.plain_words import ELSEWHERE, clinical_words  # noqa: E402 - as above
from gateway.languages import CATALOGUES, ENGLISH, is_for_families  # noqa: E402 - as above
from gateway.languages.catalogues import DOMAIN  # noqa: E402 - as above
from gateway.languages.extracting import found  # noqa: E402 - as above
from gateway.letters import LETTERS, Sender  # noqa: E402 - as above
from services.referrals.contract import MESSAGES  # noqa: E402 - as above
from tests.support.gateway import application  # noqa: E402 - as above
from tests.support.parents import ANSWERS, Parent, sentences_of, words_of  # noqa: E402 - as above
from tests.support.whole import Town  # noqa: E402 - as above

RENDERED: Final[Mapping[str, tuple[str, ...]]] = {
    "pages.branding.about": ("who we are",),
    "pages.join.show": ("start", "first question", *(f"after {step}" for step in ANSWERS), "sent"),
    "pages.join.go": ("nothing said", "wrong phone", "too fast", "gone", "back to contact", "two children"),
    "pages.join.hide": ("hide",),
    "pages.join.later": ("later", "short word", "link"),
    "pages.join.back": ("back", "wrong word"),
    "pages.join.leave": (),
}
"""Every address for families, with the pages of it that `every_page` sees; one that leads away shows none."""
NOT_FOR_FAMILIES: Final[Mapping[str, str]] = {
    "static": "files", "api-docs.openapi_json": "machines", "pages.branding.picture": "a logo",
    "pages.refer.": "professionals who refer", "pages.asked.": "professionals who answer a question",
    "pages.operator.": "operators", "pages.sign_in.": "the team", "pages.sign_on.": "the team", "pages.invitation.": "the team",
    "pages.password.": "the team", "pages.factors.": "the team",
}  # fmt: skip
"""Who else reads what anybody can open, by how the name of its address begins; the rest of the API is machines'."""
TO_FAMILIES: Final = {"join_received"}
TO_PROFESSIONALS: Final = {"refer_code", "referrer_copy", "question", "outcome", "redirect"}
FILES: Final[Mapping[str, str]] = {
    "gateway/pages/audit/views.py": "who looked at a record, for its family: tests/unit/gateway/test_audit.py, tests/browser/test_audit.py",
    "gateway/pages/imports/views.py": "the team's own faults of a table",
    "gateway/pages/records/packs.py": "what is held about a person, for them: their own records, and around them no clinical word",
}
"""Where files are given away, with who reads them; a file for families is rendered by the test that is named."""

GRADE_OF_ELEVEN: Final = 6.0
"""Flesch-Kincaid counts school years in the United States: who is eleven is in the sixth."""
GRADE_OF_NINE: Final = 4.0
LONGEST_SENTENCE: Final = 25
"""In words, as the guide of GOV.UK's editors has it."""
KILOBYTES: Final = 60
"""What the first page of a visit may weigh with all it loads, as it travels: about a second on a slow mobile network (400 kbit/s)."""
PSEUDO: Final = "eo"
"""The language whose code the made-up catalogue borrows."""


def every_page(town: Town, language: str = "") -> dict[str, str]:
    """Return each page in each state, by what it is."""
    parent = Parent(town.whole.url, town.slug, language)
    parent.look("who we are", "/about")
    parent.look("hide", "/hide")
    parent.finish()
    wrongs: dict[str, dict[str, Any]] = {"nothing said": {}, "wrong phone": {"channels": ["phone"], "phone": "none"}}
    for name, wrong in wrongs.items():
        parent.begin()
        parent.answer("you")
        parent.send(name, step="contact", **wrong)
    parent.answer("contact")
    parent.send("two children", step="children", add="children")
    parent.send("back to contact", go="change", to="contact")
    parent.look("later", "/join/later")
    parent.send("short word", "/join/later", word="no")
    back = parent.send("link", "/join/later", word="sunflower").select_one("#link")
    assert back is not None
    path = back.get_text().strip().partition(town.slug)[2].partition("?")[0]
    parent.look("back", path)
    parent.send("wrong word", path, word="tulip")
    parent.begin(ago=timedelta(0))
    parent.answer(*ANSWERS)
    parent.send("too fast", go="send")
    parent.http.cookies.clear()
    parent.send("gone", step="you")
    parent.look("unknown address", "/join/back/nothing")
    parent.close()
    return parent.seen


@pytest.fixture(scope="module")
def pages(town: Town) -> dict[str, str]:
    return every_page(town)


@pytest.fixture(scope="module")
def mails() -> dict[str, str]:
    """Every mail to families, by kind."""
    sender = Sender("Southwark Stay & Play", "https://play.example/southwark", "020 7946 0000", "hello@play.example")
    days = {"first_contact": "2026-11-30", "first_visit": "2026-12-21"}
    facts = {"kind": "join_received", "to": "ana@example.org", "reference": "R7K4-9QDM", "language": None, "words": days}
    ways = {
        "both": sender,
        "phone": sender._replace(email=""),
        "mail": sender._replace(phone=""),
        "none": sender._replace(phone="", email=""),
    }
    letters = {f"join_received, {name}": LETTERS["join_received"](facts, way) for name, way in ways.items()}
    return {name: f"{letter.subject}.\n{letter.text}" for name, letter in letters.items()}


def test_every_page_for_families_is_rendered(pages: Mapping[str, str]) -> None:
    app = application()
    assert {name for name, view in app.view_functions.items() if is_for_families(view)} == RENDERED.keys()
    assert {name for names in RENDERED.values() for name in names} <= pages.keys()


def test_whatever_anybody_can_open_says_who_reads_it() -> None:
    app = application()
    open_to_anybody = {name for name, need in guard.needs_by_endpoint(app).items() if need in {guard.EVERYBODY, guard.PUBLIC}}
    pages = {name for name in open_to_anybody if name == "static" or name.startswith("pages.")}
    said = {name for name in pages if name in RENDERED or any(name.startswith(start) for start in NOT_FOR_FAMILIES)}
    assert pages - said == set()


def test_every_kind_of_mail_says_who_reads_it() -> None:
    assert MESSAGES.keys() == LETTERS.keys() == TO_FAMILIES | TO_PROFESSIONALS
    assert not TO_FAMILIES & TO_PROFESSIONALS


def test_every_mail_to_families_is_rendered(mails: Mapping[str, str]) -> None:
    assert {name.partition(",")[0] for name in mails} == TO_FAMILIES


def test_every_file_that_is_given_away_says_who_reads_it() -> None:
    assert {str(path) for path in Path("gateway").rglob("*.py") if _gives_a_file(path)} == FILES.keys()


def test_no_name_of_a_file_is_clinical_nor_what_stands_around_what_is_given() -> None:
    names = [text for path in FILES for text in _texts(Path(path)) if "filename=" in text or re.fullmatch(r"[a-z]+(-[a-z]+)+", text)]
    assert len(names) > len(FILES)
    around = list(_texts(Path("gateway/records/paper.py")))
    assert clinical_words(" ".join([*(name.replace("-", " ") for name in names), *around])) == []


def _gives_a_file(path: Path) -> bool:
    return any("attachment;" in text for text in _texts(path))


def _texts(path: Path) -> Iterator[str]:
    """Yield what a module says in so many words."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_page_says_a_clinical_word(pages: Mapping[str, str]) -> None:
    assert {name: words for name, html in pages.items() if (words := clinical_words(words_of(html)))} == {}


def test_no_mail_says_a_clinical_word(mails: Mapping[str, str]) -> None:
    assert {name: words for name, text in mails.items() if (words := clinical_words(text))} == {}


def test_no_catalogue_says_a_clinical_word_in_any_language() -> None:
    told = {code: str([(message.id, message.string) for message in _catalogue(code)]) for code in CATALOGUES.names()}
    assert {code: words for code, text in told.items() if (words := clinical_words(text))} == {}
    assert set(told) <= {ENGLISH, *ELSEWHERE}, "a language whose clinical words nobody wrote down"


def _catalogue(code: str) -> Catalog:
    with (CATALOGUES.folders[0] / code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as written:
        return read_po(written, locale=code)


def test_the_test_would_find_one(pages: Mapping[str, str]) -> None:
    spoilt = pages["start"].replace("Every week", "Every week, in group therapy,")
    assert clinical_words(words_of(spoilt)) == ["therapy"]
    assert clinical_words(words_of('<input value="x" aria-label="Terapia">')) == ["terapia"]


def test_no_name_but_the_programmes_stands_on_a_page(pages: Mapping[str, str]) -> None:
    for name, html in pages.items():
        titles = BeautifulSoup(html, "html.parser").select("title, .brand__name")
        assert all("Southwark Stay & Play" in title.get_text() for title in titles), name
        assert "CAMHS" not in html


def test_nothing_about_health_is_asked(pages: Mapping[str, str]) -> None:
    asked = " ".join(words_of(pages[f"after {step}"]) for step in list(ANSWERS)[:-1])
    assert "health" not in asked.replace("You do not have to tell us about your health", "")


def test_every_page_can_be_read_by_a_child_of_eleven(pages: Mapping[str, str]) -> None:
    grades = {name: textstat.flesch_kincaid_grade(" ".join(sentences_of(html))) for name, html in pages.items()}
    assert {name: grade for name, grade in grades.items() if grade > GRADE_OF_ELEVEN} == {}
    assert sum(grades.values()) / len(grades) <= GRADE_OF_NINE, grades


def test_no_sentence_is_long(pages: Mapping[str, str], mails: Mapping[str, str]) -> None:
    """Short pages make an average easy; a long sentence is hard wherever it stands."""
    said = [" ".join(sentences_of(html)) for html in pages.values()] + list(mails.values())
    sentences = {one.strip() for text in said for one in re.split(r"(?<=[.?!:])\s", text)}
    assert [one for one in sentences if len(one.split()) > LONGEST_SENTENCE] == []


def test_every_mail_can_be_read_by_a_child_of_eleven(mails: Mapping[str, str]) -> None:
    assert {name: grade for name, text in mails.items() if (grade := textstat.flesch_kincaid_grade(text)) > GRADE_OF_ELEVEN} == {}


def test_the_measure_tells_hard_words_from_plain_ones() -> None:
    hard = "Eligibility for therapeutic intervention is ascertained subsequent to multidisciplinary consideration of documentation."
    assert textstat.flesch_kincaid_grade(hard) > 2 * GRADE_OF_ELEVEN
    assert textstat.flesch_kincaid_grade("We will only use what you choose here. Tell us what to avoid.") < GRADE_OF_NINE


def test_the_first_page_is_light_with_all_it_loads(town: Town, pages: Mapping[str, str]) -> None:
    page = BeautifulSoup(pages["start"], "html.parser")
    loaded = [str(tag.get("href") or tag.get("src")) for tag in page.select("link[rel=stylesheet], link[rel=icon], script[src], img[src]")]
    with town.whole.client() as http:
        style = next(http.get(path).text for path in loaded if path.endswith(".css"))
        faces = [f"/static/{name}" for name in _files_of(style)]
        weights = {path: _travelling(http.get(path).content, path) for path in [*loaded, *faces]}
    weights["the page"] = len(gzip.compress(pages["start"].encode()))
    assert any(path.endswith(".woff2") for path in weights)
    assert sum(weights.values()) <= KILOBYTES * 1000, weights


def test_every_later_page_weighs_next_to_nothing(pages: Mapping[str, str]) -> None:
    assert {name: size for name, html in pages.items() if (size := len(gzip.compress(html.encode()))) > 4000} == {}


def _files_of(style: str) -> list[str]:
    """Return the typeface that English needs; the other is loaded for letters that only names have."""
    return [name.lstrip("./") for name in re.findall(r"url\(\"?([^)\"]+latin-wght[^)\"]*)\"?\)", style)]


def _travelling(content: bytes, path: str) -> int:
    """Return how much goes over the network: the proxy packs what is not packed already."""
    return len(content) if path.endswith(".woff2") else len(gzip.compress(content))


@pytest.fixture(scope="module")
def another_language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A catalogue in which every message stands in brackets."""
    folder = tmp_path_factory.mktemp("catalogues")
    bracketed = Catalog(locale=PSEUDO)
    for message in found():
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            said = tuple(f"\u27e6{one}\u27e7" for one in ids)
            bracketed.add(message.id, said if len(said) > 1 else said[0], context=message.context)
    path = folder / PSEUDO / "LC_MESSAGES" / f"{DOMAIN}.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as out:
        write_po(out, bracketed)
    CATALOGUES.folders.append(folder)
    yield PSEUDO
    CATALOGUES.folders.remove(folder)


def test_every_word_that_families_read_is_in_the_catalogue(town: Town, another_language: str) -> None:
    """With every message in brackets, what stands outside them is what nobody could translate."""
    pages = every_page(town, another_language)
    own = {str(value) for answers in ANSWERS.values() for one in answers.values() for value in (one if isinstance(one, list) else [one])}
    left = {name: sorted(outside) for name, html in pages.items() if (outside := _outside(html, own))}
    assert left == {}


def _outside(html: str, own: set[str]) -> set[str]:
    """Return the texts of a page that are not in brackets, but for names, what the parent wrote, numbers and dates."""
    page = BeautifulSoup(html, "html.parser")
    for unseen in page.select("script, style, .reference, #link, textarea, .brand, .tongues, .practice"):
        unseen.decompose()
    texts = {" ".join(text.split()) for text in page.body.stripped_strings} if page.body else set()
    texts |= {str(tag["data-left"]) for tag in page.select("[data-left]")}
    known = own | {"SE15 5LX", "Southwark Stay & Play"}
    return {
        text
        for text in texts
        if "\u27e6" not in text and text not in known and not re.fullmatch(r"[\d\W]*(\d{1,2} \w+ \d{4})?[\d\W]*", text)
    }


def test_a_page_is_in_the_language_that_is_asked_for(town: Town, another_language: str) -> None:
    parent = Parent(town.whole.url, town.slug)
    page = parent.http.get(parent.address("/join"), headers={"Accept-Language": "eo, en;q=0.5"}).text
    assert BeautifulSoup(page, "html.parser").select_one("html[lang=eo]")
    assert "\u27e6Start now\u27e7" in page
    page = parent.http.get(parent.address("/join"), headers={"Accept-Language": "tlh"}).text
    assert BeautifulSoup(page, "html.parser").select_one("html[lang=en]")
    links = BeautifulSoup(page, "html.parser").select(".tongues a")
    assert [(link.get_text(), link["hreflang"]) for link in links] == [("English", "en"), ("Esperanto", "eo")]
    parent.close()


def test_the_teams_own_pages_stay_in_english(town: Town, another_language: str) -> None:
    with town.whole.client() as http:
        page = http.get("/sign-in", headers={"Accept-Language": "eo"}).text
    assert BeautifulSoup(page, "html.parser").select_one("html[lang=en]")
    assert "\u27e6" not in page
