"""Sessions and outreach at work, on each broker, in a borough of each test's own."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from chassis.ids import new_id
from services.outreach.service import OutreachService
from services.sessions.service import SessionsService
from tests.support.desk import desk
from tests.support.hall import Hall
from tests.support.installation import Templates
from tests.support.post import post


@pytest.fixture(scope="module")
def halls(postgres_url: str, broker: str) -> Iterator[Hall]:
    """Both services and the post to them."""
    both = (SessionsService, OutreachService)
    with desk(Templates(postgres_url), broker, *both) as running, post(running, *both) as mail:
        yield Hall(running, mail, new_id())


@pytest.fixture
def southwark(halls: Hall) -> Hall:
    """A borough with the usual policy."""
    return halls.of(halls.desk.know(new_id(), missed_before_outreach=2, missed_before_escalation=4))


@pytest.fixture
def lambeth(halls: Hall) -> Hall:
    """Another borough."""
    return halls.of(halls.desk.know(new_id()))


@pytest.fixture
def nowhere() -> UUID:
    """An identifier that nothing has."""
    return new_id()
