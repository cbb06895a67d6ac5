"""The triage board of one borough: what waits, whose it is, how long; and the answers that came after a decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Text, bindparam, column, func, lateral, select, true, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database import Page, Repository
from chassis.database.paging import cursor_of, place_of
from services.referrals.models import WAITING, Question, Referral


@dataclass(frozen=True, slots=True)
class Counts:
    """How many referrals of one status wait."""

    number: int = 0
    urgent: int = 0
    late: int = 0
    mine: int = 0
    nobodys: int = 0
    oldest_received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What waits in all, by status, and how many answers came after the decision that nobody has looked at."""

    waiting: dict[str, Counts]
    late_answers: int


class OnBoard(NamedTuple):
    """As much of a referral as the board shows, and as its criteria rest on: a whole one is ten times as much to read.

    Attributes:
        born: birth dates of the children as they are kept; None for an expected baby.
        turn: its place on the board.
    """

    id: UUID
    version: int
    status: str
    reference: str
    family_id: UUID
    family_name: str
    source: str
    referrer_service: str
    urgency: str
    referred_on: date
    received_at: datetime
    assigned_to_id: UUID | None
    assigned_to_name: str | None
    borough_link: str
    parental_need: str
    secondary_care: str
    agreement: dict[str, Any]
    judged: dict[str, Any]
    turn: int
    warns_visitors: bool
    address: dict[str, Any] | None
    born: list[str | None]

    @property
    def family(self) -> dict[str, Any]:
        """The family, as far as it is known here."""
        return {"address": self.address, "children": [{"birth_date": day} for day in self.born]}

    @property
    def child_birth_dates(self) -> list[date]:
        """When the children were born, in the order they were written; of an expected baby nothing."""
        return [date.fromisoformat(day) for day in self.born if day]


class Board(Repository[Referral]):
    """The triage board of one borough."""

    model = Referral

    def shown(self, wanted: dict[str, Any], late_before: datetime, after: str | None, limit: int) -> Page[OnBoard]:
        """Return a page of the board; of how many in all, `total` tells.

        Args:
            wanted: a loaded `BoardRequest` but for the page.
            late_before: what was received before this moment waits longer than policy.
            after: cursor of the page before.
            limit: rows on a page.

        Raises:
            Invalid: the cursor is none of this list.
        """
        statuses, chosen = _statuses(wanted), _chosen(wanted)
        sort = _SORTS[wanted["sort"]]
        value, last = place_of(after, sort.type.python_type) if after else (None, None)
        statement = _page(wanted["sort"], chosen, further=bool(after), one=len(statuses) == 1)
        told = {**self._told(late_before), "statuses": statuses, "status": statuses[0], "limit": limit + 1}
        found = self.session.execute(statement, told | ({"value": value, "last": last} if after else {}))
        rows = [OnBoard(*row) for row in found]
        more = cursor_of(getattr(rows[limit - 1], sort.key), rows[limit - 1].id) if len(rows) > limit else None
        return Page(rows[:limit], more)

    def total(self, wanted: dict[str, Any], late_before: datetime, counted: Counted) -> int:
        """Return how many the filters leave: what was counted already, where it says so, else counted now."""
        statuses, chosen = _statuses(wanted), _chosen(wanted)
        if WAITING.issuperset(statuses) and len(chosen) <= 1 and "answered_late" not in chosen:
            name = next(iter(chosen), "number")
            return sum(getattr(counted.waiting.get(status, Counts()), name) for status in statuses)
        return self.session.scalar(_total(chosen), {**self._told(late_before), "statuses": statuses}) or 0

    def counts(self, late_before: datetime) -> Counted:
        """Return how many wait, by status, and how many late answers there are: in one statement, and from the index alone."""
        *found, late_answers = self.session.execute(_counts(), self._told(late_before)).one()
        each = len(Counts.__slots__)
        return Counted({status: Counts(*found[place * each : (place + 1) * each]) for place, status in enumerate(_WAITING)}, late_answers)

    def mine(self) -> int:
        """Return how many that wait for triage are the caller's."""
        waits = Referral.status == "received", Referral.assigned_to_id == self.work.caller.person_id
        return self.session.scalar(select(func.count()).where(Referral.borough_id == self.borough_id, *waits)) or 0

    def late_answers(self) -> int:
        """Return how many answers came after the decision that nobody has looked at."""
        return self.session.scalar(_late_answers(), {"borough": self.borough_id}) or 0

    def _told(self, late_before: datetime) -> dict[str, Any]:
        return {"borough": self.borough_id, "me": self.work.caller.person_id, "late_before": late_before}


