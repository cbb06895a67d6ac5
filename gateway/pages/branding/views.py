"""Branding: changed with a preview beside it, and the public page that comes of it."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.wrappers import Response as AnyResponse

from chassis.errors import Invalid, NotFound, Stale, StayPlayError
from gateway import headers
from gateway.access import current
from gateway.access.guard import needs, open_to_all
from gateway.contract import (
    CHANGE_BRANDING,
    CHANGE_LOGO,
    CHECK_PUBLIC_PAGE,
    GET_BRANDING,
    LOGO_BYTES,
    REMOVE_LOGO,
    ChangeBrandingRequest,
)
from gateway.contract.colours import DEFAULT_ACCENT, READABLE, contrast_with_white, readable_accent
from gateway.languages import for_families
from gateway.pages.attempt import attempt, send
from gateway.pages.conflict import both_versions
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from gateway.pages.strangers.shown import face_of, public_page
from gateway.runtime import runtime

part = Blueprint("branding", __name__)

FORM: Final = Form(ChangeBrandingRequest)


@part.route("/<borough>/branding", methods=["GET", "POST"])
@needs("boroughs.manage")
def edit(borough: str) -> Response | AnyResponse:
    """Show how the borough shows itself, and save it as it is to be."""
    now = current.call(GET_BRANDING)
    if request.method == "GET":
        return editing(now, FORM.blank(**now), str(now["version"]))
    filled, version = FORM.sent(request.form), request.form.get("version", "")
    if request.form.get("step") not in {"preview", "change"}:
        if attempt(filled, CHANGE_BRANDING, version=version):
            return onward("branding.edit", "branding_saved")
        if isinstance(filled.problem, Stale):
            return both(current.call(GET_BRANDING), filled)
    return editing(now, filled, version)


def editing(now: Mapping[str, Any], filled: Filled, version: str, logo_fault: str = "") -> Response:
    """Return the page with the form, and beside it what it would look like."""
    return page(
        "branding/edit.html",
        title="Branding",
        status=422 if filled.in_error or logo_fault else 200,
        has_faults=filled.in_error or bool(logo_fault),
        filled=filled,
        w=filled.widgets,
        now=now,
        version=version,
        shown=preview(filled),
        logo_fault=logo_fault,
        logo_kilobytes=LOGO_BYTES // 1000,
    )


def preview(filled: Filled) -> dict[str, str]:
    """Return what the preview shows of the answers, saved or not; a colour that can't be read is not put on."""
    typed = filled.posted
    accent, told = typed.get("accent", "").strip(), ""
    try:
        readable_accent(accent)
        told = f"White words on it have a contrast of {int(contrast_with_white(accent) * 10) / 10:g} to 1, and {READABLE:g} is enough."
    except ValidationError as fault:
        told, accent = str(fault.messages[0]), DEFAULT_ACCENT
    return {"accent": accent.lower(), "contrast": told, "programme_name": typed.get("programme_name", "")}


def both(now: Mapping[str, Any], filled: Filled) -> Response:
    """Return the page that shows what somebody else saved beside what was typed here."""
    return both_versions(filled, FORM.blank(**now), version=now["version"], leave=("branding.edit", {}))


@part.post("/<borough>/branding/logo")
@needs("boroughs.manage")
def logo(borough: str) -> Response | AnyResponse:
    """Take a logo that was chosen."""
    sent = request.files.get("logo")
    raw = sent.read(LOGO_BYTES + 1) if sent else b""
    try:
        if not raw:
            raise Invalid(faults={"logo": ["Logo: choose a file."]})
        if len(raw) > LOGO_BYTES:
            raise Invalid(faults={"logo": [f"Logo: use a file of at most {LOGO_BYTES // 1000} kB."]})
        send(CHANGE_LOGO, request.form.get("form_key", ""), version=request.form.get("version", ""), logo=b64encode(raw).decode())
    except (Invalid, Stale) as fault:
        now = current.call(GET_BRANDING)
        return editing(now, FORM.blank(**now), str(now["version"]), logo_fault=_said(fault))
    return onward("branding.edit", "logo_saved")


def _said(fault: StayPlayError) -> str:
    found = fault.faults.get("logo") if isinstance(fault, Invalid) else None
    return str(found[0]) if found else "Somebody else changed the branding meanwhile. Choose the logo again."


@part.post("/<borough>/branding/logo/remove")
@needs("boroughs.manage")
def remove_logo(borough: str) -> AnyResponse:
    """Show no logo any more."""
    send(REMOVE_LOGO, request.form.get("form_key", ""), version=request.form.get("version", ""))
    return onward("branding.edit", "logo_removed")


@part.post("/<borough>/branding/check")
@needs("boroughs.manage")
def check(borough: str) -> AnyResponse:
    """Note that the public page is right as it is."""
    send(CHECK_PUBLIC_PAGE, request.form.get("form_key", ""), version=request.form.get("version", ""))
    return onward("branding.edit", "public_page_checked")


@part.get("/<borough>/about")
@open_to_all
@for_families
def about(borough: str) -> Response:
    """Show anybody who the programme is, where it is found, and what it keeps. The programme's name, and no other."""
    face = face_of(borough)
    paragraphs = [words.strip() for words in face.privacy_notice.split("\n\n") if words.strip()]
    return public_page("branding/about.html", title=face.programme_name, tab=_("Who we are"), paragraphs=paragraphs)


@part.get("/<borough>/logo/<logo_hash>")
@open_to_all
def picture(borough: str, logo_hash: str) -> Response:
    """Return a logo: it is what its name says for ever, and can do nothing but be seen."""
    found = runtime().faces.logo(borough, logo_hash)
    if found is None:
        raise NotFound
    content, media_type = found
    headers.picture()
    return Response(content, content_type=media_type)
