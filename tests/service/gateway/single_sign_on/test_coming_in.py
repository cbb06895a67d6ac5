"""Coming in by a borough's real provider: joined by invitation, signed in, and nobody else."""

from flask.testing import FlaskClient

from gateway.people.single_sign_on.provider import Providers
from tests.support.signing_on import COOKIE, Council, asked, back, seen, today, with_query


def test_an_invited_person_joins_with_their_account_and_signs_in_with_it(council: Council) -> None:
    browser = council.browser()
    joined = council.join(council.invite(), "ruth", browser)
    assert (joined.status_code, joined.location) == (303, f"/{council.slug}/")
    assert today(browser, council) == 200
    assert today(council.let_in("ruth"), council) == 200