class Questions(Repository[Question]):
    """The questions to referrers, in one borough."""

    model = Question

    def of(self, referral_id: UUID) -> list[Question]:
        """Return the questions about a referral, newest first."""
        return self.all(self.rows().where(Question.referral_id == referral_id).order_by(Question.asked_at.desc(), Question.id))

    def newest_of(self, referral_ids: Collection[UUID]) -> dict[UUID, Question]:
        """Return what was asked last about each referral; also of what was restricted since, as `Referrals.own` does."""
        theirs = self.rows().where(Question.referral_id.in_(referral_ids))
        with self.session.looking_past_restrictions():
            found = self.all(theirs.order_by(Question.asked_at, Question.id))
        return {one.referral_id: one for one in found}

    def by_digest(self, digest: bytes) -> Question | None:
        """Return the question whose link has the secret of this digest, or None."""
        return self.first(self.rows().where(Question.digest == digest))


_WAITING: Final = tuple(sorted(WAITING))
_SORTS: Final[dict[str, Any]] = {"turn": Referral.turn, "oldest": Referral.received_at, "newest": Referral.received_at}
_BOROUGH: Final = Referral.borough_id == bindparam("borough")
_REACHED: Final[dict[str, ColumnElement[Any]]] = {
    "warns_visitors": func.coalesce(Referral.risks_to_visitors, "") != "",
    "address": Referral.family["address"],
    "born": func.jsonb_path_query_array(Referral.family, "$.children[*].birth_date", type_=JSONB),
}
"""What is worked out of a column that is too large to be read for a list."""
_COLUMNS: Final = [_REACHED[name].label(name) if name in _REACHED else getattr(Referral, name) for name in OnBoard._fields]


def _statuses(wanted: dict[str, Any]) -> Sequence[str]:
    return sorted(set(wanted["status"])) if wanted["status"] else _WAITING


def _chosen(wanted: dict[str, Any]) -> frozenset[str]:
    """Return the filters that are asked for, by the names that `Counts` has for them."""
    return frozenset({name for name in ("urgent", "late", "answered_late") if wanted[name]} | ({wanted["whose"]} - {None}))


def _answered_late() -> ColumnElement[bool]:
    unseen = Question.borough_id == bindparam("borough"), Question.came_after.is_not(None), Question.seen_by.is_(None)
    return Referral.id.in_(select(Question.referral_id).where(*unseen))


def _filters() -> dict[str, ColumnElement[bool]]:
    return {
        "urgent": Referral.urgency == "urgent",
        "late": Referral.received_at < bindparam("late_before"),
        "mine": Referral.assigned_to_id == bindparam("me"),
        "nobodys": Referral.assigned_to_id.is_(None),
        "answered_late": _answered_late(),
    }


@cache
def _page(order: str, chosen: frozenset[str], *, further: bool, one: bool) -> Select[Any]:
    """Return the statement of a page, made once for each way to ask: half the cost of a read is in making it.

    Of several statuses, each is read in the order of its index as far as the page goes: all that wait need not be read to be sorted.
    """
    sort, newest = _SORTS[order], order == "newest"
    asked = func.unnest(bindparam("statuses", type_=ARRAY(Text))).table_valued(column("status", Text), name="asked").render_derived()
    place = tuple_(bindparam("value", type_=sort.type), bindparam("last", type_=Referral.id.type))
    key = tuple_(sort, Referral.id)
    narrowed = [filters for name, filters in _filters().items() if name in chosen]
    beyond = [key < place if newest else key > place] if further else []
    status = bindparam("status", type_=Text) if one else asked.c.status
    found = select(*_COLUMNS).where(_BOROUGH, Referral.status == status, *narrowed, *beyond)
    found = found.order_by(*_in_order(sort, Referral.id, newest=newest)).limit(bindparam("limit"))
    if one:
        return found
    each = lateral(found, name="each")
    return (
        select(each)
        .select_from(asked)
        .join(each, true())
        .order_by(*_in_order(each.c[sort.key], each.c.id, newest=newest))
        .limit(bindparam("limit"))
    )


def _in_order(*columns: Any, newest: bool) -> list[Any]:
    return [each.desc() if newest else each for each in columns]


@cache
def _counts() -> Select[Any]:
    """Return the statement that counts what waits: one row, the fields of `Counts` for each status, then the late answers."""
    fields, filters = list(Counts.__slots__)[1:-1], _filters()
    columns: list[Any] = []
    for status in _WAITING:
        waits = Referral.status == status
        columns += [func.count().filter(waits), *(func.count().filter(waits, filters[name]) for name in fields)]
        columns.append(func.min(Referral.received_at).filter(waits))
    return select(*columns, _late_answers().scalar_subquery()).where(_BOROUGH, Referral.status.in_(_WAITING))


@cache
def _late_answers() -> Select[tuple[int]]:
    return select(func.count(Referral.id.distinct())).where(_BOROUGH, _answered_late())


@cache
def _total(chosen: frozenset[str]) -> Select[tuple[int]]:
    narrowed = [condition for name, condition in _filters().items() if name in chosen]
    asked = func.any(bindparam("statuses", type_=ARRAY(Text)))
    return select(func.count()).select_from(Referral).where(_BOROUGH, Referral.status == asked, *narrowed)
