"""What passkeys are made for and checked against (WebAuthn Level 3, sections 7.1 and 7.2), by the `webauthn` library."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

import structlog

from chassis.later import Later
from gateway.people.factors.faults import WrongPasskey
from gateway.people.factors.models import CHALLENGE_LIFE, Passkey

if TYPE_CHECKING:
    import webauthn
    from webauthn.helpers import structs
else:
    webauthn, structs = Later("webauthn"), Later("webauthn.helpers.structs")

log = structlog.get_logger(__name__)

NAME: Final = "Stay & Play"
LARGEST: Final = 64 * 1024
"""No passkey's answer is as long as this, in characters of JSON."""
_MILLISECONDS: Final = int(CHALLENGE_LIFE.total_seconds() * 1000)
R = TypeVar("R")


class NewKey(NamedTuple):
    """A passkey as its authenticator made it."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    backup_eligible: bool
    backed_up: bool
    transports: list[str]


class Answer(NamedTuple):
    """What a passkey said when it signed a challenge; ``handle`` is None where it did not say whose it is."""

    sign_count: int
    backup_eligible: bool
    backed_up: bool
    handle: bytes | None


class RelyingParty:
    """This installation, as browsers know it.

    Args:
        public_url: where people reach it; its host is what passkeys are bound to, and its origin the only one that counts.
    """

    def __init__(self, public_url: str) -> None:
        address = urlsplit(public_url)
        self.id = address.hostname or ""
        self.origin = f"{address.scheme}://{address.netloc}"

    @property
    def is_possible(self) -> bool:
        """Whether browsers make passkeys for it: they do for names (also ``localhost``), not for bare addresses."""
        try:
            ip_address(self.id)
        except ValueError:
            return bool(self.id)
        return False

    def to_make(self, challenge: bytes, handle: bytes, email: str, name: str, known: Sequence[Passkey]) -> dict[str, Any]:
        """Return what the browser needs to make a passkey that alone is enough to sign in: kept on the device, opened by its owner."""
        options = webauthn.generate_registration_options(
            rp_id=self.id,
            rp_name=NAME,
            user_id=handle,
            user_name=email,
            user_display_name=name,
            challenge=challenge,
            timeout=_MILLISECONDS,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED, user_verification=structs.UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_described(known),
        )
        return webauthn.helpers.options_to_json_dict(options)

    def to_sign(self, challenge: bytes, known: Sequence[Passkey] = ()) -> dict[str, Any]:
        """Return what the browser needs to have a challenge signed by one of the ``known`` passkeys, or by whichever it has."""
        options = webauthn.generate_authentication_options(
            rp_id=self.id,
            challenge=challenge,
            timeout=_MILLISECONDS,
            allow_credentials=_described(known),
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
        return webauthn.helpers.options_to_json_dict(options)

    def made(self, credential: str, challenge: bytes) -> NewKey:
        """Return the passkey that a browser made for ``challenge``.

        Raises:
            WrongPasskey: it was made for something else, elsewhere, or without its owner's finger, face or PIN.
        """
        found = _checked(
            lambda: webauthn.verify_registration_response(
                credential=_read(credential),
                expected_challenge=challenge,
                expected_rp_id=self.id,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        )
        transports = _read(credential)["response"].get("transports")
        return NewKey(
            credential_id=found.credential_id,
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            backup_eligible=found.credential_device_type is structs.CredentialDeviceType.MULTI_DEVICE,
            backed_up=found.credential_backed_up,
            transports=[name for name in _known_transports() if isinstance(transports, list) and name in transports],
        )

    def answered(self, credential: str, challenge: bytes, public_key: bytes) -> Answer:
        """Return what a passkey said. Its counter is judged by `Passkey.note`: the library would judge it before the signature.

        Raises:
            WrongPasskey: it signed something else, elsewhere, with another key, or without its owner's finger, face or PIN.
        """
        found = _checked(
            lambda: webauthn.verify_authentication_response(
                credential=_read(credential),
                expected_challenge=challenge,
                expected_rp_id=self.id,
                expected_origin=self.origin,
                credential_public_key=public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        )
        eligible = found.credential_device_type is structs.CredentialDeviceType.MULTI_DEVICE
        handle = _checked(lambda: webauthn.helpers.parse_authentication_credential_json(_read(credential)).response.user_handle)
        return Answer(found.new_sign_count, eligible, found.credential_backed_up, handle)


def credential_id_in(credential: str) -> bytes:
    """Return which passkey an answer says it is from. Raises WrongPasskey where it can't be read."""
    return _checked(lambda: webauthn.base64url_to_bytes(str(_read(credential)["rawId"])))


@cache
def _known_transports() -> tuple[str, ...]:
    return tuple(transport.value for transport in structs.AuthenticatorTransport)


def _described(known: Sequence[Passkey]) -> "list[structs.PublicKeyCredentialDescriptor]":
    return [
        structs.PublicKeyCredentialDescriptor(
            id=passkey.credential_id, transports=[structs.AuthenticatorTransport(name) for name in passkey.transports]
        )
        for passkey in known
    ]


def _read(credential: str) -> dict[str, Any]:
    if len(credential) > LARGEST:
        raise WrongPasskey
    found = json.loads(credential)
    if not isinstance(found, dict):
        raise WrongPasskey
    return found


def _checked(check: Callable[[], R]) -> R:
    """Return what a check of the library returns; whatever it stumbles over is a refusal, and its words stay here."""
    try:
        return check()
    except WrongPasskey:
        raise
    except Exception as error:  # it parses bytes from strangers with three parsers, each with faults of its own
        log.info("passkey.refused", why=type(error).__name__)
        raise WrongPasskey from None
