"""The borough's accent colour: one custom property, only where words on it can be read."""

from gateway.access.visitor import Borough
from gateway.contract.colours import DEFAULT_ACCENT as DEFAULT


def accent_of(borough: Borough | None) -> str:
    """Return the borough's accent; the product's own before there is a borough."""
    return borough.accent.lower() if borough else DEFAULT
