"""A waiting list that comes as a file: the columns that it has, what is told of it under review, and what can be done with it."""

from typing import Final

from marshmallow import fields

from chassis.contract import EventType, Operation
from chassis.schemas import Contract, Nothing, PageRequest, choice, day, identifier, many, moment, nested, page_of, text, version, whole
from chassis.sheets import Columns, Repeat
from services.referrals.contract.person import MOST_CHILDREN, MOST_PARENTS
from services.referrals.contract.referral import ReferRequest

LARGEST_BYTES: Final = 1_000_000
"""Bytes of a file: with what a browser sends round it, it fits into one request."""
MOST_ROWS: Final = 2_000
"""Rows of a file: they become referrals in one go or not at all."""
MOST_COLUMNS: Final = 500
"""Columns of one file, also such as are not read: those of ours are fewer than 300."""
SPLIT: Final = f"Split it into files of at most {MOST_ROWS:,} rows and {LARGEST_BYTES // 1_000_000} MB each, and send one after the other."

IMPORT_STATES: Final[dict[str, str]] = {
    "checking": "Being checked",
    "review": "To review",
    "importing": "Being imported",
    "imported": "Imported",
    "undone": "Undone",
    "cancelled": "Deleted",
}
"""Where a file stands."""

ROW_STATES: Final[dict[str, str]] = {
    "ready": "Ready",
    "faulty": "Needs changing",
    "same": "Perhaps a duplicate",
    "left_out": "Left out",
    "imported": "Referred",
}
"""Where a row stands."""

ROW_DECISIONS: Final[dict[str, str]] = {
    "leave_out": "Leave it out",
    "refer": "Refer it anyway",
    "take_back": "Look at it again",
    "leave_out_faulty": "Leave out every row that needs changing",
    "leave_out_same": "Leave out every row that may be a duplicate",
}
"""What can be decided on rows under review; the last two are of all that stand so."""
OF_MANY: Final = frozenset({"leave_out_faulty", "leave_out_same"})

NOTE_COLUMNS: Final = ("Row in your file", "What to change")
"""What we add to the file with what is wrong; a file that comes back may still have them."""


class WaitingListRow(ReferRequest):
    """A row of a waiting list: a professional's referral, of which the day that it was received is known."""

    referred_on = day("Date received", not_future=True, hint="When the family was put on the waiting list.")


COLUMNS: Final = Columns(
    WaitingListRow,
    repeats=[Repeat("parents", "Parent", MOST_PARENTS), Repeat("children", "Child", MOST_CHILDREN)],
    labels={"address.line": "Street and town"},
)
"""Every column that is read."""
_IN_SECOND: Final = frozenset({"given_name", "family_name", "relationship", "birth_date", "expected_date", "nhs_number", "phone"})
TEMPLATE: Final = tuple(
    column
    for column in COLUMNS.all
    if (place := next((part for part in column.path if isinstance(part, int)), 0)) == 0 or (place == 1 and column.path[-1] in _IN_SECOND)
)
"""The columns of the file to fill in: enough for two parents and two children; more are read."""


class ImportColumn(Contract):
    """A column that is read."""

    heading = text("Heading", max_length=300)
    needed = fields.Boolean(required=True)
    hint = text("What goes in it", required=False, max_length=1000)
    answers = fields.List(fields.String(), required=True)


class ImportColumns(Contract):
    """The columns of the file to fill in."""

    columns = many(ImportColumn, "Columns", at_most=300)


