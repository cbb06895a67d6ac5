"""The pack as a file to read and print: PDF with a text layer, in the platform's own typeface, names in any script as they are written.

What was taken away is not under a black bar: it was never put in. Names of scripts that neither typeface has are written in the JSON file.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

from fpdf import FPDF, XPos, YPos

from chassis import clock

_FONTS: Final = Path(__file__).parent / "fonts"
_INK, _QUIET, _LINE = (22, 34, 44), (81, 96, 108), (217, 212, 200)
_MARGIN, _WIDE = 20, 170


class Paper(FPDF):
    """Pages of A4 with a foot that says which of how many."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        for style, name in (("", "regular"), ("B", "bold")):
            self.add_font("Atkinson", style, _FONTS / f"AtkinsonHyperlegibleNext-{name}.ttf")
            self.add_font("Fallback", style, _FONTS / "DejaVuSans.ttf")
        self.set_fallback_fonts(["Fallback"], exact_match=False)
        self.set_text_shaping(use_shaping_engine=True)
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=25)
        self.set_lang("en-GB")

    def footer(self) -> None:
        """Say which page this is."""
        self.set_y(-17)
        self.set_font("Atkinson", size=9)
        self.set_text_color(*_QUIET)
        self.cell(_WIDE, 6, f"{self._foot}   Page {self.page_no()} of {{nb}}", align="C")

    def put(self, words: str, *, size: float = 11, bold: bool = False, quiet: bool = False, gap: float = 1) -> None:
        """Write a paragraph."""
        self.set_font("Atkinson", "B" if bold else "", size)
        self.set_text_color(*(_QUIET if quiet else _INK))
        self.multi_cell(_WIDE, size * 0.5, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(gap)

    def heading(self, words: str) -> None:
        """Write a heading, with a mark of its own in the outline."""
        self.ln(3)
        self.start_section(words)
        self.put(words, size=15, bold=True)
        self.set_draw_color(*_LINE)
        self.line(_MARGIN, self.get_y(), _MARGIN + _WIDE, self.get_y())
        self.ln(2)


def pdf_of(pack: Mapping[str, Any], digest: str) -> bytes:
    """Return the file of a pack as `GivenPack` has it; the same pack gives the same bytes."""
    given_on = pack["given_on"]
    paper = Paper(f"{pack['programme']}, {given_on:%-d %B %Y}.")
    paper.set_title("What is held about you")
    paper.set_author(pack["programme"])
    paper.set_creation_date(datetime.combine(given_on, time(12), UTC))
    paper.add_page()
    paper.put("What is held about you", size=22, bold=True)
    paper.put(f"About: {pack['about']}", size=12)
    paper.put(
        f"From: {pack['programme']}. Gathered on {clock.london(pack['gathered_at']):%-d %B %Y}, given on {given_on:%-d %B %Y}.", quiet=True
    )
    paper.put(_ABOUT_IT, quiet=True, gap=3)
    for heading, items in _by_heading(pack["items"]).items():
        paper.heading(heading)
        for item in items:
            _put_item(paper, item)
    paper.ln(4)
    paper.put(f"The same as data: a JSON file with the SHA-256 digest {digest}.", size=9, quiet=True)
    return bytes(paper.output())


_ABOUT_IT: Final = (
    "Where it says [removed], words about somebody else, or words that the law lets us keep back, were taken away; the reason stands "
    "below. If something is not right, or you think that something is missing, tell us. You can also complain to the Information "
    "Commissioner's Office: ico.org.uk, 0303 123 1113."
)


def _by_heading(items: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        found.setdefault(item["heading"], []).append(item)
    return found


def _put_item(paper: Paper, item: Mapping[str, Any]) -> None:
    paper.put(item["title"], size=12, bold=True, gap=0)
    if item["at"]:
        paper.put(f"{clock.london(item['at']):%-d %B %Y, %H:%M}", size=9, quiet=True, gap=0)
    for line in item["lines"]:
        paper.put(f"{line['label']}: {line['words'] or ''}", gap=0)
    if item["reason"]:
        paper.put(f"Something was left out. {item['reason']}.", size=9, quiet=True, gap=0)
    paper.ln(3)
