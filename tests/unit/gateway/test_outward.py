"""Which addresses may be reached that somebody wrote into a setting: the internet's, in whatever way an inner one is dressed up as one."""

from ipaddress import ip_address

import pytest

from gateway.outward import may_reach

INNER = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255", "192.0.0.8", "192.88.99.1", "198.18.0.1")  # noqa: S104 - told to be refused
DRESSED = {
    "mapped": "::ffff:169.254.169.254",
    "compatible": "::169.254.169.254",
    "translated": "::ffff:0:169.254.169.254",
    "NAT64": "64:ff9b::169.254.169.254",
    "NAT64 of one's own": "64:ff9b:1::169.254.169.254",
    "6to4": "2002:a9fe:a9fe::1",
    "Teredo": "2001:0:a9fe:a9fe::1",
    "site-local": "fec0::1",
    "unique local": "fd00:ec2::254",
    "link-local": "fe80::1",
    "many": "ff02::1",
    "segment routing": "5f00::1",
    "documents": "3fff::1",
    "loopback": "::1",
}


@pytest.mark.parametrize("address", [*INNER, *DRESSED.values()])
def test_what_is_not_of_the_internet_is_not_reached(address: str) -> None:
    assert not may_reach(ip_address(address), local=False, private=False)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4009:81f::200e"])
def test_what_is_of_the_internet_is_reached(address: str) -> None:
    assert may_reach(ip_address(address), local=False, private=False)


@pytest.mark.parametrize(("address", "reached"), [("10.1.2.3", True), ("fd00::1", True), *[(DRESSED[one], False) for one in (
    "mapped", "compatible", "translated", "NAT64", "NAT64 of one's own", "6to4", "Teredo", "site-local", "link-local")]])  # fmt: skip
def test_a_private_network_that_is_allowed_is_reached_by_its_own_addresses_alone(address: str, reached: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    assert may_reach(ip_address(address), local=False, private=True) is reached


def test_this_machine_is_reached_only_where_it_is_allowed() -> None:
    assert [may_reach(ip_address(one), local=True, private=False) for one in ("127.0.0.1", "::1", "::ffff:127.0.0.1")] == [True] * 3
    assert not may_reach(ip_address("::127.0.0.1"), local=True, private=False)
