"""Restricted families in groups: registers and lists keep their row (rule 5), and only named people see who they are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
import pytest
from sqlalchemy import select

from chassis.contract import Operation
from chassis.database.tables import audit
from chassis.errors import Invalid, NotFound, Restricted, Stale
from services.sessions import contract
from services.sessions.contract import RegisterIncomplete
from tests.support.hall import FACILITATOR, GLASS_REASON, Hall

NAMED, OTHER = "Amina Khan", "Jo Marsh"
MASK = "Restricted family"


def line_of(register: dict[str, Any], family: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = [line for line in register["lines"] if line["family_id"] == family["family_id"]]
    return found


def register_as(hall: Hall, group: dict[str, Any], who: str) -> dict[str, Any]:
    return hall.ask(contract.GET_REGISTER, by=who, session_id=hall.session(group)["id"])


def words_of(reply: object, family: dict[str, Any]) -> list[str]:
    """Return what of a family's names stands in an answer."""
    people = [*family["parents"], *family["children"]]
    return [name for name in {family["name"], *(person["given_name"] for person in people)} if name in str(reply)]


@pytest.fixture
def group(southwark: Hall) -> dict[str, Any]:
    return southwark.group()


@pytest.fixture
def hidden(southwark: Hall, group: dict[str, Any]) -> dict[str, Any]:
    """A family with a place, whom only Amina may see."""
    family = southwark.joined(group)
    southwark.restrict(family, 1, NAMED)
    return family


def test_the_register_names_it_to_who_is_named_and_masks_it_for_others(
    southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]
) -> None:
    other = southwark.joined(group)
    line = line_of(register_as(southwark, group, NAMED), hidden)
    assert (line["family_name"], line["restricted"]) == (hidden["name"], False)
    register = register_as(southwark, group, OTHER)
    assert register["expected"] == len(register["lines"]) == 2
    masked = line_of(register, hidden)
    assert (masked["family_name"], masked["surname"], masked["restricted"]) == (MASK, MASK, True)
    assert (masked["members"], masked["people"], masked["language"]) == ([], [], None)
    assert words_of(masked, hidden) == []
    assert line_of(register, other)["family_name"] == other["name"]


def test_a_masked_register_is_marked_and_closed_with_every_mark(southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]) -> None:
    other = southwark.joined(group)
    marks = {hidden["family_id"]: "here", other["family_id"]: "here"}
    register = southwark.mark(group, marks, by=OTHER)
    assert register["people_here"] == 4, "the people in the building are counted, whoever they are"
    assert register["families_here"] == 2
    closed = southwark.ask(contract.CLOSE_REGISTER, by=OTHER, session_id=register["session"]["id"], version=register["version"])
    assert (closed["to_mark"], line_of(closed, hidden)["mark"], words_of(closed, hidden)) == (0, "here", [])
    kept = line_of(register_as(southwark, group, NAMED), hidden)
    assert set(kept["people"]) == {person["id"] for side in ("parents", "children") for person in hidden[side]}
    southwark.post.settle(southwark.borough_id)
    attended = [event for event in southwark.desk.told("sessions", southwark.borough_id) if event["type"] == "sessions.family.attended"]
    assert {event["subject"] for event in attended} == set(marks)


def test_a_register_without_its_mark_does_not_close_and_does_not_say_whose(
    southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]
) -> None:
    register = register_as(southwark, group, OTHER)
    with pytest.raises(RegisterIncomplete) as refused:
        southwark.ask(contract.CLOSE_REGISTER, by=OTHER, session_id=register["session"]["id"], version=register["version"])
    assert refused.value.facts["families"] == [{"family_id": str(hidden["family_id"]), "name": MASK}]


