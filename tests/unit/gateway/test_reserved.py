"""Names in addresses that no borough may have, since the platform has them."""

import pytest
from flask import Flask
from marshmallow import ValidationError

from gateway.contract import RESERVED_SLUGS
from gateway.contract.onboarding import BoroughDetails

DETAILS = {"name": "Southwark", "gss_code": "E09000028", "programme_name": "Southwark Stay & Play"}


def own_parts(app: Flask) -> set[str]:
    """Return what the platform's own addresses begin with."""
    return {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()} - {"", "<borough>"}


def test_no_borough_can_be_called_what_an_address_of_the_platform_begins_with(app: Flask) -> None:
    assert len(own_parts(app)) > 8
    assert own_parts(app) - RESERVED_SLUGS == set()


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_a_reserved_name_is_refused(slug: str) -> None:
    with pytest.raises(ValidationError) as refused:
        BoroughDetails().load({**DETAILS, "slug": slug})
    assert refused.value.messages == {"slug": ["Name in addresses: choose another, this one is the platform's own."]}


@pytest.mark.parametrize("slug", ["southwark", "account-holders", "new-forest", "signal"])
def test_a_name_that_only_begins_like_one_passes(slug: str) -> None:
    assert BoroughDetails().load({**DETAILS, "slug": slug})["slug"] == slug
