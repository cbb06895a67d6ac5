"""Pages that families read: in the borough's face, and with a way to leave on each."""

from typing import Any

from flask import Response, request, url_for

from chassis.errors import NotFound
from gateway.branding.repository import Face
from gateway.languages import ASKED, ENGLISH, asked_language, languages
from gateway.pages.accent import readable
from gateway.pages.show import page, same_page
from gateway.runtime import runtime


def face_of(borough: str) -> Face:
    """Return what anybody may see of a borough.

    Raises:
        NotFound: there is none.
    """
    found = runtime().faces.of(borough)
    if found is None:
        raise NotFound
    return found


def public_page(template: str, *, title: str, tab: str = "", status: int = 200, face: Face | None = None, **values: Any) -> Response:
    """Return a page for families of the borough of the address: see ``shared/public.html``. Raises NotFound."""
    face = face or face_of(str((request.view_args or {})["borough"]))
    return page(
        template,
        title=title,
        tab=tab,
        status=status,
        face=face,
        accent=readable(face.accent),
        leave_by=url_for("pages.join.leave", borough=face.slug),
        leave_to=runtime().settings.leave_url,
        other_languages=_other_languages(),
        **values,
    )


def in_this_language(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of an address with the language that was asked for, so that the next page speaks it too."""
    asked = asked_language()
    return {**values, ASKED: asked} if asked else values


def _other_languages() -> list[tuple[str, str, str]]:
    """Return code, name and address of this page in every language; nothing where English is the only one."""
    every = languages()
    return [(code, name, same_page(**{ASKED: code})) for code, name in every.items()] if set(every) != {ENGLISH} else []
