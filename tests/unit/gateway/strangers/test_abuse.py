"""Traps for machines on pages that anybody can use, which no person stays in."""

from datetime import timedelta

import pytest
from flask import Flask

from chassis import signing
from gateway.pages.strangers import abuse
from gateway.people.models import real_now
from gateway.people.seals import Seals
from gateway.runtime import runtime


def posted(app: Flask, **answers: str) -> None:
    """Send a form with these answers to whatever stands behind the traps."""
    with app.test_request_context("/southwark/join", method="POST", data=answers):
        abuse.check(answers)


def sealed(app: Flask, ago: timedelta) -> str:
    with app.app_context():
        return runtime().seals.new(real_now() - ago)


def test_a_person_passes(app: Flask) -> None:
    posted(app, opened=sealed(app, timedelta(seconds=20)), website="", given_name="Ana")


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(seconds=2), timedelta(hours=25), timedelta(hours=-1)])
def test_too_fast_too_late_and_from_the_future_are_asked_once_more(app: Flask, ago: timedelta) -> None:
    seal = sealed(app, ago)
    with pytest.raises(abuse.LooksAutomatic):
        posted(app, opened=seal)


@pytest.mark.parametrize("seal", ["", ".", "1700000000", "1700000000.0", "\u0661.x", "9" * 400, "\u00e9.\ufffd"])
def test_a_seal_that_is_not_ours_is_none(app: Flask, seal: str) -> None:
    with app.app_context():
        assert runtime().seals.opened_at(seal) is None
    with pytest.raises(abuse.LooksAutomatic):
        posted(app, opened=seal)


def test_another_key_seals_nothing_for_us(app: Flask) -> None:
    other = Seals(signing.new_pair().private)
    with app.app_context():
        assert runtime().seals.opened_at(other.new()) is None


def test_what_nobody_sees_must_stay_empty(app: Flask) -> None:
    with pytest.raises(abuse.LooksAutomatic):
        posted(app, opened=sealed(app, timedelta(minutes=1)), website="https://spam.example")


def test_several_steps_count_from_their_first(app: Flask) -> None:
    with app.test_request_context("/southwark/join", method="POST"):
        abuse.check({}, opened_at=real_now() - timedelta(minutes=1), seconds=5)
        with pytest.raises(abuse.LooksAutomatic):
            abuse.check({}, opened_at=real_now() - timedelta(seconds=1), seconds=5)


def test_a_form_that_comes_again_keeps_its_seal_so_nobody_waits_twice(app: Flask) -> None:
    seal = sealed(app, timedelta(seconds=2))
    with app.test_request_context("/southwark/join", method="POST", data={"opened": seal}):
        assert abuse.seal() == seal


def test_an_old_or_forged_seal_is_replaced(app: Flask) -> None:
    for seal in (sealed(app, timedelta(days=2)), "1700000000.forged"):
        with app.test_request_context("/southwark/join", method="POST", data={"opened": seal}):
            fresh = runtime().seals.opened_at(abuse.seal())
            assert fresh is not None
            assert real_now() - fresh < timedelta(seconds=5)


def test_the_traps_are_out_of_sight_and_out_of_reach_of_the_keyboard(app: Flask) -> None:
    with app.test_request_context("/southwark/join"):
        html = app.jinja_env.from_string('{% from "strangers/traps.html" import traps %}{{ traps() }}').render()
    assert 'aria-hidden="true"' in html
    assert 'tabindex="-1"' in html
    assert 'autocomplete="off"' in html
    assert 'name="website"' in html
