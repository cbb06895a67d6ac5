"""How a borough shows itself: what its administrator may change, and what anybody may read."""

from typing import Final

from marshmallow import validate

from chassis.contract import Operation
from chassis.schemas import Contract, Nothing, email, moment, text, version
from gateway.contract.colours import DEFAULT_ACCENT, readable_accent
from gateway.contract.plain_words import PlainWords

LOGO_BYTES: Final = 100_000
"""Largest logo that may be sent, in bytes."""
_BASE64_CHARACTERS: Final = (LOGO_BYTES + 2) // 3 * 4


_ACCENT_HINT: Final = "For example, #0f5c63. White words must be readable on it."


class NewBranding(Contract):
    """What may be said of a borough's looks when it is onboarded."""

    accent = text(
        "Colour",
        required=False,
        load_default=DEFAULT_ACCENT,
        allow_none=False,
        max_length=7,
        hint=_ACCENT_HINT,
        validate=readable_accent,
    )


class ChangeBrandingRequest(Contract):
    """How the borough is to show itself from now on."""

    version = version()
    programme_name = text(
        "Programme name",
        max_length=100,
        hint="What families know the groups as, for example Southwark Stay & Play",
        validate=PlainWords("Programme name"),
    )
    accent = text("Colour", max_length=7, hint=_ACCENT_HINT, validate=readable_accent)
    address = text(
        "Address", required=False, max_length=500, multiline=True, hint="Where families can write to", validate=PlainWords("Address")
    )
    email = email("Email for families", required=False)
    phone = text(
        "Phone for families",
        required=False,
        max_length=30,
        validate=validate.Regexp(r"(\+?[0-9][0-9 ()-]{5,})?\Z", error="Phone for families: enter a number like 020 7946 0000."),
    )
    privacy_notice = text(
        "Privacy notice",
        required=False,
        max_length=20_000,
        multiline=True,
        hint="What you keep about families, why, for how long, and whom they can ask. An empty line begins a new paragraph.",
        validate=PlainWords("Privacy notice"),
    )


class Branding(Contract):
    """How the borough shows itself now."""

    programme_name = text("Programme name")
    accent = text("Colour")
    address = text("Address", required=False, max_length=500, multiline=True)
    email = text("Email for families", required=False)
    phone = text("Phone for families", required=False)
    privacy_notice = text("Privacy notice", required=False, max_length=20_000, multiline=True)
    logo_hash = text("Logo, by the SHA-256 of what is in it", required=False)
    logo_type = text("What the logo is", required=False)
    checked_at = moment("Public page checked", required=False)
    version = version()


class ChangeLogoRequest(Contract):
    """A new logo."""

    version = version()
    logo = text(
        "Logo",
        max_length=_BASE64_CHARACTERS,
        hint="A PNG or SVG of at most 100 kB, in Base64. It is cleaned: what could run or load something is refused or taken out.",
    )


class BrandingVersion(Contract):
    """Which version of the branding is meant."""

    version = version()


GET_BRANDING = Operation("gateway", "get_branding", "boroughs.read", Nothing, Branding)
CHANGE_BRANDING = Operation("gateway", "change_branding", "boroughs.manage", ChangeBrandingRequest, Branding, changes=True)
CHANGE_LOGO = Operation("gateway", "change_logo", "boroughs.manage", ChangeLogoRequest, Branding, changes=True)
REMOVE_LOGO = Operation("gateway", "remove_logo", "boroughs.manage", BrandingVersion, Branding, changes=True)
CHECK_PUBLIC_PAGE = Operation("gateway", "check_public_page", "boroughs.manage", BrandingVersion, Branding, changes=True)

OPERATIONS: tuple[Operation, ...] = (GET_BRANDING, CHANGE_BRANDING, CHANGE_LOGO, REMOVE_LOGO, CHECK_PUBLIC_PAGE)
