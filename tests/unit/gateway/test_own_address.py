"""Where a link leads on to is always on this site."""

import pytest

from gateway.pages.own_address import own_address


@pytest.mark.parametrize("where", ["/", "/southwark/people", "/southwark/people?done=x#row", "/account/confirm?next=/a"])
def test_a_path_of_ours_passes(where: str) -> None:
    assert own_address(where) == where


@pytest.mark.parametrize(
    "where",
    [
        "",
        "people",
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/a\\b",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\n//evil.example",
        "/\r\nLocation: https://evil.example",
        "data:text/html,x",
        "http:evil.example",
        "//[bad",
        " //evil.example",
    ],
)
def test_anything_else_does_not(where: str) -> None:
    assert own_address(where) == ""
