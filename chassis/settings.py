"""Settings: read once from the environment, checked at the start, never looked up again.

Any setting ``NAME`` may come from a file instead, named by ``NAME_FILE``: that is how orchestrators hand
over secrets.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import parse_qs, quote, unquote, urlsplit

from environs import EnvError, FileAwareEnv
from marshmallow import ValidationError, validate

from chassis import signing
from chassis.database.engine import Database

SERVICES = ("referrals", "assessments", "sessions", "outreach", "gateway")
SPARE_CONNECTIONS = 4
LEAVE_URL = "https://www.bbc.co.uk/weather"
_POSTGRES = ("postgresql://", "postgresql+psycopg2://")
_BROKERS = ("amqp://", "amqps://", "inprocess://")


class BadSetting(ValueError):
    """A setting is missing or does not make sense; the message is one line that names it, without its value."""


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """What only the gateway needs.

    Attributes:
        host: address to listen on; only this machine's own unless told otherwise.
        port: TCP port of pages and API.
        public_url: address that people use, without a slash at its end; https makes cookies secure.
        operator_token: what operators sign requests with.
        proxies: reverse proxies in front, whose X-Forwarded headers are believed; 0 believes none.
        private_providers: single sign-on may reach providers in private networks.
        mail_url: how mail leaves: ``smtp://``, ``smtps://`` or ``file://``; empty where none leaves.
        leave_url: where *Leave this page* leads: a page that says nothing about whoever looks at it.
    """

    host: str
    port: int
    public_url: str
    operator_token: str = field(repr=False)
    proxies: int = 0
    mail_url: str = field(default="", repr=False)
    private_providers: bool = False
    leave_url: str = LEAVE_URL

    @property
    def is_secure(self) -> bool:
        """Tell whether people reach it by https."""
        return self.public_url.startswith("https://")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one service's process.

    Attributes:
        service: whose.
        amqp_uri: the broker.
        database_url, operator_database_url, identity_database_url: its database, by role.
        signing_key: its private key; empty for a process that signs nothing.
        public_keys: everybody's public keys, by service.
        log_format: ``json`` or ``terminal``.
        health_port: TCP port of health and metrics; None for no such listener.
        rpc_timeout_seconds: how long a call waits for its answer.
        stop_within_seconds: how long work in hand may take after SIGTERM.
        max_workers: calls and events worked on at once.
        event_retry_seconds: delays before an event that failed is tried again; after the last it is dead.
        gateway: what only the gateway needs.
    """

    service: str
    amqp_uri: str = field(repr=False)
    database_url: str = field(repr=False)
    operator_database_url: str = field(repr=False)
    identity_database_url: str = field(default="", repr=False)
    signing_key: str = field(default="", repr=False)
    public_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    log_format: str = "json"
    health_port: int | None = None
    rpc_timeout_seconds: float = 10.0
    stop_within_seconds: float = 20.0
    max_workers: int = 10
    event_retry_seconds: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0, 600.0)
    gateway: GatewaySettings | None = None

    @classmethod
    def read(cls, service: str, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings of ``service`` from ``env``, by default the process's environment.

        Raises:
            BadSetting: one is missing or wrong.
        """
        reader = _Reader(os.environ if env is None else env)
        return cls(
            service=service,
            amqp_uri=reader.text("AMQP_URI", _starts(*_BROKERS)),
            database_url=reader.database(service, "app"),
            operator_database_url=reader.database(service, "operator"),
            identity_database_url=reader.database(service, "identity") if service == "gateway" else "",
            signing_key=reader.text(f"{service.upper()}_SIGNING_KEY", _private),
            public_keys={name: reader.text(f"{name.upper()}_PUBLIC_KEY", _public) for name in SERVICES},
            log_format=reader.text("LOG_FORMAT", validate.OneOf(["json", "terminal"]), default="json"),
            health_port=reader.port("HEALTH_PORT", default=None),
            rpc_timeout_seconds=reader.seconds("RPC_TIMEOUT_SECONDS", 10.0),
            stop_within_seconds=reader.seconds("STOP_WITHIN_SECONDS", 20.0),
            max_workers=reader.whole("MAX_WORKERS", 10, validate.Range(1, 1000)),
            event_retry_seconds=reader.delays("EVENT_RETRY_SECONDS", (1.0, 5.0, 30.0, 120.0, 600.0)),
            gateway=_gateway(reader) if service == "gateway" else None,
        )

    @classmethod
    def read_or_exit(cls, service: str, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; where one is missing or wrong, say which in one line and end the process with code 2."""
        try:
            return cls.read(service, env)
        except BadSetting as fault:
            refuse(fault)

    def database(self) -> Database:
        """Return the service's database: a pool a role, as large as there are workers and a few."""
        return Database(
            self.database_url,
            self.operator_database_url,
            self.identity_database_url,
            service=self.service,
            pool_size=self.max_workers + SPARE_CONNECTIONS,
        )


@dataclass(frozen=True, slots=True)
class MigrationSettings:
    """What `stayplay migrate` needs for one service.

    Attributes:
        admin_url: of a role that may make databases and roles; empty when they are made already.
        owner_url: of the role that owns the tables.
        passwords: by role name, taken from the addresses that the service will use.
    """

    service: str
    admin_url: str = field(repr=False)
    owner_url: str = field(repr=False)
    passwords: Mapping[str, str] = field(repr=False)

    @classmethod
    def read(cls, service: str, env: Mapping[str, str] | None = None) -> "MigrationSettings":
        """Read them from ``env``, by default the process's environment.

        Raises:
            BadSetting: one is missing or wrong.
        """
        reader = _Reader(os.environ if env is None else env)
        kinds = ("owner", "app", "operator", *(("identity",) if service == "gateway" else ()))
        urls = {kind: reader.database(service, kind) for kind in kinds}
        return cls(
            service=service,
            admin_url=reader.text("POSTGRES_ADMIN_URL", _starts(*_POSTGRES), default=""),
            owner_url=urls["owner"],
            passwords={f"{service}_{kind}": unquote(urlsplit(url).password or "") for kind, url in urls.items()},
        )


@dataclass(frozen=True, slots=True)
class OperatorSettings:
    """What operators' commands need of one service's database: the role that sees outbox, inbox and boroughs, and no family."""

    service: str
    operator_database_url: str = field(repr=False)

    @classmethod
    def read(cls, service: str, env: Mapping[str, str] | None = None) -> "OperatorSettings":
        """Read them from ``env``, by default the process's environment.

        Raises:
            BadSetting: one is missing or wrong.
        """
        return cls(service, _Reader(os.environ if env is None else env).database(service, "operator"))

    def database(self) -> Database:
        """Return the database with that role alone."""
        return Database(self.operator_database_url, self.operator_database_url, service=f"{self.service} events", pool_size=1, operators=1)


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """What operators' commands need of one service's database to export or take in a borough: roles bound by row-level security."""

    service: str
    database_url: str = field(repr=False)
    identity_database_url: str = field(default="", repr=False)

    @classmethod
    def read(cls, service: str, env: Mapping[str, str] | None = None) -> "ArchiveSettings":
        """Read them from ``env``, by default the process's environment.

        Raises:
            BadSetting: one is missing or wrong.
        """
        reader = _Reader(os.environ if env is None else env)
        return cls(service, reader.database(service, "app"), reader.database(service, "identity") if service == "gateway" else "")


@dataclass(frozen=True, slots=True)
class AuditSettings:
    """What proves the audit trail of one service.

    Attributes:
        database_url: of the application's role, which reads one borough's trail at a time.
        operator_database_url: of the role that lists boroughs and heads.
        public_key: the service's, which its seals are held against.
    """

    service: str
    database_url: str = field(repr=False)
    operator_database_url: str = field(repr=False)
    public_key: str = field(repr=False)

    @classmethod
    def read(cls, service: str, env: Mapping[str, str] | None = None) -> "AuditSettings":
        """Read them from ``env``, by default the process's environment.

        Raises:
            BadSetting: one is missing or wrong.
        """
        reader = _Reader(os.environ if env is None else env)
        key = reader.text(f"{service.upper()}_PUBLIC_KEY", _public)
        return cls(service, reader.database(service, "app"), reader.database(service, "operator"), key)


def refuse(fault: BadSetting) -> NoReturn:
    """Say in one line what is wrong with a setting, and end the process with code 2."""
    sys.stderr.write(f"stayplay: {fault}\n")
    raise SystemExit(2)


class _Reader:
    """Reads settings one by one; every fault becomes a `BadSetting`."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = _GivenEnv(env)

    def text(self, name: str, rule: Callable[[str], Any], *, default: str | None = None) -> str:
        return str(self._read(self._env.str, name, rule, default))

    def port(self, name: str, *, default: int | None) -> int | None:
        value = self._read(self._env.int, name, validate.Range(1, 65535), -1 if default is None else default)
        return None if value == -1 else int(value)

    def whole(self, name: str, default: int, rule: Callable[[int], Any]) -> int:
        return int(self._read(self._env.int, name, rule, default))

    def seconds(self, name: str, default: float) -> float:
        return float(self._read(self._env.float, name, validate.Range(0.1, 3600), default))

    def delays(self, name: str, default: tuple[float, ...]) -> tuple[float, ...]:
        given = self.text(name, _delays, default=",".join(str(delay) for delay in default))
        return tuple(float(delay) for delay in given.split(","))

    def database(self, service: str, kind: str) -> str:
        """Return the address for a role: the setting, or one derived from the administrator's (on one's own machine)."""
        name = {"app": f"{service}_DATABASE_URL"}.get(kind, f"{service}_{kind}_DATABASE_URL").upper()
        admin = self.text("POSTGRES_ADMIN_URL", _starts(*_POSTGRES), default="")
        password = self.text(f"{service}_{kind}_PASSWORD".upper(), str, default="")
        derived = _as_role(admin, f"{service}_{kind}", password, f"stayplay_{service}") if admin else None
        return self.text(name, _starts(*_POSTGRES), default=derived)

    def _read(self, parser: Callable[..., Any], name: str, rule: Callable[[Any], Any], default: Any) -> Any:
        settings = {} if default is None else {"default": default}
        try:
            value = parser(name, validate=_unless_default(rule, default), **settings)
        except EnvError as fault:
            raise BadSetting(_said(name, fault)) from None
        except ValueError as fault:
            raise BadSetting(str(fault)) from None
        if value == "" and default is None:
            raise BadSetting(f"{name} is empty: it must be set")
        return value


class _GivenEnv(FileAwareEnv):
    """Environs on any mapping, so that one process can hold the settings of several services."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(strip_whitespace=True)
        self._given = given

    def _get_value(self, env_key: str, default: Any) -> Any:
        path = self._given.get(f"{env_key}_FILE")
        if not path:
            return self._given.get(env_key, default)
        try:
            with open(path, encoding="utf-8") as file:  # noqa: PTH123 - nothing to gain here
                return file.read().strip()
        except OSError:
            raise ValueError(f"{env_key}_FILE names a file that can't be read") from None


