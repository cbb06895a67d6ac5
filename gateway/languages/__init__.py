"""The languages of what families read. The team's own pages are in English and stay so.

A view is marked with `for_families`: its page is in the language that the address asks for (``?language=cy``), else in the first that the
browser asks for and that there is a catalogue of, else in English. Catalogues lie beside this file, one folder a language.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, get_locale, gettext

from gateway.languages.catalogues import CATALOGUES, ENGLISH, Catalogues

__all__ = ["ASKED", "CATALOGUES", "ENGLISH", "asked_language", "for_families", "gettext", "install", "is_for_families", "languages"]

View = TypeVar("View", bound=Callable[..., Any])

ASKED: Final = "language"
"""What stands in an address to ask for a language."""
MARK: Final = "stayplay_for_families"


def for_families(view: View) -> View:
    """Mark a view whose page families read: the programme's name and no clinical word, in their language, its errors too."""
    setattr(view, MARK, True)
    return view


def is_for_families(view: Callable[..., Any] | None) -> bool:
    """Tell whether families read what a view shows."""
    return bool(getattr(view, MARK, False))


class Speaking(Babel):  # type: ignore[misc]  # Flask-Babel has no types
    """Flask-Babel with our catalogues instead of compiled ones."""

    @property
    def domain_instance(self) -> Catalogues:
        """The catalogues."""
        return CATALOGUES


def install(app: Flask) -> None:
    """Let templates and views speak the languages that there are catalogues of."""
    Speaking(app, locale_selector=_chosen, default_timezone="Europe/London")
    app.jinja_env.globals.update(languages=languages, language=_language, direction=_direction)


def languages() -> dict[str, str]:
    """Return the languages that there are catalogues of, by code, each by the name it has for itself; English first."""
    return CATALOGUES.names()


def asked_language() -> str:
    """Return the language that the address asks for; empty where it asks for none that there is."""
    asked = request.args.get(ASKED, "") if has_request_context() else ""
    return asked if asked in languages() else ""


def _chosen() -> str:
    if not has_request_context() or not is_for_families(current_app.view_functions.get(request.endpoint or "")):
        return ENGLISH
    return asked_language() or request.accept_languages.best_match(list(languages()), ENGLISH) or ENGLISH


def _language() -> str:
    """Return what the page says its language is."""
    return str(get_locale() or ENGLISH).replace("_", "-")


def _direction() -> str:
    """Return whether it is written from left to right or from right to left."""
    return CATALOGUES.direction(_language())
