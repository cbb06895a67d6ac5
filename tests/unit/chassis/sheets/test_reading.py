"""Files as people save them: whatever a spreadsheet made of a table is read, and what is none says what to do."""

import io
import zipfile

import pytest

from chassis.sheets import BadSheet, csv_of, read_sheet, rows_of, safe, unmarked

PLAIN = "Name,Note\r\nZoë,It costs £5 “today”\r\n"


def cells(raw: bytes) -> list[list[str]]:
    sheet = read_sheet(raw)
    return [list(sheet.headings), *(row.cells for row in sheet.rows())]


def fault(raw: bytes) -> str:
    with pytest.raises(BadSheet) as refused:
        list(read_sheet(raw).rows())
    words: str = refused.value.faults["content"][0]
    return words


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (PLAIN.encode(), "UTF-8"),
        (PLAIN.encode("utf-8-sig"), "UTF-8"),
        (PLAIN.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + PLAIN.encode("utf-16-be"), "UTF-16"),
        (PLAIN.encode("cp1252"), "Windows-1252"),
    ],
)
def test_letters_come_as_they_were_meant_however_they_were_saved(raw: bytes, encoding: str) -> None:
    assert read_sheet(raw).encoding == encoding
    assert cells(raw) == [["Name", "Note"], ["Zoë", "It costs £5 “today”"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_stands_between_cells_and_rows_is_found_out(separator: str, end: str) -> None:
    raw = end.join([f"Name{separator}Note", f'Ann{separator}"one{separator} two"', ""]).encode()
    assert cells(raw) == [["Name", "Note"], ["Ann", f"one{separator} two"]]


def test_a_separator_within_quotes_of_a_heading_is_not_taken_for_one() -> None:
    assert cells(b'"Name, first, middle, last";Note\nAnn;x\n')[0] == ["Name, first, middle, last", "Note"]


def test_excels_own_note_of_the_separator_is_no_row() -> None:
    sheet = read_sheet(b"sep=;\nName;Note\nAnn;x\n")
    assert [(row.number, row.cells) for row in sheet.rows()] == [(3, ["Ann", "x"])]


def test_lines_within_a_cell_belong_to_it_and_rows_are_counted_as_a_spreadsheet_does() -> None:
    sheet = read_sheet(b'Name,Note\n"Ann","one\ntwo ""three"""\n\nBob,x\n')
    found = [(row.number, row.cells) for row in sheet.rows()]
    assert found == [(2, ["Ann", 'one\ntwo "three"']), (3, []), (4, ["Bob", "x"])]
    assert [row.is_blank for row in sheet.rows()] == [False, True, False]


def test_a_form_feed_or_a_line_separator_ends_no_row() -> None:
    assert cells("Name,Note\nAnn,one\x0ctwo\u2028three\x85four\n".encode())[1] == ["Ann", "one\x0ctwo\u2028three\x85four"]


def test_reading_goes_on_where_it_was_left() -> None:
    sheet = read_sheet(b'Name,Note\nAnn,"a\nb"\nBob,x\nCem,y\n')
    first = next(sheet.rows())
    rest = list(rows_of(sheet.text, sheet.separator, first.next_line, first.number + 1))
    assert [(row.number, row.cells[0]) for row in rest] == [(3, "Bob"), (4, "Cem")]


@pytest.mark.parametrize("raw", [b"", b"\xef\xbb\xbf", b" \r\n\t\n", b"\xff\xfe"])
def test_an_empty_file_says_what_to_send(raw: bytes) -> None:
    assert fault(raw).startswith("The file is empty.")


def test_rows_of_nothing_but_separators_are_no_headings() -> None:
    assert fault(b",,\n,,\n").startswith("The file has no headings.")


def workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


@pytest.mark.parametrize(
    "raw", [workbook(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7", b"\x1f\x8b\x08", b"{\\rtf1}", b"\x89PNG\r\n"]
)
def test_what_is_no_text_says_how_to_save_it_as_one(raw: bytes) -> None:
    assert "CSV UTF-8" in fault(raw)


@pytest.mark.parametrize("raw", [b"Name\nAnn\x00\n", b"Name\n\x81\x8d\x8f\x90\x9d\n", b"\xff\xfeN\x00a"])
def test_letters_that_are_none_are_refused(raw: bytes) -> None:
    assert fault(raw).startswith("The letters of this file can't be read.")


@pytest.mark.parametrize("raw", [b'Name,Note\nAnn,"never closed\nBob,x\n', b'Name,Note\nAnn,"one" two,x\n', b"Name\n" + b"x" * 10_001])
def test_a_quotation_mark_that_stands_alone_names_its_line(raw: bytes) -> None:
    assert "quotation mark in or before line" in fault(raw)


def test_empty_columns_at_the_end_are_not_there_and_one_between_is() -> None:
    assert read_sheet(b"Name,,Note,,\nAnn,,x,,\n").headings == ("Name", "", "Note")


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＠x"]  # noqa: RUF001 - as spreadsheets take them


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_and_no_heading_that_we_write_is_a_formula_and_what_was_written_comes_back(text: str) -> None:
    written = csv_of(["Name", "Note", text], [["Ann", "x", text]])
    sheet = read_sheet(written.encode())
    shown = [sheet.headings[2], next(sheet.rows()).cells[2]]
    assert all(cell.startswith("'") for cell in shown)
    assert unmarked(safe(text)) == text


@pytest.mark.parametrize("text", ["O'Brien", "'tis", "''", "1-2", "a=b", ""])
def test_words_that_are_no_formula_stay_as_they_are(text: str) -> None:
    assert (safe(text), unmarked(text)) == (text, text)
