"""Every service hears of boroughs, and forgets practice boroughs that are erased."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.caller import Caller
from chassis.database import open_work
from chassis.database.tables import boroughs, inbox
from chassis.errors import NotReady
from chassis.events.envelope import Envelope
from chassis.signing import Signer
from chassis.tenancy import (
    BOROUGH_CHANGED,
    BOROUGH_ERASED,
    BOROUGH_ONBOARDED,
    BOROUGH_SUSPENDED,
    Borough,
    active_boroughs,
    get_borough,
)
from tests.support.events import Services, until
from tests.support.listening_service.models import Beat, Heard
from tests.support.listening_service.repository import Work
from tests.support.listening_service.service import ListeningService
from tests.support.people import note_keeper

POLICY = {"missed_before_outreach": 2}


def told(both: Services, kind: Any, borough_id: UUID, sequence: int = 1, **facts: Any) -> Envelope:
    """Return what the gateway tells of a borough."""
    names = {"slug": "southwark", "name": "Southwark", "programme_name": "Stay & Play"}
    plain = {**names, "practice": False, "suspended": False, "policy": POLICY}
    data = {"borough_id": str(borough_id)} if kind is BOROUGH_ERASED else {**plain, **facts}
    return replace(both.envelope(), type=kind.name, subject=borough_id, borough_id=borough_id, sequence=sequence, data=data)


def tell(both: Services, kind: Any, borough_id: UUID, sequence: int = 1, **facts: Any) -> None:
    envelope = told(both, kind, borough_id, sequence, **facts)
    handled = both.count(inbox, borough_id=borough_id)
    both.publish(envelope.sealed(Signer(both.keys["gateway"].private)), kind.name)
    if kind is not BOROUGH_ERASED:
        until(lambda: both.count(inbox, borough_id=borough_id) > handled)


def known(both: Services, borough_id: UUID) -> Borough:
    with open_work(Work, both.listening, Caller.service("listening", borough_id)) as work:
        return get_borough(work)


def test_a_borough_that_is_onboarded_is_known(both: Services) -> None:
    borough_id = uuid4()
    with both.running(ListeningService):
        tell(both, BOROUGH_ONBOARDED, borough_id)
    assert known(both, borough_id) == Borough(borough_id, "southwark", "Southwark", "Stay & Play", policy=POLICY, sequence=1)


def test_a_borough_that_was_never_heard_of_is_not_ready(both: Services) -> None:
    with pytest.raises(NotReady):
        known(both, uuid4())


def test_a_change_of_policy_is_taken_over(both: Services) -> None:
    borough_id = uuid4()
    with both.running(ListeningService):
        tell(both, BOROUGH_ONBOARDED, borough_id)
        tell(both, BOROUGH_CHANGED, borough_id, 2, policy={"missed_before_outreach": 3})
    assert known(both, borough_id).policy == {"missed_before_outreach": 3}


def test_an_older_word_of_a_borough_changes_nothing(both: Services) -> None:
    borough_id = uuid4()
    with both.running(ListeningService):
        tell(both, BOROUGH_CHANGED, borough_id, 5, name="Southwark now")
        tell(both, BOROUGH_ONBOARDED, borough_id, 1, name="Southwark then")
        tell(both, BOROUGH_CHANGED, borough_id, 4, name="Southwark between")
    assert known(both, borough_id).name == "Southwark now"


def test_a_suspended_borough_is_not_worked_in(both: Services) -> None:
    borough_id = uuid4()
    with both.running(ListeningService):
        tell(both, BOROUGH_ONBOARDED, borough_id)
        assert borough_id in active(both)
        tell(both, BOROUGH_SUSPENDED, borough_id, 2, suspended=True)
    assert borough_id not in active(both)


def active(both: Services) -> set[UUID]:
    with both.listening.operating() as connection:
        return {borough.borough_id for borough in active_boroughs(connection)}


def furnish(both: Services, borough_id: UUID) -> None:
    """Leave something in a borough."""
    with open_work(Work, both.listening, Caller.service("listening", borough_id)) as work:
        work.heard.add(Heard(event_id=uuid4(), words="Hello"))
        work.beats.add(Beat(timer="beat"))


def rows(both: Services, borough_id: UUID) -> int:
    with open_work(Work, both.listening, Caller.service("listening", borough_id)) as work:
        tables = ("heard", "beats", "copies", "outbox")
        return sum(work.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables)


def test_erasing_a_practice_borough_deletes_every_row_of_it_and_none_of_another(both: Services) -> None:
    practice, other = uuid4(), uuid4()
    with both.running(ListeningService):
        tell(both, BOROUGH_ONBOARDED, practice, practice=True)
        tell(both, BOROUGH_ONBOARDED, other, practice=True)
        furnish(both, practice)
        furnish(both, other)
        tell(both, BOROUGH_ERASED, practice, 2)
        until(lambda: rows(both, practice) == 0)
    assert rows(both, other) == 2
    assert practice not in active(both)
    assert other in active(both)


def test_of_an_erased_borough_not_even_its_name_is_kept(both: Services) -> None:
    practice = uuid4()
    with both.running(ListeningService):
        tell(both, BOROUGH_ONBOARDED, practice, practice=True)
        tell(both, BOROUGH_ERASED, practice, 2)
        until(lambda: both.count(boroughs, borough_id=practice, slug=""))
    with both.listening.operating() as connection:
        kept = connection.execute(boroughs.select().where(boroughs.c.borough_id == practice)).one()
    assert (kept.slug, kept.name, kept.programme_name, kept.policy) == ("", "", "", {})


def test_an_event_that_comes_after_its_borough_was_erased_does_nothing(both: Services) -> None:
    practice = note_keeper()
    with both.running():
        tell(both, BOROUGH_ONBOARDED, practice.borough_id, practice=True)
        tell(both, BOROUGH_ERASED, practice.borough_id, 2)
        until(lambda: both.count(boroughs, borough_id=practice.borough_id, slug=""))
        both.tell("Late", caller=practice)
        until(lambda: both.count(inbox, borough_id=practice.borough_id, state="handled", handler="listening.write_down"))
        tell(both, BOROUGH_CHANGED, practice.borough_id, 3, practice=True)
    assert both.heard(practice) == []
    assert practice.borough_id not in active(both)


def test_a_real_borough_is_not_erased_by_an_event(both: Services) -> None:
    real = uuid4()
    with both.running(ListeningService):
        tell(both, BOROUGH_ONBOARDED, real)
        furnish(both, real)
        tell(both, BOROUGH_ERASED, real, 2)
        until(lambda: both.count(inbox, borough_id=real, state="dead"))
    assert rows(both, real) == 2
    assert known(both, real).slug == "southwark"


def test_only_the_gateway_can_tell_of_boroughs(both: Services) -> None:
    borough_id = uuid4()
    forged = told(both, BOROUGH_ONBOARDED, borough_id)
    with both.running(ListeningService):
        both.publish(forged.sealed(Signer(both.keys["sample"].private)), BOROUGH_ONBOARDED.name)
        tell(both, BOROUGH_ONBOARDED, uuid4())
    with pytest.raises(NotReady):
        known(both, borough_id)