def test_who_was_there_stays_when_somebody_saves_who_can_not_see_them(
    southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]
) -> None:
    register = register_as(southwark, group, NAMED)
    parent = hidden["parents"][0]["id"]
    given = {"session_id": register["session"]["id"], "version": register["version"]}
    marked = southwark.ask(
        contract.RECORD_REGISTER, **given, marks=[{"family_id": hidden["family_id"], "mark": "here", "people": [parent]}]
    )
    blind = {"family_id": hidden["family_id"], "mark": "late", "people": []}
    southwark.ask(contract.RECORD_REGISTER, by=OTHER, session_id=given["session_id"], version=marked["version"], marks=[blind])
    line = line_of(register_as(southwark, group, NAMED), hidden)
    assert (line["mark"], line["people"]) == ("late", [parent])


def test_two_who_mark_it_at_once_are_shown_both_marks_and_no_name(southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]) -> None:
    register = register_as(southwark, group, OTHER)
    southwark.mark(group, {hidden["family_id"]: "here"})
    with pytest.raises(Stale) as refused:
        southwark.ask(
            contract.RECORD_REGISTER, by=OTHER, session_id=register["session"]["id"], version=register["version"],
            marks=[{"family_id": hidden["family_id"], "mark": "told_us"}],
        )  # fmt: skip
    assert refused.value.facts["theirs"]["marks"][0]["people"] is None
    assert words_of(refused.value.to_wire(), hidden) == []


def test_people_that_somebody_can_not_see_can_not_be_guessed_into_the_register(
    southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]
) -> None:
    register = register_as(southwark, group, OTHER)
    stranger = southwark.family()["parents"][0]["id"]
    with pytest.raises(Invalid):
        southwark.ask(
            contract.RECORD_REGISTER, by=OTHER, session_id=register["session"]["id"], version=register["version"],
            marks=[{"family_id": hidden["family_id"], "mark": "here", "people": [stranger]}],
        )  # fmt: skip


def test_lists_of_places_and_the_groups_page_mask_it_and_count_it(southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]) -> None:
    for operation, values, where in (
        (contract.LIST_PLACES, {}, "items"),
        (contract.GET_GROUP, {"group_id": group["id"]}, "places"),
    ):
        (place,) = southwark.ask(operation, by=OTHER, **values)[where]
        assert (place["family_name"], place["restricted"], place["family_id"]) == (MASK, True, hidden["family_id"])
        (place,) = southwark.ask(operation, by=NAMED, **values)[where]
        assert (place["family_name"], place["restricted"]) == (hidden["name"], False)
    assert southwark.ask(contract.GET_GROUP, by=OTHER, group_id=group["id"])["taken"] == 1


def test_why_its_place_ended_is_told_to_named_people_only(southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]) -> None:
    place = southwark.place(hidden)
    southwark.ask(contract.END_PLACE, place_id=place["id"], version=place["version"], reason="They moved to her mother's")
    for who, told in ((NAMED, "They moved to her mother's"), (OTHER, None)):
        (place,) = southwark.ask(contract.LIST_PLACES, by=who, status="ended")["items"]
        assert place["end_reason"] == told


def test_everything_detailed_is_refused(southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]) -> None:
    with pytest.raises(Restricted):
        southwark.ask(contract.FAMILY_ATTENDANCE, by=OTHER, family_id=hidden["family_id"])
    reader = southwark.person("Reader", FACILITATOR - {"families.break_glass"})
    with pytest.raises(NotFound):
        southwark.ask(contract.FAMILY_ATTENDANCE, by=reader, family_id=hidden["family_id"])
    place = southwark.place(hidden)
    moves: list[tuple[Operation, dict[str, Any]]] = [
        (contract.PAUSE_PLACE, {"reason": "A break"}),
        (contract.RESUME_PLACE, {}),
        (contract.END_PLACE, {"reason": "They moved"}),
        (contract.OFFER_PLACE, {"group_id": group["id"]}),
        (contract.START_PLACE, {"starts_on": southwark.today}),
    ]
    for operation, values in moves:
        with pytest.raises(NotFound) as refused:
            southwark.ask(operation, by=OTHER, place_id=place["id"], version=place["version"], **values)
        assert refused.value.to_wire() == NotFound().to_wire()
    with pytest.raises(NotFound):
        southwark.ask(contract.ADD_PLACE, by=OTHER, family_id=hidden["family_id"])
    assert southwark.place(hidden)["version"] == place["version"]


