"""The rules of boroughs, memberships and invitations."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import Conflict, Invalid, NotFound, Stale
from gateway.boroughs.models import Agency
from gateway.people.models import Invitation, Member, check_agency, hashed, real_now, tidy_email

CAMHS = Agency(id=uuid4(), name="CAMHS", kind="camhs")
CENTRE = Agency(id=uuid4(), name="Children's centre", kind="childrens_centre")


def invitation(**changed: Any) -> Invitation:
    told = {"expires_at": Invitation.lasts_until(), "accepted_at": None, "withdrawn_at": None}
    return Invitation(**{**told, **changed})


def member(**changed: Any) -> Member:
    told = {"version": 1, "roles": ["facilitator"], "agency_id": None, "left_at": None}
    return Member(**{**told, **changed})


def test_an_invitation_is_open_for_a_week() -> None:
    assert invitation().state == "open"
    assert timedelta(days=6, hours=23) < invitation().expires_at - real_now() <= timedelta(days=7)


def test_an_invitation_can_be_accepted_once() -> None:
    once = invitation()
    once.accept()
    assert once.state == "accepted"
    with pytest.raises(NotFound):
        once.accept()


def test_an_old_invitation_can_not_be_accepted() -> None:
    old = invitation(expires_at=real_now() - timedelta(seconds=1))
    assert old.state == "expired"
    with pytest.raises(NotFound):
        old.accept()


def test_an_invitation_that_was_taken_back_can_not_be_accepted() -> None:
    taken_back = invitation()
    taken_back.withdraw()
    with pytest.raises(NotFound):
        taken_back.accept()


def test_taking_an_invitation_back_twice_is_harmless() -> None:
    taken_back = invitation()
    taken_back.withdraw()
    first = taken_back.withdrawn_at
    taken_back.withdraw()
    assert taken_back.withdrawn_at == first


def test_an_invitation_that_was_accepted_can_not_be_taken_back() -> None:
    with pytest.raises(Conflict):
        invitation(accepted_at=real_now()).withdraw()


def test_a_practitioner_signs_for_one_of_the_two_agencies() -> None:
    check_agency(["practitioner"], CAMHS)
    for other in (CENTRE, None):
        with pytest.raises(Invalid) as refused:
            check_agency(["practitioner", "facilitator"], other)
        assert "agency_id" in refused.value.faults


def test_others_may_have_any_agency_or_none() -> None:
    check_agency(["facilitator"], CENTRE)
    check_agency(["administrator"], None)


def test_a_member_takes_other_roles() -> None:
    changed = member()
    changed.change(version=1, roles=["practitioner"], agency=CAMHS)
    assert (changed.roles, changed.agency_id) == (["practitioner"], CAMHS.id)


def test_a_change_of_an_old_version_is_refused() -> None:
    with pytest.raises(Stale) as refused:
        member(version=3).change(version=2, roles=["referrer"], agency=None)
    assert refused.value.facts["theirs"] == {"version": 3, "roles": ["facilitator"], "agency_id": None}


def test_a_membership_that_ended_can_not_be_changed_or_ended_again() -> None:
    ended = member()
    ended.end(version=1, now=real_now())
    with pytest.raises(NotFound):
        ended.change(version=1, roles=["referrer"], agency=None)
    with pytest.raises(NotFound):
        ended.end(version=1, now=real_now())


def test_nothing_of_a_token_is_kept_but_its_hash() -> None:
    assert hashed("token") == hashed("token") != hashed("Token")
    assert b"token" not in hashed("token")


def test_a_mail_address_is_kept_one_way() -> None:
    assert tidy_email("  Ada@Southwark.Example ") == "ada@southwark.example"
