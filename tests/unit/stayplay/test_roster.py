"""The list of all services knows who listens to what."""

from chassis.events import listeners_of
from stayplay.roster import LISTENERS, PACKAGES, heard_by_anybody, hosted, service_class
from tests.support.installation import installation


def test_whoever_listens_is_named_and_nobody_else() -> None:
    assert [role for role in PACKAGES if listeners_of(service_class(role))] == list(LISTENERS)


def test_what_somebody_listens_to_is_known_and_what_nobody_does_is_not_among_it() -> None:
    heard = heard_by_anybody()
    assert {"referrals.referral.accepted", "referrals.referral.received", "sessions.family.missed", "gateway.borough.onboarded"} <= heard
    assert "sessions.session.closed" not in heard


def test_every_process_is_told() -> None:
    settings = installation(
        {"REFERRALS_DATABASE_URL": "postgresql://a@b/c", "REFERRALS_OPERATOR_DATABASE_URL": "postgresql://a@b/c"}, "inprocess://x"
    )
    assert hosted("referrals", settings.settings("referrals")).heard == heard_by_anybody()
