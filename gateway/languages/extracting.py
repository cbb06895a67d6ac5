"""What there is to translate: collected from templates, from code, and from the words of the contract that families are asked in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from marshmallow import Schema, fields, validate

from gateway.languages.catalogues import DOMAIN, ENGLISH, HERE
from gateway.pages.forms.faults import plain
from services.referrals.contract import JOIN_SCHEMAS, joining

TEMPLATE: Final = HERE / f"{DOMAIN}.pot"
_GATEWAY: Final = HERE.parent
_METHODS: Final = [("static/**", "ignore"), ("migrations/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Instead of the moment of extraction: the same words make the same file."""
_CONTRACT: Final = "services/referrals/contract/joining.py"


def found() -> Catalog:
    """Return every message that families may read, with the files it stands in."""
    catalogue = _catalogue()
    for path, message, plural_or_context in _messages():
        catalogue.add(message, locations=[(path, 1)], context=plural_or_context)
    return catalogue


def _catalogue(locale: str | None = None) -> Catalog:
    about: dict[str, Any] = {"domain": DOMAIN, "project": "Stay & Play", "version": "1", "charset": "utf-8", "fuzzy": False}
    about |= dict.fromkeys(("msgid_bugs_address", "last_translator", "language_team", "copyright_holder"), "The Stay & Play team")
    dates: dict[str, Any] = {"creation_date": _BEGINNING, "revision_date": _BEGINNING}
    return Catalog(locale=locale, header_comment="# What families read.", **about, **dates)


def _messages() -> Iterator[tuple[str, Any, str | None]]:
    options = {"**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}}
    for name, _line, message, _comments, context in extract_from_dir(_GATEWAY, _METHODS, options):
        yield f"gateway/{Path(name).as_posix()}", message, context
    for words in dict.fromkeys(of_contract()):
        yield _CONTRACT, words, None


def of_contract() -> Iterator[str]:
    """Yield every word of the questions of a parent who wants to join: what is asked, and what is said of a wrong answer."""
    for schema in JOIN_SCHEMAS.values():
        yield from _of_schema(schema())
    yield from joining.SAID


def _of_schema(schema: Schema) -> Iterator[str]:
    for field in schema.fields.values():
        about = field.metadata
        if about.get("widget") != "hidden":
            yield from filter(None, [about.get("label"), about.get("hint"), *(about.get("choices") or {}).values()])
            yield from _refusals(field)
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from _of_schema(inner.schema)


def _refusals(field: fields.Field[Any]) -> Iterator[str]:
    """Yield what a field says of wrong answers, as a page says it."""
    label = str(field.metadata.get("label", ""))
    said = [getattr(rule, "error", None) for rule in field.validators if isinstance(rule, validate.Validator)]
    if field.required:
        said.append(field.error_messages["required"])
    if field.metadata.get("widget") == "date":
        said += [field.error_messages["invalid"], f"{label}: check the year. It must be 1900 or later."]
    if field.metadata.get("widget") == "yes_no":
        said.append(field.error_messages["invalid"])
    yield from (plain(label, str(words)) for words in said if words)


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as it lies on the disk: ordered, with the files of each message and no line numbers, which change daily."""
    out = BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, include_lineno=False, omit_header=False)
    return out.getvalue()


def brought_up_to_date(code: str, template: Catalog) -> Catalog:
    """Return a language's catalogue with every message of today; English says each as it stands in the code."""
    path = HERE / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    known = read_po(BytesIO(path.read_bytes()), locale=code) if path.is_file() else _catalogue(code)
    fresh = _catalogue(code)
    for message in template:
        if message.id:
            old = known.get(message.id, message.context)
            string = message.id if code == ENGLISH else old.string if old else None
            fresh.add(message.id, string, locations=message.locations, context=message.context)
    return fresh


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the messages that a catalogue has no words for."""
    return [str(message.id) for message in catalogue if message.id and not _complete(message.string)]


def _complete(string: Any) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)
