"""The borough's accent colour: one custom property, only where words on it can be read."""

from functools import lru_cache

from marshmallow import ValidationError

from gateway.access.visitor import Borough
from gateway.contract.colours import DEFAULT_ACCENT, readable_accent


def accent_of(borough: Borough | None) -> str:
    """Return the borough's accent; the product's own before there is a borough, and wherever words on it could not be read."""
    return readable(borough.accent) if borough else DEFAULT_ACCENT


@lru_cache(maxsize=2048)
def readable(accent: str) -> str:
    """Return a colour as it may be put into a style: the product's own in the place of one that words could not be read on.

    It was checked when it was saved; what came in an archive of another installation was not.
    """
    try:
        readable_accent(accent)
    except ValidationError:
        return DEFAULT_ACCENT
    return accent.lower()
