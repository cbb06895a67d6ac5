"""What the web application stands on: made once a process by `gateway.service`, found in every request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app

from chassis.caller import TokenSigner
from chassis.database import Database
from chassis.errors import Conflict
from chassis.rpc import RpcClient
from chassis.settings import GatewaySettings, Settings
from gateway.access.audit.desk import AuditDesk
from gateway.access.audit.security import SecurityNotes
from gateway.access.calls import Calls
from gateway.access.local import Local
from gateway.access.operating import operator_in
from gateway.access.tokens import TokenMint
from gateway.boroughs.agencies import AgenciesDesk
from gateway.boroughs.desk import BoroughsDesk
from gateway.boroughs.onboarding import OnboardingDesk
from gateway.boroughs.policy import PolicyDesk
from gateway.boroughs.set_up import SetUpDesk
from gateway.branding.desk import BrandingDesk
from gateway.branding.repository import PublicFaces
from gateway.contract import ERASE_BOROUGH, GET_BOROUGH, OPERATIONS
from gateway.leaving.desk import ErasingDesk, LeavingDesk
from gateway.leaving.repository import Departures
from gateway.notices.desk import NoticesDesk
from gateway.operators.desk import OperatorsDesk
from gateway.operators.repository import Onboardings, OperatorSessions
from gateway.operators.sign_in import OperatorSignIn
from gateway.people.account import AccountDesk
from gateway.people.browsers import Browsers
from gateway.people.desk import PeopleDesk
from gateway.people.factors.desks import FactorDesks
from gateway.people.factors.repository import Factors
from gateway.people.factors.resetting import ResetsDesk
from gateway.people.joining import JoiningDesk
from gateway.people.repository import Identity
from gateway.people.resetting import ResettingDesk
from gateway.people.sealing import Sealer
from gateway.people.seals import Seals
from gateway.people.sign_in import SignInDesk
from gateway.people.single_sign_on.desk import SignOnSettings
from gateway.people.single_sign_on.entering import SignOnDesk
from gateway.people.single_sign_on.provider import Providers
from gateway.people.single_sign_on.reach import Reach
from gateway.people.systems.desk import SystemsDesk
from gateway.people.systems.repository import Systems
from gateway.people.systems.tokens import SystemTokens
from gateway.people.tokens import InvitationTokens
from gateway.records.desk import KeepingDesk
from gateway.webhooks.desk import WebhooksDesk
from gateway.webhooks.reach import WebhookReach
from gateway.webhooks.signing import WebhookSecrets

NAME = "stayplay"


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts that requests use.

    Attributes:
        settings: the gateway's own settings.
        identity: people and sessions.
        sign_in: where people come in.
        sign_on: where they come in by their organisation's account.
        systems: other systems that use the API.
        joining: where they answer invitations.
        resetting: where they choose another password with a link.
        account: what they do with what is theirs.
        factors: second factors.
        local: the gateway's own operations.
        operators: what operators do with boroughs.
        operator_sign_in: where operators come in to their pages.
        onboardings: boroughs that operators are describing.
        leaving: boroughs that leave.
        faces: what anybody may see of a borough.
        calls: every operation, whoever answers it.
        tokens: makes caller tokens.
        security: what is noted of sign-ins and access until it is written.
        seals: when forms were opened that anybody can open.
        links: what opens a draft again, in a link that somebody without an account asked for.
    """

    settings: GatewaySettings
    identity: Identity
    sign_in: SignInDesk
    sign_on: SignOnDesk
    systems: Systems
    joining: JoiningDesk
    resetting: ResettingDesk
    account: AccountDesk
    factors: FactorDesks
    local: Local
    operators: OperatorsDesk
    operator_sign_in: OperatorSignIn
    onboardings: Onboardings
    leaving: LeavingDesk
    faces: PublicFaces
    calls: Calls
    tokens: TokenMint
    security: SecurityNotes
    seals: Seals
    links: Sealer

    @classmethod
    def of(cls, settings: Settings, database: Database, client: RpcClient) -> "Runtime":
        """Put the parts together.

        Raises:
            ValueError: the settings are not the gateway's.
        """
        if settings.gateway is None:
            raise ValueError("these are not the gateway's settings")
        identity = Identity(database)
        local = _local(settings.signing_key, settings.gateway.public_url, database, identity)
        sign_in = SignInDesk(identity, Browsers(settings.signing_key))
        return cls(
            settings=settings.gateway,
            identity=identity,
            sign_in=sign_in,
            sign_on=_sign_on(settings.signing_key, settings.gateway, database, identity, sign_in),
            systems=Systems(database),
            joining=JoiningDesk(database, identity, sign_in),
            resetting=ResettingDesk(identity, settings.gateway.public_url),
            account=AccountDesk(database, identity, sign_in),
            factors=FactorDesks.of(settings.signing_key, settings.gateway.public_url, database, identity, sign_in),
            local=local,
            operators=OperatorsDesk(local, identity),
            operator_sign_in=OperatorSignIn(identity, OperatorSessions(database), settings.gateway.operator_token),
            onboardings=Onboardings(database),
            faces=PublicFaces(database),
            leaving=LeavingDesk(Departures(database), identity, local, settings.signing_key),
            calls=Calls(client, local),
            tokens=TokenMint(TokenSigner(settings.signing_key)),
            security=SecurityNotes(database),
            seals=Seals(settings.signing_key),
            links=Sealer(settings.signing_key, "link back to a draft"),
        )

    def erase(self, borough_id: UUID) -> None:
        """Erase a practice borough: first the people who are nowhere else, so that it can be repeated if it is cut short.

        Raises:
            NotFound: no such borough.
            Conflict: it is a real one.
        """
        caller = operator_in(borough_id)
        if not self.local.answer(GET_BOROUGH, caller, None, {})["practice"]:
            raise Conflict("Only a practice borough can be erased.")
        self.identity.forget_people_of(borough_id)
        self.local.answer(ERASE_BOROUGH, caller, None, {"borough_id": borough_id})


