"""The borough's accent colour: one custom property, only where words on it can be read."""

import re

from gateway.access.visitor import Borough

DEFAULT = "#0f5c63"
READABLE = 4.5

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def accent_of(borough: Borough | None) -> str:
    """Return the borough's accent; the product's own where it names none, or one too pale for white words."""
    chosen = str(borough.policy.get("accent", "")) if borough else ""
    return chosen.lower() if _HEX.fullmatch(chosen) and contrast_with_white(chosen) >= READABLE else DEFAULT


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio of a colour with white, 1 to 21 (WCAG 2.2)."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
