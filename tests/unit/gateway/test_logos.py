"""Logos: what was sent may be anything; what is kept is a picture and nothing else."""

import io
import struct
import zlib
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from chassis.errors import Invalid
from gateway.branding.logo import LARGEST_SIDE, Logo, cleaned
from gateway.contract.branding import LOGO_BYTES

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">{}</svg>'


def svg(inside: str, outside: str = SVG) -> bytes:
    return outside.format(inside).encode()


def png(mode: str = "RGB", size: tuple[int, int] = (20, 10), **saved: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG", **saved)
    return out.getvalue()


def refusal(raw: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        cleaned(raw)
    (said,) = refused.value.faults["logo"]
    return str(said)


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        '<script href="http://evil.example/x.js"/>',
        '<x:script xmlns:x="http://elsewhere.example">alert(1)</x:script>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
        '<rect width="1" height="1" onclick="alert(1)"/>',
        '<rect width="1" height="1" ONLOAD="alert(1)"/>',
        '<image href="http://evil.example/x.png"/>',
        '<image xlink:href="data:image/png;base64,AAAA"/>',
        '<a href="javascript:alert(1)"><rect width="1" height="1"/></a>',
        '<use href="#a"/>',
        '<use xlink:href="http://evil.example/x.svg#a"/>',
        "<style>rect { fill: url(http://evil.example/x) }</style>",
        '<rect style="fill: url(http://evil.example/x)"/>',
        '<rect style="background: url(//evil.example/x)"/>',
        '<rect style="behavior: url(#default#time2)"/>',
        '<rect fill="url(http://evil.example/x#a)"/>',
        '<rect fill="url(&#39;javascript:alert(1)&#39;)"/>',
        '<rect fill="URL( //evil.example/x )"/>',
        '<rect fill="u&#x72;l(//evil.example/x)"/>',
        '<rect style="fill:\\75rl(//evil.example/x)"/>',
        '<linearGradient id="a" xlink:href="http://evil.example/x.svg#b"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onload" to="alert(1)"/>',
        '<filter id="a"><feImage href="http://evil.example/x"/></filter>',
        '<iframe src="http://evil.example"/>',
    ],
)
def test_an_svg_that_runs_or_loads_something_is_refused(harm: str) -> None:
    assert "may not" in refusal(svg(harm))


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&a;</svg>',
        b'<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&x;</svg>',
        b'<!DOCTYPE l [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&m;</svg>',
    ],
)
def test_an_svg_with_a_document_type_is_refused(raw: bytes) -> None:
    assert "entities" in refusal(raw)


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"<svg/>", b"<html/>", b"\xff\xfe\x00", b"GIF89a", b"<svg", b'<?xml version="1.0" encoding="x"?><a/>']
)
def test_what_is_neither_png_nor_svg_is_refused(raw: bytes) -> None:
    assert "use a PNG or an SVG" in refusal(raw)


def test_an_svg_that_does_not_say_how_large_it_is_is_refused() -> None:
    assert "how large" in refusal(b'<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>')


def test_an_svg_of_too_many_parts_is_refused() -> None:
    assert "too many parts" in refusal(svg("<g/>" * 2001))


def test_an_svg_that_is_too_deep_is_refused() -> None:
    assert "too many parts" in refusal(svg("<g>" * 5000 + "</g>" * 5000))


def test_what_drawing_programs_note_for_themselves_is_left_out() -> None:
    given = svg(
        '<metadata><rdf xmlns="http://rdf">Ada</rdf></metadata><x:view xmlns:x="http://inkscape" x:who="Ada"/><!-- Ada -->'
        '<rect x:label="Ada" xmlns:x="http://inkscape" class="Ada" data-who="Ada" width="1" height="1"/>'
    )
    assert b"Ada" not in cleaned(given).content


