"""The catalogues of gettext: read as they are written, so that nothing has to be compiled before they are used."""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale

ENGLISH: Final = "en"
DOMAIN: Final = "families"
HERE: Final = Path(__file__).parent


class Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Every language's words for what families read.

    Attributes:
        folders: where catalogues lie: ``<language>/LC_MESSAGES/families.po``.
    """

    def __init__(self) -> None:
        super().__init__(domain=DOMAIN)
        self.folders: list[Path] = [HERE]
        self._read: dict[str, NullTranslations] = {}

    def names(self) -> dict[str, str]:
        """Return each language's name for itself, by its code; English first."""
        found = {path.parent.parent.name for folder in self.folders for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")}
        ordered = sorted(found, key=lambda code: (code != ENGLISH, code))
        return {code: (Locale.parse(code).get_display_name() or code).capitalize() for code in ordered}

    def direction(self, code: str) -> str:
        """Return ``rtl`` for a language written from right to left, else ``ltr``."""
        return str(Locale.parse(code, sep="-").text_direction)

    def get_translations(self) -> Any:
        """Return the words of the language that the request is answered in, as Flask-Babel asks for them."""
        return self.of(str(get_locale() or ENGLISH))

    def of(self, code: str) -> NullTranslations:
        """Return the words of a language; of one that there is no catalogue of, English as it stands in the code."""
        if code not in self._read:
            paths = [path for folder in self.folders if (path := folder / code / "LC_MESSAGES" / f"{DOMAIN}.po").is_file()]
            self._read[code] = _read(paths[-1], code) if paths else NullTranslations()
        return self._read[code]


CATALOGUES: Final = Catalogues()
"""The one of this process: pages and mails speak by it."""


def _read(path: Path, code: str) -> Translations:
    compiled = BytesIO()
    with path.open("rb") as written:
        write_mo(compiled, read_po(written, locale=code))
    compiled.seek(0)
    return Translations(compiled, DOMAIN)