def _local(secret: str, public_url: str, database: Database, identity: Identity) -> Local:
    people = PeopleDesk(InvitationTokens(secret, public_url), identity)
    boroughs, onboarding = BoroughsDesk(), OnboardingDesk(people)
    systems, resets = SystemsDesk(SystemTokens(secret)), ResetsDesk(Factors(database))
    webhooks = WebhooksDesk(WebhookSecrets(secret), WebhookReach(local=not public_url.startswith("https://")))
    handlers = _handlers(
        systems,
        webhooks,
        SignOnSettings(secret, public_url),
        boroughs,
        onboarding,
        AgenciesDesk(),
        PolicyDesk(),
        SetUpDesk(),
        people,
        resets,
        BrandingDesk(boroughs),
        ErasingDesk(),
        AuditDesk(),
        NoticesDesk(),
        KeepingDesk(),
    )
    with_links = {
        **dict.fromkeys(("add_system", "renew_system"), systems.with_token),
        **dict.fromkeys(("set_webhook", "rotate_webhook_secret"), webhooks.with_secret),
        "reset_factors": resets.carry_out,
        **dict.fromkeys(("onboard", "get_onboarded"), onboarding.with_link),
        **dict.fromkeys(("invite", "resend_invitation"), people.with_link),
    }
    return Local(database, handlers, with_links)


def _sign_on(secret: str, settings: GatewaySettings, database: Database, identity: Identity, sign_in: SignInDesk) -> SignOnDesk:
    providers = Providers(Reach(local=not settings.is_secure, private=settings.private_providers))
    return SignOnDesk(database, identity, sign_in, providers, secret=secret, public_url=settings.public_url)


def _handlers(*desks: object) -> dict[str, Callable[..., Any]]:
    """Return what carries out each operation, by its name: the desk's method of that name."""
    names = [operation.name for operation in OPERATIONS]
    return {name: getattr(desk, name) for desk in desks for name in names if hasattr(desk, name)}


def runtime() -> Runtime:
    """Return the parts that the present request uses."""
    found: Runtime = current_app.extensions[NAME]
    return found
