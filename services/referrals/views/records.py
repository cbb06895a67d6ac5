"""What is told of requests, packs, clocks and erasures."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from chassis.database import Page
from chassis.database.records import Mark
from services.referrals.models.records import Control, Pack, RetentionClock, SubjectRequest


def request(row: SubjectRequest, today: date, *, has_pack: bool) -> dict[str, Any]:
    """Return a request in full."""
    names = (
        "asked_by", "asked_as", "identity_checked", "words", "extended_because", "outcome", "outcome_words", "told", "opened_by",
        "opened_at", "closed_by", "closed_at",
    )  # fmt: skip
    return {**_summary(row, today), **{name: getattr(row, name) for name in names}, "has_pack": has_pack}


def requests(page: Page[SubjectRequest], today: date) -> dict[str, Any]:
    """Return a page of requests."""
    return {"items": [_summary(row, today) for row in page.items], "next": page.next, "total": page.total}


def pack(row: Pack) -> dict[str, Any]:
    """Return a pack with its records."""
    names = ("version", "state", "frozen_at", "items", "left", "second_by", "second_words", "given_at", "given_by", "given_as", "digest")
    return {**{name: getattr(row, name) for name in names}, "request_id": row.id, "expires_on": row.expires_on}


def clock(row: RetentionClock, years: int, today: date, *, held: bool) -> dict[str, Any]:
    """Return one person's clock."""
    keep_until = row.keep_until(years)
    return {
        **{name: getattr(row, name) for name in ("family_id", "side", "name", "birth_date", "last_contact_on")},
        "person_id": row.id,
        "keep_until": keep_until,
        "kept_longer_because": row.kept_because,
        "due": keep_until < today and not row.in_group,
        "held": held,
    }


def clocks(page: Page[RetentionClock], years: int, today: date, marks: Mapping[UUID, Mark]) -> dict[str, Any]:
    """Return a page of clocks; those that are held are marked."""
    items = [clock(row, years, today, held=marks.get(row.family_id, Mark()).held) for row in page.items]
    return {"items": items, "next": page.next, "total": page.total}


def family(
    family_id: UUID, name: str, mark: Mark, people: Collection[dict[str, Any]], of_family: Mapping[str, Iterable[Any]], today: date
) -> dict[str, Any]:
    """Return how a family's record is kept."""
    return {
        "family_id": family_id,
        "name": name,
        "people": list(people),
        "requests": [_summary(row, today) for row in of_family["requests"]],
        "controls": list(of_family["controls"]),
        "erasures": [erasure(row) for row in of_family["erasures"]],
        "held": mark.held,
        "limited": mark.limited,
    }


def erasure(row: Any) -> dict[str, Any]:
    """Return an erasure with how far each part of the platform is."""
    names = ("id", "family_id", "person_id", "because", "state", "decided_by", "decided_at", "begun_at", "finished_at")
    return {**{name: getattr(row, name) for name in names}, "services": row.reports}


def state(family_id: UUID, mark: Mark, controls: Iterable[Control]) -> dict[str, Any]:
    """Return what everybody who opens a record is told of it."""
    because = next((one.because for one in controls if one.kind == "limit" and one.in_force), None)
    return {"family_id": family_id, "held": mark.held, "limited": mark.limited, "limited_because": because}


def _summary(row: SubjectRequest, today: date) -> dict[str, Any]:
    names = ("id", "version", "kind", "status", "family_id", "person_id", "about", "received_on", "due_on")
    return {**{name: getattr(row, name) for name in names}, "overdue": row.is_overdue(today)}
