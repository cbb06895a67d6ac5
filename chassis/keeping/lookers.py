"""Who looked at or changed a family's record, day by day: a person may ask that of every service."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Date, cast, func, select

from chassis.database.tables import audit
from chassis.database.work import UnitOfWork
from chassis.keeping.contract import MOST_ITEMS

HEADING = "Who looked at or changed the record"
_MOST = MOST_ITEMS // 5
_WORDS = {"read": "Looked at", "change": "Changed", "security": "Access"}


def lookers(work: UnitOfWork, family_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield what the audit trail of this service says of a family, a record a day: who, of which agency, how often."""
    day = cast(func.timezone("Europe/London", audit.c.at), Date).label("day")
    columns = (day, audit.c.person_name, audit.c.agency, audit.c.kind)
    asked = select(*columns, func.count().label("times")).where(audit.c.borough_id == work.borough_id, audit.c.family_id == family_id)
    days: dict[Any, list[dict[str, str]]] = {}
    for row in work.session.execute(asked.group_by(*columns).order_by(day.desc(), audit.c.person_name, audit.c.kind).limit(_MOST)):
        who = ", ".join(filter(None, (row.person_name, row.agency)))
        times = "once" if row.times == 1 else f"{row.times} times"
        days.setdefault(row.day, []).append({"label": _WORDS[row.kind], "words": f"{who}: {times}"})
    for on, lines in days.items():
        title = f"{on.day} {on:%B %Y}"
        yield {"heading": HEADING, "title": title, "at": None, "about": "staff", "person_id": None, "lines": lines}
