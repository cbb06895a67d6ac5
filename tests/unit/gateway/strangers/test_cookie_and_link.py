"""What a browser holds of a parent's answers, and the link that opens them elsewhere."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask, Response

from gateway.pages.join import cookie, returning
from gateway.people.models import real_now


def a_draft() -> cookie.Held:
    return cookie.Held(uuid4(), cookie.new_secret(), (real_now() - timedelta(minutes=5)).replace(microsecond=0))


def test_what_is_given_is_held(app: Flask) -> None:
    kept = a_draft()
    with app.test_request_context("/southwark/join"):
        response = Response()
        cookie.give(response, kept)
        sent = response.headers["Set-Cookie"].partition(";")[0]
    with app.test_request_context("/southwark/join", headers={"Cookie": sent}):
        assert cookie.held() == kept


def test_a_secret_is_256_random_bits() -> None:
    made = {cookie.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(secret) for secret in made} == {43}


def test_a_link_opens_with_its_word_however_it_is_written(app: Flask) -> None:
    kept = a_draft()
    with app.app_context():
        link = returning.sealed(kept, "southwark", "Blue  Kite")
        assert returning.opened(link, "southwark", " blue kite ") == kept


def test_a_link_holds_neither_the_word_nor_what_opens_the_answers(app: Flask) -> None:
    kept = a_draft()
    with app.app_context():
        link = returning.sealed(kept, "southwark", "sunflower")
    assert not any(part in link for part in ("sunflower", kept.secret, str(kept.draft_id)))


@pytest.mark.parametrize(("borough", "word"), [("lambeth", "sunflower"), ("southwark", "sunflowers"), ("southwark", "")])
def test_a_link_opens_nothing_elsewhere_or_with_another_word(app: Flask, borough: str, word: str) -> None:
    with app.app_context():
        link = returning.sealed(a_draft(), "southwark", "sunflower")
        assert returning.opened(link, borough, word) is None


def test_an_altered_link_opens_nothing(app: Flask) -> None:
    with app.app_context():
        link = returning.sealed(a_draft(), "southwark", "sunflower")
        for altered in (link[:-2], link + "AA", "B" + link[1:], link[::-1]):
            assert returning.opened(altered, "southwark", "sunflower") is None
