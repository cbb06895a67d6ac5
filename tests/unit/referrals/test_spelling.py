"""Names, numbers and codes come into one form, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.models.spelling import LONGEST_WORD, code_of, joined, nhs_number_of, phone_of, sound_of, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Siân O'Brien-Łuk", ["sian", "obrien", "luk"]),
        ("O\u2019Neill", ["oneill"]),
        ("van der Berg", ["van", "der", "berg"]),
        ("Đặng Thị Mỹ", ["dang", "thi", "my"]),
        ("Strauß", ["strauss"]),
        ("\u0130nönü I\u015f\u0131k", ["inonu", "isik"]),
        ("Мария", ["mariya"]),
        ("李小龙", ["lixiaolong"]),
        ("  ANNA   Maria ", ["anna", "maria"]),
        ("\u202eevil\u202c", ["evil"]),
        ("\U0001f98b", ["\U0001f98b"]),
        ("", []),
        ("   ", []),
    ],
)
def test_a_name_has_words_that_anybody_can_type(name: str, words: list[str]) -> None:
    assert words_of(name) == words


def test_a_name_of_forty_parts_keeps_them_all_and_a_long_word_is_cut() -> None:
    assert len(words_of(" ".join(f"part{number}" for number in range(40)))) == 40
    assert words_of("x" * 400) == ["x" * LONGEST_WORD]
    assert len(joined(["y" * 50, "z" * 50])) == LONGEST_WORD


@given(st.text(max_size=80))
def test_typing_a_name_as_it_is_kept_finds_the_same_words(name: str) -> None:
    words = words_of(name)
    assert words_of(" ".join(words)) == words
    assert all(0 < len(word) <= LONGEST_WORD for word in words)


@pytest.mark.parametrize(("one", "other"), [("smith", "smyth"), ("catherine", "kathryn"), ("mohammed", "muhammad"), ("geoff", "jeff")])
def test_words_that_sound_alike_have_one_sound(one: str, other: str) -> None:
    assert sound_of(one) == sound_of(other) != ""


@pytest.mark.parametrize("word", ["", "\u674e", "\U0001f98b", "123"])
def test_what_has_no_latin_letter_has_no_sound(word: str) -> None:
    assert sound_of(word) == ""


@pytest.mark.parametrize(
    "written",
    [
        "07700 900123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "0044 7700 900 123",
        "447700900123",
        "07700-900-123",
        "(07700) 900123",
        "7700900123",
    ],
)
def test_a_phone_number_of_this_country_is_one_however_it_is_written(written: str) -> None:
    assert phone_of(written) == "7700900123"


@pytest.mark.parametrize(
    ("written", "kept"), [("+353 87 123 4567", "+353871234567"), ("00353871234567", "+353871234567"), ("12345", ""), ("none", ""), ("", "")]
)
def test_a_number_of_another_country_keeps_its_code_and_what_is_none_is_nothing(written: str, kept: str) -> None:
    assert phone_of(written) == kept


@pytest.mark.parametrize("number", ["9434765919", "943 476 5919", "943-476-5919", "9990000018", "9000000009"])
def test_an_nhs_number_is_ten_digits(number: str) -> None:
    assert nhs_number_of(number) == "".join(filter(str.isdigit, number))


@pytest.mark.parametrize("number", ["9990000019", "4857773456", "1234567890", "999000001", "99900000181", "", "abc"])
def test_one_with_a_slip_is_none(number: str) -> None:
    assert nhs_number_of(number) == ""


@pytest.mark.parametrize(
    ("written", "code"), [("se15 5lx", "SE155LX"), (" r7k4-9qdm ", "R7K49QDM"), ("\uff33\uff25\uff11", "SE1"), ("-", "")]
)
def test_a_code_is_capitals_without_what_is_between(written: str, code: str) -> None:
    assert code_of(written) == code
