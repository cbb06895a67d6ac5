"""Changing a family's record, a part at a time."""
