"""Colours on which words can be read (WCAG 2.2, success criterion 1.4.3, level AA)."""

import re
from typing import Final

from marshmallow import ValidationError

DEFAULT_ACCENT: Final = "#0f5c63"
READABLE: Final = 4.5
"""The least contrast of words with what is behind them, 1 to 21."""

_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}\Z")


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio of ``colour`` (``#rrggbb``) with white, 1 to 21, by WCAG 2.2's definition."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def readable_accent(colour: str | None) -> None:
    """Let a colour pass on which white words can be read.

    Raises:
        ValidationError: it is no colour like #0f5c63, or too pale; the message says by how much.
    """
    if colour is None or not _HEX.match(colour):
        raise ValidationError("Colour: enter it like #0f5c63.")
    contrast = contrast_with_white(colour)
    if contrast < READABLE:
        shown = int(contrast * 100) / 100  # cut, not rounded: 4.499 must not read as enough
        raise ValidationError(
            f"Colour: white words on {colour.lower()} can't be read well enough: their contrast is {shown:g} to 1, "
            f"and must be at least {READABLE:g} to 1 (WCAG AA). Choose a darker colour."
        )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
