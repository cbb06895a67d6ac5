"""Who may read and write which part of a joint assessment: each half has permissions of its own.

The parent's side is written by the adult mental health team, the child's side by CAMHS, the shared part by both.
The decision belongs to the shared part.
"""

from typing import Final

PARTS: Final[dict[str, str]] = {"parent_side": "The parent's side", "child_side": "The child's side", "shared": "The shared part"}
"""The parts of the record that have permissions of their own."""

PART_OF: Final[dict[str, str]] = {"parent_side": "parent_side", "child_side": "child_side", "shared": "shared", "decision": "shared"}
"""The part that each field of the record belongs to."""

READ: Final[dict[str, str]] = {part: f"assessments.read_{part}" for part in PARTS}
"""What is needed to read a part."""

WRITE: Final[dict[str, str]] = {part: f"assessments.edit_{part}" for part in PARTS}
"""What is needed, beside ``assessments.edit``, to write a part."""

ASKED_WITHIN: Final[frozenset[str]] = frozenset({*READ.values(), *WRITE.values()})
"""Permissions that no operation is opened by: the service asks for them while it reads a request or writes a reply."""
