"""Rights of the people in the records: what they ask, packs, holds, what is due, erasures."""

from gateway.pages.records import asking, deciding, erasing, packs
from gateway.pages.records.blueprint import part

__all__ = ["asking", "deciding", "erasing", "packs", "part"]