class StartImportRequest(Contract):
    """A file, in base64."""

    file_name = text("File name", max_length=200)
    content = text("File", max_length=LARGEST_BYTES * 4 // 3 + 4, hint="The bytes of the file in base64.")


class ImportRequest(Contract):
    """Which file."""

    import_id = identifier("Import")


class ImportMove(ImportRequest):
    """What is to be done with a file, as it was seen."""

    version = version()


class DecideRowsRequest(ImportMove):
    """What is to happen to rows under review."""

    decision = choice("What is to happen?", ROW_DECISIONS)
    rows = fields.List(fields.UUID(), required=False, load_default=list, metadata={"label": "Rows", "widget": "hidden"})


class ImportCounts(Contract):
    """How many rows stand where."""

    ready = whole("Ready", ge=0, le=MOST_ROWS)
    faulty = whole("To change", ge=0, le=MOST_ROWS)
    same = whole("Perhaps duplicates", ge=0, le=MOST_ROWS)
    left_out = whole("Left out", ge=0, le=MOST_ROWS)
    imported = whole("Referred", ge=0, le=MOST_ROWS)


class Import(Contract):
    """A file under review, or what became of it."""

    id = identifier("Import")
    version = version()
    file_name = text("File", max_length=200)
    state = choice("State", IMPORT_STATES)
    encoding = text("Written in", max_length=40)
    separator = text("Between cells", max_length=20)
    unread = fields.List(fields.String(), required=True, metadata={"label": "Columns that are not read"})
    total = whole("Rows", ge=0, le=MOST_ROWS)
    checked = whole("Rows looked at", ge=0, le=MOST_ROWS)
    counts = nested(ImportCounts, "How its rows stand")
    made_at = moment("Sent")
    made_by_name = text("Sent by", max_length=200)
    expires_at = moment("Deleted after")
    imported_at = moment("Imported", required=False)
    imported_by_name = text("Imported by", required=False, max_length=200)
    may_undo = fields.Boolean(required=True)


class ImportMatch(Contract):
    """A family or a referral that seems to be the same. One that may not be seen is not told of."""

    family_id = identifier("Family")
    referral_id = identifier("Referral", required=False)
    name = text("Family", max_length=2000, sensitivity="personal")
    likely = fields.Boolean(required=True)
    reasons = fields.List(fields.String(), required=True)


class RowFault(Contract):
    """What is wrong with one cell; without a heading, with the row."""

    heading = text("Column", required=False, max_length=300)
    words = text("What to change", max_length=1000)


class ImportRowShown(Contract):
    """A row under review."""

    id = identifier("Row")
    number = whole("Row", ge=1, le=2**31 - 1)
    state = choice("State", ROW_STATES)
    name = text("Family", required=False, max_length=2000, sensitivity="personal")
    faults = many(RowFault, "What to change", at_most=400)
    same_rows = fields.List(fields.Integer(), required=True)
    matches = many(ImportMatch, "Seems to be", at_most=20)
    referral_id = identifier("Referral", required=False)


PageOfImports = page_of(Import)
_Rows = page_of(ImportRowShown)


class ListRowsRequest(ImportRequest, PageRequest):
    """Rows of a file, in its order."""

    state = choice("Which rows", ROW_STATES, required=False)


class FaultyRow(Contract):
    """A row that needs changing, as it came."""

    number = whole("Row", ge=1, le=2**31 - 1)
    cells = fields.List(fields.String(), required=True)
    words = text("What to change", required=False, max_length=20_000)


class FaultyRows(Contract):
    """All rows that need changing, for a file that can be mended and sent again."""

    headings = fields.List(fields.String(), required=True)
    rows = many(FaultyRow, "Rows", at_most=MOST_ROWS)


class ImportFacts(Contract):
    """A file of which some more is to be done. The subject is the import, the sequence its version."""

    import_id = identifier("Import")


IMPORT_STEPPED = EventType("referrals.import.stepped", ImportFacts)
_IMPORT: Final = "referrals.import"
IMPORT_COLUMNS = Operation("referrals", "import_columns", _IMPORT, Nothing, ImportColumns)
START_IMPORT = Operation("referrals", "start_import", _IMPORT, StartImportRequest, Import, changes=True)
LIST_IMPORTS = Operation("referrals", "list_imports", _IMPORT, PageRequest, PageOfImports)
GET_IMPORT = Operation("referrals", "get_import", _IMPORT, ImportRequest, Import)
LIST_IMPORT_ROWS = Operation("referrals", "list_import_rows", _IMPORT, ListRowsRequest, _Rows)
IMPORT_FAULTS = Operation("referrals", "import_faults", _IMPORT, ImportRequest, FaultyRows)
DECIDE_IMPORT_ROWS = Operation("referrals", "decide_import_rows", _IMPORT, DecideRowsRequest, Import, changes=True)
COMMIT_IMPORT = Operation("referrals", "commit_import", _IMPORT, ImportMove, Import, changes=True)
CANCEL_IMPORT = Operation("referrals", "cancel_import", _IMPORT, ImportMove, Import, changes=True)
UNDO_IMPORT = Operation("referrals", "undo_import", _IMPORT, ImportMove, Import, changes=True)

OPERATIONS: tuple[Operation, ...] = (
    IMPORT_COLUMNS,
    START_IMPORT,
    LIST_IMPORTS,
    GET_IMPORT,
    LIST_IMPORT_ROWS,
    IMPORT_FAULTS,
    DECIDE_IMPORT_ROWS,
    COMMIT_IMPORT,
    CANCEL_IMPORT,
    UNDO_IMPORT,
)
