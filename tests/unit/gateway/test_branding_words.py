"""The colour that words can be read on, and the words that families never meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from gateway.contract import ChangeBrandingRequest, NewBranding
from gateway.contract.colours import DEFAULT_ACCENT, READABLE, contrast_with_white, readable_accent
from gateway.contract.plain_words import CLINICAL, clinical_words
from gateway.pages.accent import readable

FACE = {"version": 1, "programme_name": "Southwark Stay & Play", "accent": "#7a1f5c"}


def faults(**changed: object) -> dict[str, list[str]]:
    found: dict[str, list[str]] = ChangeBrandingRequest().validate({**FACE, **changed})
    return found


@pytest.mark.parametrize(("colour", "contrast"), [("#000000", 21), ("#ffffff", 1), ("#767676", 4.54), ("#777777", 4.48), ("#ff0000", 4.0)])
def test_contrast_is_measured_as_wcag_says(colour: str, contrast: float) -> None:
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.005)


@pytest.mark.parametrize("colour", ["#ffcc00", "#777777", "#ffffff", "#80aaff"])
def test_a_pale_colour_is_refused_with_the_reason(colour: str) -> None:
    (said,) = faults(accent=colour)["accent"]
    assert colour in said
    assert "must be at least 4.5 to 1 (WCAG AA)" in said
    assert f"{int(contrast_with_white(colour) * 100) / 100:g} to 1" in said
    assert said.endswith("Choose a darker colour.")


@pytest.mark.parametrize("colour", [DEFAULT_ACCENT, "#767676", "#000000", "#7A1F5C"])
def test_a_dark_colour_passes(colour: str) -> None:
    assert faults(accent=colour) == {}


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#12345", "#1234567", "0f5c63", "#gggggg", "red; } body {", "#0f5c63\n"])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValidationError, match="enter it like"):
        readable_accent(colour)
    assert readable(colour) == DEFAULT_ACCENT


@given(st.integers(0, 0xFFFFFF))
def test_whatever_passes_can_be_read_also_as_dark_words_on_its_own_tint(number: int) -> None:
    """The stylesheet mixes 72% of the accent with black for words, and 11% with white behind them."""
    colour = f"#{number:06x}"
    if contrast_with_white(colour) < READABLE:
        return
    dark, tint = mixed(colour, 0.72, 0), mixed(colour, 0.11, 255)
    assert contrast_with_white(dark) / contrast_with_white(tint) >= READABLE


def mixed(colour: str, share: float, other: int) -> str:
    channels = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(channel * share + other * (1 - share)):02x}" for channel in channels)


def test_a_borough_without_a_colour_gets_the_products() -> None:
    assert NewBranding().load({}) == {"accent": DEFAULT_ACCENT}
    assert NewBranding().validate({"accent": "#ffcc00"}).keys() == {"accent"}


@pytest.mark.parametrize("field", ["programme_name", "address", "privacy_notice"])
@pytest.mark.parametrize("words", ["Toddler Therapy", "the CAMHS team", "Mental  Health group", "our mental-health team", "for Patients."])
def test_no_clinical_word_goes_where_families_read(field: str, words: str) -> None:
    (said,) = faults(**{field: words})[field]
    assert "families read this" in said


@pytest.mark.parametrize("words", ["Stay & Play", "Clinically", "The Therapistry is a pub", "CAMHSX", "Patience", "untreated", ""])
def test_words_that_only_look_like_one_pass(words: str) -> None:
    assert clinical_words(words) == []


@pytest.mark.parametrize("word", CLINICAL)
def test_each_word_is_found_in_any_writing(word: str) -> None:
    for written in (word, word.upper(), word.title(), f"({word})", f"x {word}, y", f"_{word}_"):
        assert clinical_words(written) == [word]


def test_every_word_is_named_once() -> None:
    assert clinical_words("Therapy and THERAPY for patients") == ["therapy", "patients"]


@pytest.mark.parametrize("phone", ["020 7946 0000", "+44 (0)20 7946-0000", "", None])
def test_a_phone_number_as_people_write_it_passes(phone: str | None) -> None:
    assert faults(phone=phone) == {}


@pytest.mark.parametrize("phone", ["call us", "12", "javascript:1234567", "0207946000011112222333344445555"])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    assert faults(phone=phone).keys() == {"phone"}
