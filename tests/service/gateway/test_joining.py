"""A borough comes onto the platform, and people join it."""

from tests.support.gateway import PASSWORD, Borough, Gateway, Someone


def test_an_operator_onboards_a_borough_and_its_administrator_joins_and_signs_in(gateway: Gateway) -> None:
    borough = gateway.onboard(name="Camden")
    administrator = borough.administrator()
    me = administrator.get(f"{borough.base}/me").json
    assert (me["name"], me["roles"]) == ("Ada Minister", ["administrator"])


def test_the_new_borough_has_the_platforms_policy_where_it_names_none(administrator: Someone, southwark: Borough) -> None:
    policy = administrator.get(f"{southwark.base}/borough").json["policy"]
    assert policy == {"child_max_age_months": 60, "missed_before_outreach": 2, "missed_before_escalation": 4}
    assert PASSWORD
