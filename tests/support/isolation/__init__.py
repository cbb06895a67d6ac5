"""Two boroughs on one platform, and everything that one could try to learn of the other: see `tests/isolation`."""
