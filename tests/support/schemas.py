"""Throw-away migrations, written to a folder and run on a database of their own."""

import sys
from itertools import count
from pathlib import Path

from chassis.database.evolving import STEPS
from chassis.database.migration import Operator, create_chassis_tables
from chassis.database.store import Store

_numbers = count(1)
_HEAD = '''"""Made for a test."""
import sqlalchemy as sa
from alembic import op
from chassis.database.migration import *
from tests.support.schemas import STEPS, whole_chassis

revision = "{revision}"
down_revision = {parent}


def upgrade() -> None:
'''


def whole_chassis(op: Operator, service: str) -> None:
    """Make the chassis's tables as they are today: the first ones, and every step since."""
    create_chassis_tables(op, service)
    for step in STEPS:
        step(op, service)


def scratch_store(folder: Path, *upgrades: str, models: str = "", identity: bool = False) -> Store:
    """Return a store whose migrations run these pieces of code, one after the other."""
    name = f"scratch{next(_numbers)}"
    package = folder / name
    (package / "migrations" / "versions").mkdir(parents=True)
    (package / "__init__.py").write_text('"""Made for a test."""\n')
    if models:
        (package / "models.py").write_text(models)
    for number, code in enumerate(upgrades, start=1):
        add_migration(package, number, code.replace("SERVICE", name))
    sys.path.insert(0, str(folder))
    return Store(name, name, identity=identity)


def add_migration(package: Path, number: int, code: str, *, parent: int | None = None) -> None:
    """Write one migration that follows the one before it, or ``parent``."""
    before = (number - 1 if number > 1 else None) if parent is None else parent
    head = _HEAD.format(revision=f"{number:04}", parent=None if before is None else f'"{before:04}"')
    body = "".join(f"    {line}\n" for line in code.strip().splitlines())
    (package / "migrations" / "versions" / f"{number:04}_made.py").write_text(head + body)
