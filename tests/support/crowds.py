"""Tables with tens of thousands of rows, and how many of them PostgreSQL looks at to answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psycopg2
from sqlalchemy import event

from chassis.caller import Caller
from chassis.database import Database, UnitOfWork, open_work

W = TypeVar("W", bound=UnitOfWork)


@contextmanager
def as_superuser(postgres_url: str, database: Database) -> Iterator[Any]:
    """Run statements past the locks between boroughs; they are committed."""
    connection = psycopg2.connect(urlsplit(postgres_url)._replace(path=f"/{database.engine.url.database}").geturl())
    connection.autocommit = True
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


def copy(cursor: Any, table: str, changed: str, into: str, which: str = "LIMIT 1") -> None:
    """Copy one row of a table for each row of ``into``, with columns changed as the JSON ``changed`` says."""
    written = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    cursor.execute(written, (table,))
    columns = [column for (column,) in cursor.fetchall()]
    told, named = ", ".join(f'(made)."{column}"' for column in columns), ", ".join(f'"{column}"' for column in columns)
    made = f"jsonb_populate_record(null::{table}, to_jsonb(one) || {changed}) AS made"
    every = f"SELECT {made} FROM {into}, (SELECT * FROM {table} {which}) AS one"
    cursor.execute(f"INSERT INTO {table} ({named}) SELECT {told} FROM ({every}) AS every")  # but for what PostgreSQL computes itself


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each step of a plan."""
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def looked_at(node: dict[str, Any]) -> int:
    """Return how many rows of a table or an index a step looked at."""
    removed = sum(count for name, count in node.items() if name.startswith("Rows Removed"))
    return int(node["Actual Loops"] * (node["Actual Rows"] + removed)) if "Relation Name" in node else 0


def lived(database: Database, work_class: type[W], caller: Caller, ask: Callable[[W], object]) -> list[dict[str, Any]]:
    """Have each query that ``ask`` sends run, with the planner free to choose; return what it did."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.startswith("SELECT") and " FROM " in statement.replace("\n", " "):
            asked.append((statement, values))

    with open_work(work_class, database, caller) as work:
        event.listen(database.engine, "before_cursor_execute", note)
        try:
            ask(work)
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        connection = work.session.connection()
        explained = [(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values) for statement, values in asked]
        told: list[Any] = [connection.exec_driver_sql(statement, values).scalar() for statement, values in explained]
    return [one[0]["Plan"] for one in told]
