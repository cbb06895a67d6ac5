"""How a family is reached: what is safe comes before anything else (domain rule 8)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import ValidationError, validates_schema

from chassis.schemas import Contract, choice, email, some_of, text, yes_no
from services.referrals.contract.codes import CHANNELS

CONTACT_KINDS: Final[dict[str, str]] = {"phone": "Phone number", "email": "Email address"}
"""What a contact point may be."""

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,22}[0-9]")
_EMAIL = email("Email", required=False)

Points = list[dict[str, Any]]


def real_phone(number: str | None) -> None:
    """Let a phone number pass; raises ValidationError where it is none."""
    if number and not _PHONE.fullmatch(number):
        raise ValidationError("Phone: enter a number like 07700 900123.")


class ContactPoint(Contract):
    """One number or address, with whether it is safe to use."""

    kind = choice("What it is", CONTACT_KINDS)
    value = text("Number or address", max_length=254, sensitivity="personal")
    safe = yes_no("Is it safe to use?", hint="Ask the parent. Who else reads or answers it?")
    note = text(
        "Anything to know", required=False, max_length=200, sensitivity="safety", hint="For example, texts only, or her sister's phone."
    )

    @validates_schema
    def fits_its_kind(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse what is no phone number, or no mail address."""
        value = data.get("value") or ""
        try:
            real_phone(value) if data.get("kind") == "phone" else _EMAIL.deserialize(value)
        except ValidationError as wrong:
            raise ValidationError({"value": wrong.messages}) from wrong


class SafeContact(Contract):
    """How to reach the family without harm: it comes before anything else."""

    channels = some_of(
        "Safe ways to reach the family",
        CHANNELS,
        sensitivity="safety",
        hint="Only those the parent chose. We never use any other.",
    )
    through = text(
        "Somebody they trust: who, and how to reach them",
        required=False,
        max_length=300,
        sensitivity="safety",
        hint="Only where the family may be reached through somebody.",
    )
    times = text(
        "Good times",
        required=False,
        max_length=200,
        hint="For example, weekdays 9:30 to 14:30.",
        sensitivity="safety",
        parent_label="Good times, for example after 1pm",
    )
    avoid = text(
        "What to avoid",
        required=False,
        max_length=500,
        multiline=True,
        sensitivity="safety",
        hint="For example, never leave a voicemail, do not write to the home address.",
    )


def settled_points(phone: str | None, email_address: str | None, points: Sequence[Mapping[str, Any]] | None) -> Points:
    """Return the contact points of somebody of whom a phone and a mail address may be told apart from them: those come first, as safe.

    One that is marked unsafe stays so, wherever else it is written.
    """
    known = [{"note": None, **point} for point in points or ()]
    there = {(point["kind"], _squeezed(point["value"])) for point in known}
    flat = [("phone", phone), ("email", email_address)]
    new = [_point(kind, value) for kind, value in flat if value and (kind, _squeezed(value)) not in there]
    return [*new, *known]


def first_safe(points: Sequence[Mapping[str, Any]], kind: str) -> str | None:
    """Return the first safe phone number or mail address; None where there is none."""
    return next((str(point["value"]) for point in points if point["kind"] == kind and point["safe"]), None)


def replaced(points: Sequence[Mapping[str, Any]], kind: str, value: str | None) -> Points:
    """Return the points with ``value`` in place of the first safe one of its kind, for who knows of that one only."""
    old = first_safe(points, kind)
    if old == value:
        return [dict(point) for point in points]
    rest = [dict(point) for point in points if not (point["kind"] == kind and point["value"] == old)]
    return settled_points(value if kind == "phone" else None, value if kind == "email" else None, rest)


def _point(kind: str, value: str) -> dict[str, Any]:
    return {"kind": kind, "value": value, "safe": True, "note": None}


def _squeezed(value: str) -> str:
    return "".join(value.split()).casefold()