def test_what_draws_is_kept() -> None:
    drawing = cleaned(
        svg(
            '<defs><linearGradient id="a"><stop offset="0" style="stop-color: #fff; -inkscape-font: x"/></linearGradient>'
            '<linearGradient id="b" xlink:href="#a"/></defs><title>Our logo</title>'
            '<g transform="translate(1,2) rotate(-45)"><path d="M0 0L10-10.5e-3z" style="fill:url(#a);stroke:none"/></g>'
            '<text x="1" y="2" font-family="Arial, sans-serif">Stay <tspan>&amp;</tspan> Play</text>'
        )
    ).content.decode()
    root = fromstring(drawing)  # noqa: S314 - what we wrote ourselves
    assert root.attrib["viewBox"] == "0 0 10 10"
    for kept in ('fill="url(#a)"', 'stop-color="#fff"', 'href="#a"', "translate(1,2)", "M0 0L10-10.5e-3z", "Stay ", "&amp;"):
        assert kept in drawing
    assert "style" not in drawing


def test_cleaning_twice_changes_nothing_more() -> None:
    once = cleaned(svg('<rect width="1" height="1" style="fill:red"/>')).content
    assert cleaned(once).content == once


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=60))
def test_no_value_makes_it_through_that_refers_elsewhere(value: str) -> None:
    from xml.sax.saxutils import quoteattr

    try:
        content = cleaned(
            svg(f"<rect fill={quoteattr(value)}/>", SVG.replace("{}", "@@").replace("{", "{{").replace("}", "}}").replace("@@", "{}"))
        )
    except Invalid:
        return
    text = content.content.decode().lower()
    assert "javascript" not in text or ":" not in text.split("javascript", 1)[1][:1]
    assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in text


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_a_png_of_any_kind_is_drawn_anew(mode: str) -> None:
    logo = cleaned(png(mode))
    assert logo.media_type == "image/png"
    with Image.open(io.BytesIO(logo.content)) as picture:
        assert picture.size == (20, 10)
        assert picture.mode in {"RGB", "RGBA", "L", "LA"}


def test_nothing_but_pixels_is_left_of_a_png() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Ada Minister")
    words.add_itxt("Location", "14 Rye Lane")
    raw = png(pnginfo=words, dpi=(300, 300), exif=Image.Exif().tobytes()) + b"<script>alert(1)</script>"
    content = cleaned(raw).content
    for left in (b"Ada", b"Rye", b"script", b"tEXt", b"iTXt", b"eXIf", b"pHYs", b"iCCP"):
        assert left not in content


def test_a_see_through_png_stays_see_through() -> None:
    with Image.open(io.BytesIO(cleaned(png("RGBA")).content)) as picture:
        assert picture.mode == "RGBA"
        assert picture.getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_large_png_is_made_smaller_and_keeps_its_shape() -> None:
    with Image.open(io.BytesIO(cleaned(png(size=(2000, 500))).content)) as picture:
        assert picture.size == (600, 150)


def test_a_png_that_grows_when_drawn_anew_still_fits() -> None:
    noise = Image.effect_noise((300, 300), 100)
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert LOGO_BYTES * 0.7 < len(out.getvalue()) < LOGO_BYTES, "the noise makes a file just under the limit"
    coloured = Image.merge("RGB", (noise, noise, noise)).quantize(200)
    out = io.BytesIO()
    coloured.save(out, "PNG")
    assert len(cleaned(out.getvalue()).content) <= LOGO_BYTES


def test_a_picture_with_too_many_pixels_is_refused_by_its_header() -> None:
    assert f"at most {LARGEST_SIDE} a side" in refusal(png(size=(LARGEST_SIDE + 1, 1)))


def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked() -> None:
    """A header that says a billion pixels, and no pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 65_000, 65_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    assert refusal(bomb).startswith("Logo:")


@pytest.mark.parametrize("cut", [10, 30, 50])
def test_a_damaged_png_is_refused(cut: int) -> None:
    assert "can't be read" in refusal(png(size=(100, 100))[:cut])


def test_a_file_over_the_limit_is_refused_unread() -> None:
    assert "at most 100 kB" in refusal(b"x" * (LOGO_BYTES + 1))


def test_a_logo_is_known_by_what_is_in_it() -> None:
    assert Logo(b"a", "image/png").hash != Logo(b"b", "image/png").hash
    assert cleaned(png()).hash == cleaned(png()).hash