def _gateway(reader: _Reader) -> GatewaySettings:
    return GatewaySettings(
        host=reader.text("HOST", validate.Length(min=1), default="127.0.0.1"),
        port=reader.port("PORT", default=8000) or 8000,
        public_url=reader.text("PUBLIC_URL", _starts("http://", "https://")).rstrip("/"),
        operator_token=reader.text("OPERATOR_TOKEN", validate.Length(min=32, error="must have at least 32 characters")),
        proxies=reader.whole("PROXIES", 0, validate.Range(0, 9)),
        private_providers=reader.text("SIGN_ON_PRIVATE_ADDRESSES", validate.OneOf(["yes", "no"]), default="no") == "yes",
        mail_url=reader.text("MAIL_URL", _mail, default=""),
        leave_url=reader.text("LEAVE_URL", _starts("https://"), default=LEAVE_URL),
    )


def _unless_default(rule: Callable[[Any], Any], default: Any) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        if value != default:
            rule(value)

    return check


def _starts(*prefixes: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if not value.startswith(prefixes):
            raise ValidationError(f"must begin with {' or '.join(prefixes)}")

    return check


def _mail(value: str) -> None:
    """Let an address of a mail server pass that says from whom mails come, or the address of a folder."""
    try:
        parts = urlsplit(value)
        folder = parts.scheme == "file" and parts.path.startswith("/")
        server = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and "@" in parse_qs(parts.query).get("from", [""])[0]
        known = folder or (server and (parts.port is None or parts.port > 0))
    except ValueError:
        known = False
    if not known:
        raise ValidationError("must be smtp://user:password@host:port?from=ADDRESS, smtps://... or file:///folder")


def _private(value: str) -> None:
    try:
        signing.private_key(value)
    except signing.BadKey as fault:
        raise ValidationError(str(fault)) from None


def _public(value: str) -> None:
    try:
        signing.public_key(value)
    except signing.BadKey as fault:
        raise ValidationError(str(fault)) from None


def _delays(value: str) -> None:
    try:
        delays = [float(part) for part in value.split(",")]
    except ValueError:
        delays = [-1.0]
    if any(delay < 0 for delay in delays):
        raise ValidationError("must be seconds with commas between, for example 1,5,30")


def _said(name: str, fault: EnvError) -> str:
    """Return a fault in one line, without the value."""
    messages = getattr(fault, "error_messages", None)
    if messages is None:
        return f"{name} is not set"
    told = messages if isinstance(messages, list) else [str(messages)]
    return f"{name} {'; '.join(str(message).rstrip('.') for message in told)}"


def _as_role(admin_url: str, role: str, password: str, database: str) -> str:
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    secret = f":{quote(password, safe='')}" if password else ""
    return parts._replace(netloc=f"{role}{secret}@{host}", path=f"/{database}").geturl()
