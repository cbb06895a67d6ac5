"""Logos: whatever was sent, what is kept is a picture and nothing else."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Final, NoReturn

from chassis.errors import Invalid
from chassis.later import Later
from gateway.branding.svg import cleaned_svg
from gateway.contract.branding import LOGO_BYTES

if TYPE_CHECKING:
    import PIL
    from PIL import Image
else:
    PIL, Image = Later("PIL"), Later("PIL.Image")

LARGEST_SIDE: Final = 2000
"""A PNG may have this many pixels a side."""
KEPT_SIDES: Final = (600, 400, 250, 150)
"""A PNG is kept with at most so many pixels a side: enough for print at the size it is shown in; fewer where it is still too large."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_MODES: Final = {"1": "L", "L": "L", "LA": "LA", "I;16": "L", "I": "L"}


@dataclass(frozen=True, slots=True)
class Logo:
    """A cleaned logo.

    Attributes:
        content: the bytes to serve.
        media_type: ``image/png`` or ``image/svg+xml``.
    """

    content: bytes
    media_type: str

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the bytes, which names them in addresses."""
        return sha256(self.content).hexdigest()


def cleaned(raw: bytes) -> Logo:
    """Return the logo that ``raw`` holds, drawn anew (PNG) or with only what draws left in it (SVG).

    Raises:
        Invalid: it is neither, too large, or holds what a logo may not; the fault of the field ``logo`` says which.
    """
    if len(raw) > LOGO_BYTES:
        refuse(f"it has {len(raw) // 1000} kB. Use one of at most {LOGO_BYTES // 1000} kB.")
    if raw.startswith(_PNG):
        return Logo(_redrawn(raw), "image/png")
    try:
        return Logo(cleaned_svg(raw), "image/svg+xml")
    except ValueError as fault:
        refuse(str(fault))


def refuse(why: str) -> NoReturn:
    """Refuse a logo and say why."""
    raise Invalid(faults={"logo": [f"Logo: {why}"]})


def _redrawn(raw: bytes) -> bytes:
    """Return the picture's pixels in a new file: whatever else was in the old one stays behind."""
    try:
        with Image.open(BytesIO(raw), formats=["PNG"]) as picture:
            if max(picture.size) > LARGEST_SIDE:  # known from the header, before a pixel is unpacked
                refuse(f"it has {picture.width} by {picture.height} pixels. Use at most {LARGEST_SIDE} a side.")
            picture.load()
            drawn = _plain(picture)
    except (PIL.UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as fault:
        raise Invalid(faults={"logo": ["Logo: this PNG can't be read. Save it again as a PNG or SVG."]}) from fault
    for side in KEPT_SIDES:
        drawn.thumbnail((side, side))
        out = BytesIO()
        drawn.save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= LOGO_BYTES:
            break
    return out.getvalue()


def _plain(picture: "Image.Image") -> "Image.Image":
    """Return the first picture in plain pixels, without palette, profile, text or animation."""
    mode = _MODES.get(picture.mode) or ("RGBA" if picture.has_transparency_data else "RGB")
    if mode == "L" and picture.has_transparency_data:
        mode = "LA"
    pixels = picture.convert(mode)
    fresh = Image.new(mode, pixels.size)
    fresh.paste(pixels)
    return fresh
