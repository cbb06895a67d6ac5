"""What holds for all templates and views, read from their files."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from gateway.pages.chrome import _MENU
from gateway.pages.done import DONE
from gateway.pages.family.weeks import WORDS as WEEK_WORDS
from gateway.pages.tones import tone_of
from gateway.pages.words import FILTERS
from services.assessments.contract import STATUSES as ASSESSMENT_STATUSES
from services.assessments.contract import VISIT_STATUSES
from services.outreach.contract import CLOSED_BECAUSE, STOP_STATES
from services.referrals.contract import STATUSES as REFERRAL_STATUSES
from services.sessions.contract import ENGAGEMENT, MARKS, PLACE_STATUSES

PAGES = Path("gateway/pages")
TEMPLATES = sorted(PAGES.rglob("*.html"))
VIEWS = sorted(PAGES.rglob("*.py"))
STYLES = "".join(path.read_text() for path in sorted(Path("gateway/assets/styles").glob("*.scss")))


def told_keys(path: Path) -> set[str]:
    """Return the keys of what was done that a file's views hand on, where they are written out."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "onward" and len(call.args) > 1]
    return {str(call.args[1].value) for call in named if isinstance(call.args[1], ast.Constant)}


def relative(path: Path) -> str:
    return str(path.relative_to(PAGES))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_template_compiles(app: Flask, path: Path) -> None:
    assert app.jinja_env.get_template(relative(path)).name == relative(path)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_links_only_to_pages_that_are_there(app: Flask, path: Path) -> None:
    named = re.findall(r"""here\(["']([a-z_.]+)["']""", path.read_text())
    missing = {name for name in named if f"pages.{name}" not in app.view_functions}
    assert not missing


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_holds_nothing_that_the_content_policy_forbids(path: Path) -> None:
    html = path.read_text()
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"<[a-z][^>]*\son[a-z]+=", html)
    assert "javascript:" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert "|safe" not in html


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_form_that_changes_something_carries_its_keys(path: Path) -> None:
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), flags=re.DOTALL):
        assert "hidden(" in form or "csrf_token" in form, form[:120]


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_words_are_of_people_not_of_a_government_or_one_gender(path: Path) -> None:
    words = re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\bmother|\bDNA\b|GOV\.UK|\bcrown\b|\bpatient", words, flags=re.IGNORECASE)


@pytest.mark.parametrize("path", VIEWS, ids=relative)
def test_what_was_done_is_always_said(path: Path) -> None:
    assert told_keys(path) <= set(DONE)


def test_the_menu_leads_to_pages_that_are_there(app: Flask) -> None:
    assert {f"pages.{endpoint}" for _, endpoint, _ in _MENU} <= set(app.view_functions)


def test_every_page_is_under_a_borough_or_before_sign_in(app: Flask) -> None:
    pages = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("pages.")}
    outside = {rule for rule in pages if not rule.startswith(("/<borough>/", "/account", "/operator"))}
    assert outside == {
        "/", "/sign-in", "/sign-out", "/boroughs", "/invitation/<token>", "/invitation/<token>/organisation",
        "/sign-on", "/sign-on/<slug>", "/sign-on/callback", "/sign-on/back-channel-logout",
        "/forgotten-password", "/forgotten-password/sent", "/new-password/<token>", "/sign-in/passkey", "/sign-in/passkey/options",
    }  # fmt: skip


@pytest.mark.parametrize("mark", WEEK_WORDS)
def test_every_mark_of_a_week_has_a_shape_of_its_own(mark: str) -> None:
    assert mark == "here" or f"&--{mark}" in STYLES


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_of_a_register_has_its_colour(mark: str) -> None:
    assert f"&--{mark} {{\n    --mark:" in STYLES


@pytest.mark.parametrize(
    "codes", [REFERRAL_STATUSES, ASSESSMENT_STATUSES, VISIT_STATUSES, PLACE_STATUSES, ENGAGEMENT, MARKS, STOP_STATES, CLOSED_BECAUSE]
)
def test_every_state_has_a_tone_that_the_styles_know(codes: dict[str, str]) -> None:
    for code in codes:
        tone = tone_of(code)
        assert tone == "" or f"&--{tone}" in STYLES


def test_filters_are_named_as_the_functions_they_are() -> None:
    assert {name: function.__name__ for name, function in FILTERS.items()} == {name: name for name in FILTERS}


def test_figures_of_a_page_that_change_are_tabular() -> None:
    assert STYLES.count("tabular-nums") >= 5
