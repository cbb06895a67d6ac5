"""What a provider says of itself, once it holds all that sign-in needs. Source: OpenID Connect Discovery 1.0."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.people.single_sign_on.faults import ProviderAway
from gateway.people.single_sign_on.reach import Reach

ASYMMETRIC: Final = ("ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512", "EdDSA", "Ed25519")
"""Signatures that only the provider can make. Never ``none``, and none made with a secret that we hold too."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    algorithms: tuple[str, ...]
    auth_methods: tuple[str, ...]
    names_itself: bool


def described(issuer: str, found: Mapping[str, Any], reach: Reach) -> Metadata:
    """Return what a provider's document says, once it holds all that sign-in needs.

    Raises:
        ProviderAway: it is another issuer's, lacks an address, or signs in no way that we trust.
    """
    if found.get("issuer") != issuer:
        raise ProviderAway("The provider calls itself by another issuer. Copy the issuer exactly, with or without the slash at its end.")
    addresses = {name: found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    for name, address in addresses.items():
        if not isinstance(address, str):
            raise ProviderAway(f"The provider does not say its {name}.")
        reach.check(address)
    algorithms = tuple(name for name in ASYMMETRIC if name in _texts(found, "id_token_signing_alg_values_supported", ["RS256"]))
    if not algorithms:
        raise ProviderAway("The provider signs in no way that can be trusted here. It must use RS256, ES256 or the like.")
    if "S256" not in _texts(found, "code_challenge_methods_supported", ["S256"]):
        raise ProviderAway("The provider does not know PKCE with S256, which is needed.")
    return Metadata(
        issuer=issuer,
        authorization_endpoint=str(addresses["authorization_endpoint"]),
        token_endpoint=str(addresses["token_endpoint"]),
        jwks_uri=str(addresses["jwks_uri"]),
        end_session_endpoint=_end_session(found, reach),
        algorithms=algorithms,
        auth_methods=tuple(_texts(found, "token_endpoint_auth_methods_supported", ["client_secret_basic"])),
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def _texts(found: Mapping[str, Any], name: str, otherwise: list[str]) -> list[str]:
    """Return a list of texts; ``otherwise`` where the provider does not say."""
    value = found.get(name, otherwise)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _end_session(found: Mapping[str, Any], reach: Reach) -> str:
    address = found.get("end_session_endpoint")
    return reach.check(address).geturl() if isinstance(address, str) else ""
