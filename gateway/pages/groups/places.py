"""A family's place: offered, started, paused, resumed, ended. Each is confirmed, and ending asks why."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from chassis.contract import Operation
from chassis.errors import InvalidTransition, NotFound
from gateway.access import current
from gateway.access.guard import needs
from gateway.pages.attempt import attempt
from gateway.pages.forms import Filled, Form
from gateway.pages.show import onward, page
from services.referrals.contract import GET_FAMILY
from services.sessions.contract import (
    ADD_PLACE,
    END_PLACE,
    FAMILY_ATTENDANCE,
    LIST_GROUPS,
    OFFER_PLACE,
    PAUSE_PLACE,
    PLACE_STATUSES,
    RESUME_PLACE,
    START_PLACE,
)


class PlaceMove(NamedTuple):
    """A change of a place: what it is called, what it means, from which states it goes."""

    name: str
    operation: Operation
    button: str
    means: str
    states: tuple[str, ...]
    grave: bool = False


MOVES: Mapping[str, PlaceMove] = {
    move.name: move
    for move in (
        PlaceMove("offer", OFFER_PLACE, "Offer a place", "The family hears that there is a place for them.", ("waiting",)),
        PlaceMove("start", START_PLACE, "Start the place", "The family is on the register from the day you choose.", ("offered",)),
        PlaceMove("pause", PAUSE_PLACE, "Pause the place", "The family takes a break and keeps its place.", ("active",)),
        PlaceMove("resume", RESUME_PLACE, "End the break", "The family is back on the register from today.", ("paused",)),
        PlaceMove(
            "end",
            END_PLACE,
            "End the place",
            "Nobody loses a place for missing sessions or because time has passed: only a person decides, with a reason.",
            ("waiting", "offered", "active", "paused"),
            grave=True,
        ),
        PlaceMove("add", ADD_PLACE, "Back on the waiting list", "The family waits for a place again.", ("ended",)),
    )
}


def moves_from(place: Mapping[str, Any]) -> list[PlaceMove]:
    """Return what can be done with a place now."""
    return [move for move in MOVES.values() if place["status"] in move.states]


@needs("places.manage")
def change(borough: str, family_id: UUID, move_name: str) -> Response | AnyResponse:
    """Ask to confirm a change of a family's place, and make it."""
    move = MOVES.get(move_name)
    if move is None:
        raise NotFound
    family, attendance, groups = current.gather(
        current.ask(GET_FAMILY, family_id=family_id),
        current.ask(FAMILY_ATTENDANCE, family_id=family_id),
        current.ask(LIST_GROUPS, limit=100),
    )
    if request.method == "GET":
        return asked(move, family, attendance["place"], form_of(move, groups).blank())
    filled = form_of(move, groups).sent(request.form)
    given = {"family_id": family_id} if move.name == "add" else {name: request.form.get(name, "") for name in ("place_id", "version")}
    if attempt(filled, move.operation, **given):
        return onward("family.show", f"place_{move.name}", family_id=family_id)
    return asked(move, family, attendance["place"], filled)


def form_of(move: PlaceMove, groups: Mapping[str, Any]) -> Form:
    """Return the form of a change; a group is chosen by name, with the places it has."""
    named = {str(group["id"]): f"{group['name']}, {_free(group)}" for group in groups["items"]}
    return Form(move.operation.request, "place_id", "family_id", choices={"group_id": named})


def _free(group: Mapping[str, Any]) -> str:
    free = group["capacity"] - group["taken"]
    return f"{free} free" if free > 0 else "full"


def asked(move: PlaceMove, family: Mapping[str, Any], place: Mapping[str, Any] | None, filled: Filled) -> Response:
    """Return the page that asks to confirm.

    Raises:
        InvalidTransition: the place has moved on, so that this can't be done with it.
    """
    if place is None or (place["status"] not in move.states and not filled.in_error):
        raise InvalidTransition
    return page(
        "groups/place.html",
        title=move.button,
        status=422 if filled.in_error else 200,
        has_faults=filled.in_error,
        move=move,
        family=family,
        place=place,
        filled=filled,
        w=filled.widgets,
        statuses=PLACE_STATUSES,
    )
