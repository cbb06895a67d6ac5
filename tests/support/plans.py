"""How PostgreSQL would run what a repository asks."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import event, text

from chassis.caller import Caller
from chassis.database import Database, UnitOfWork, open_work

W = TypeVar("W", bound=UnitOfWork)


def plans(database: Database, work_class: type[W], caller: Caller, ask: Callable[[W], object]) -> list[str]:
    """Return the plan of each query that ``ask`` sends, chosen as for tables too large to be read whole, or to be sorted."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.startswith("SELECT") and " FROM " in statement.replace("\n", " "):
            asked.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with open_work(work_class, database, caller) as work:
            ask(work)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return [_explained(database, work_class, caller, statement, values) for statement, values in asked]


def _explained(database: Database, work_class: type[W], caller: Caller, statement: str, values: Any) -> str:
    with open_work(work_class, database, caller) as work:
        work.session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"))
        lines = work.session.connection().exec_driver_sql(f"EXPLAIN (COSTS OFF) {statement}", values).scalars()
        return "\n".join(lines)
