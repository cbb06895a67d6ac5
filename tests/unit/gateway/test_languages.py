"""Languages of what families read: catalogues as they are written, kept up to date with the code."""

from copy import deepcopy
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from click.testing import CliRunner
from flask import Flask

from gateway.languages import CATALOGUES, ENGLISH, catalogues, extracting, is_for_families, languages
from gateway.languages.catalogues import DOMAIN, Catalogues
from stayplay.translations import translations


@pytest.fixture(scope="module")
def collected() -> Catalog:
    """Every message of the code as it stands: collecting them takes a second, so it is done once."""
    return extracting.found()


def with_language(folder: Path, code: str, **said: str) -> Catalogues:
    """Return the catalogues with one more, in which these messages have words."""
    catalogue = Catalog(locale=code)
    for identity, string in said.items():
        catalogue.add(identity, string)
    path = folder / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as out:
        write_po(out, catalogue)
    found = Catalogues()
    found.folders.append(folder)
    return found


def test_english_is_there_and_comes_first(tmp_path: Path) -> None:
    assert list(Catalogues().names()) == [ENGLISH]
    assert with_language(tmp_path, "cy", Yes="Ydw").names() == {"en": "English", "cy": "Cymraeg"}


def test_a_catalogue_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = with_language(tmp_path, "pt", Send="Enviar")
    assert found.of("pt").gettext("Send") == "Enviar"
    assert found.of("pt").gettext("Back") == "Back"


def test_a_language_without_a_catalogue_is_spoken_in_english() -> None:
    assert Catalogues().of("tlh").gettext("Send") == "Send"


def test_arabic_is_written_from_right_to_left() -> None:
    assert (CATALOGUES.direction("ar"), CATALOGUES.direction("cy"), CATALOGUES.direction("zh-Hant")) == ("rtl", "ltr", "ltr")


def test_english_is_complete_and_says_what_stands_in_the_code(collected: Catalog) -> None:
    catalogue = extracting.brought_up_to_date(ENGLISH, collected)
    assert extracting.untranslated(catalogue) == []
    assert all(message.id == message.string for message in catalogue if message.id)


def test_what_is_kept_is_what_the_code_says() -> None:
    result = CliRunner().invoke(translations, ["--check"])
    assert result.exit_code == 0, result.output


def test_a_message_that_nobody_collected_is_told(collected: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    before = extracting.TEMPLATE.read_bytes()
    more = deepcopy(collected)
    more.add("A word that was added a moment ago")
    monkeypatch.setattr("stayplay.translations.found", lambda: more)
    result = CliRunner().invoke(translations, ["--check"])
    assert result.exit_code == 1
    assert "Run `stayplay translations`" in result.output
    assert extracting.TEMPLATE.read_bytes() == before


def test_the_words_of_the_contract_are_collected_with_what_is_said_of_wrong_answers(collected: Catalog) -> None:
    words = {str(message.id) for message in collected}
    assert {
        "What is safe to use?",
        "Someone who knows me",
        "Write your last name.",
        "What is safe to use? Choose at least one.",
    } <= words


def test_a_translation_stays_when_the_template_grows(collected: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_language(tmp_path, "pt", Send="Enviar")
    monkeypatch.setattr(extracting, "HERE", tmp_path)
    fresh = extracting.brought_up_to_date("pt", collected)
    kept = fresh.get("Send")
    assert kept is not None
    assert kept.string == "Enviar"
    assert "Back" in extracting.untranslated(fresh)


def test_only_pages_for_families_are_asked_in_another_language(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = with_language(tmp_path, "pt", Send="Enviar")
    monkeypatch.setattr(catalogues.CATALOGUES, "folders", both.folders)
    with app.app_context():
        assert list(languages()) == ["en", "pt"]
    marked = {name for name, view in app.view_functions.items() if is_for_families(view)}
    assert "pages.join.show" in marked
    assert not any(name.startswith(("pages.refer", "pages.today", "pages.sign_in")) for name in marked)
