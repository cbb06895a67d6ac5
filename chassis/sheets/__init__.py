"""Tables as files: comma-separated values read as people send them, and written so that no cell is taken for a formula.

A table's columns are made from a contract schema (`columns_of`), so a file asks for what a form asks for, and its faults are
the form's faults.
"""

from chassis.sheets.columns import Column, Columns, Repeat
from chassis.sheets.laying import Laid, faults_by_heading, laid_out
from chassis.sheets.reading import BadSheet, Row, Sheet, read_sheet, rows_of
from chassis.sheets.writing import csv_of, safe, unmarked

__all__ = [
    "BadSheet",
    "Column",
    "Columns",
    "Laid",
    "Repeat",
    "Row",
    "Sheet",
    "csv_of",
    "faults_by_heading",
    "laid_out",
    "read_sheet",
    "rows_of",
    "safe",
    "unmarked",
]
