"""Boroughs that leave: their export is noted, their erasure certified."""
