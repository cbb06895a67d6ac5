"""Where a family lives, and lived."""

import re
import unicodedata
from typing import Any, Final

from marshmallow import ValidationError, post_load, validates_schema

from chassis.schemas import Contract, day, text, yes_no
from services.referrals.contract.codes import POSTCODE

_POSTCODE: Final = re.compile(POSTCODE)
_LETTER_O: Final = re.compile(r"O(?=[A-Z]{2}$)")
_TWO_HOMES: Final = "Until: they live at one address now. Until when did they live here?"
MOST_ADDRESSES: Final = 30
"""How many addresses a family's history holds."""


def tidy_postcode(written: str) -> str:
    """Return a postcode in capitals with one blank before the last three: ``se155lx`` is ``SE15 5LX``.

    Full stops, hyphens and wide letters go; a letter O where only a nought can stand (``SE15 OLX``) becomes one.
    """
    squeezed = "".join(each for each in unicodedata.normalize("NFKC", written).upper() if each.isalnum())
    squeezed = _LETTER_O.sub("0", squeezed)
    return f"{squeezed[:-3]} {squeezed[-3:]}" if squeezed else ""


def real_postcode(written: str | None) -> None:
    """Let a postcode pass; raises ValidationError where it is none."""
    if written and not _POSTCODE.fullmatch(tidy_postcode(written)):
        raise ValidationError("Postcode: enter a full postcode like SE15 5LX.")


class Address(Contract):
    """Where the family lives."""

    line = text("Address", required=False, max_length=300, sensitivity="personal", parent_label="Your address")
    postcode = text(
        "Postcode",
        required=False,
        max_length=20,
        sensitivity="personal",
        parent_label="Your postcode",
        validate=real_postcode,
    )

    @post_load
    def tidy(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Write the postcode the one way it is kept."""
        return {**data, "postcode": tidy_postcode(data.get("postcode") or "") or None}


class MarkedAddress(Address):
    """An address, with what is safe there. A mark that is left out is a yes: which ways are safe at all is said in `SafeContact`."""

    safe_for_letters = yes_no("Is it safe to write here?", required=False, load_default=True, allow_none=False)
    safe_for_visits = yes_no("Is it safe to visit here?", required=False, load_default=True, allow_none=False)


class DatedAddress(MarkedAddress):
    """Where the family lives or lived, from when until when; without ``until_on`` they live there now."""

    from_on = day("Since", required=False, sensitivity="personal", hint="If you know it.")
    until_on = day("Until", required=False, not_future=True, sensitivity="personal", hint="Leave empty where they live now.")

    @validates_schema
    def right_way_round(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse an address without words, and one that ends before it begins."""
        if not (data.get("line") or data.get("postcode")):
            raise ValidationError("Address: write the street, or at least the postcode.", "line")
        began, ended = data.get("from_on"), data.get("until_on")
        if began and ended and ended < began:
            raise ValidationError("Until: this is before the day they moved in.", "until_on")


class OneHome(Contract):
    """The parent of every schema that has a history of addresses."""

    @validates_schema
    def lives_at_one_address(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse two addresses without an end; the fault is at the second."""
        present = [place for place, address in enumerate(data.get("addresses") or ()) if not address.get("until_on")]
        if len(present) > 1:
            raise ValidationError({"addresses": {place: {"until_on": [_TWO_HOMES]} for place in present[1:]}})
