"""Judging a waiting list: what a row says and what is wrong with it, and which rows and families seem to be the same. No database."""

from services.referrals.importing.alike import Found, candidate_keys, households_alike, rows_alike
from services.referrals.importing.judging import Judge, Judged, open_sheet

__all__ = ["Found", "Judge", "Judged", "candidate_keys", "households_alike", "open_sheet", "rows_alike"]