def test_who_broke_the_glass_sees_it_until_it_ends_and_why_is_in_the_audit_trail(
    southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]
) -> None:
    southwark.restrict(hidden, 2, NAMED, lent={OTHER: datetime.now(UTC) + timedelta(hours=4)})
    assert southwark.ask(contract.FAMILY_ATTENDANCE, by=OTHER, family_id=hidden["family_id"])["place"]["family_name"] == hidden["name"]
    assert line_of(register_as(southwark, group, OTHER), hidden)["family_name"] == hidden["name"]
    with southwark.desk.work("sessions", southwark.borough_id) as work:
        of_family = select(audit.c.person_name, audit.c.reason).where(audit.c.family_id == hidden["family_id"], audit.c.kind == "read")
        reasons = set(work.session.execute(of_family).tuples())
    assert (OTHER, GLASS_REASON) in reasons
    assert {reason for name, reason in reasons if name == NAMED} <= {None}
    southwark.restrict(hidden, 3, NAMED, lent={OTHER: datetime.now(UTC) - timedelta(seconds=1)})
    with pytest.raises(Restricted):
        southwark.ask(contract.FAMILY_ATTENDANCE, by=OTHER, family_id=hidden["family_id"])


def test_lifted_everybody_sees_it_again(southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]) -> None:
    southwark.restrict(hidden, 2, lifted=True)
    assert line_of(register_as(southwark, group, OTHER), hidden)["family_name"] == hidden["name"]


def test_news_that_comes_twice_or_late_changes_nothing(southwark: Hall, group: dict[str, Any], hidden: dict[str, Any]) -> None:
    southwark.restrict(hidden, 3, NAMED, OTHER)
    older = southwark.restrict(hidden, 2, NAMED)
    southwark.post.again(older)
    southwark.restrict(hidden, 3, NAMED)
    assert line_of(register_as(southwark, group, OTHER), hidden)["family_name"] == hidden["name"]


def test_a_restriction_that_comes_before_the_family_hides_it_from_the_start(southwark: Hall, group: dict[str, Any]) -> None:
    family = southwark.family()
    later = {**family, "family_id": southwark.family()["family_id"]}
    southwark.restrict(later, 1, NAMED)
    southwark.change(later, 2, name="Somebody Else")
    southwark.start(later, group)
    assert line_of(register_as(southwark, group, OTHER), later)["family_name"] == MASK
    assert line_of(register_as(southwark, group, NAMED), later)["family_name"] == "Somebody Else"


def test_the_services_own_work_goes_on_for_it(southwark: Hall, hidden: dict[str, Any]) -> None:
    """Copies by event are written by the service, which sees all."""
    southwark.change(hidden, 2, name="Another Name")
    assert southwark.attendance(hidden)["place"]["family_name"] == "Another Name"


def test_another_boroughs_restriction_of_the_same_id_hides_nothing_here(southwark: Hall, lambeth: Hall, group: dict[str, Any]) -> None:
    family = southwark.joined(group)
    lambeth.restrict(family, 1, NAMED)
    assert line_of(register_as(southwark, group, OTHER), family)["family_name"] == family["name"]


def test_raw_sql_of_the_services_role_shows_no_name(southwark: Hall, hidden: dict[str, Any]) -> None:
    url = southwark.desk.installed.env["SESSIONS_DATABASE_URL"]
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        for reader, seen in ((southwark.person(OTHER).person_id, 0), ("", 0), (southwark.person(NAMED).person_id, 1), ("service", 1)):
            settings = (str(southwark.borough_id), str(reader))
            cursor.execute("SELECT set_config('app.borough_id', %s, true), set_config('app.person_id', %s, true)", settings)
            cursor.execute("SELECT count(*) FROM families WHERE id = %s", (str(hidden["family_id"]),))
            assert cursor.fetchone() == (seen,)
