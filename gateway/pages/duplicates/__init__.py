"""Families that may be on record twice: the list, one family's, comparing two, making them one, and two again."""
