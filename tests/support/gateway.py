"""The gateway inside the test's process: the real application on a real database, without a socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient

from chassis.broker import Address
from chassis.database import Database
from chassis.rpc import RpcClient
from chassis.settings import Settings
from gateway.app import create_app
from gateway.runtime import Runtime
from tests.support import factors
from tests.support.boroughs import described
from tests.support.installation import Templates, installation

PASSWORD = "three quiet words"
DATABASES = ("GATEWAY_DATABASE_URL", "GATEWAY_OPERATOR_DATABASE_URL", "GATEWAY_IDENTITY_DATABASE_URL")


@dataclass
class Gateway:
    """A gateway at work.

    Attributes:
        database: the gateway's, for tests that look behind the interface.
        app: the application.
    """

    settings: Settings
    database: Database
    app: Flask

    @property
    def operator(self) -> "Someone":
        """An operator."""
        assert self.settings.gateway is not None
        return Someone(self.app.test_client(), self.settings.gateway.operator_token)

    @property
    def anyone(self) -> "Someone":
        """Somebody who is not signed in."""
        return Someone(self.app.test_client())

    def onboard(self, **changed: Any) -> "Borough":
        """Return a new practice borough, or another with ``practice=False``."""
        made = self.operator.post("/api/v1/operator/boroughs", described(**changed)).json
        assert "id" in made, made
        return Borough(self, made["id"], made["slug"], made)


@dataclass
class Someone:
    """Somebody who uses the API, with a token or without."""

    http: FlaskClient
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **query: Any) -> Any:
        """Read."""
        return self.http.get(path, query_string=query, headers=self._all())

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """Change something, with a key of its own unless one is given; an empty key sends none."""
        key = str(uuid4()) if key is None else key
        headers = {**self._all(), **({"Idempotency-Key": key} if key else {})}
        return self.http.post(path, json={} if body is None else body, headers=headers)

    def send(self, path: str, raw: bytes, content_type: str = "application/json") -> Any:
        """Post bytes as they are."""
        return self.http.post(path, data=raw, content_type=content_type, headers={**self._all(), "Idempotency-Key": str(uuid4())})

    def delete(self, path: str) -> Any:
        """Take away."""
        return self.http.delete(path, headers=self._all())

    def _all(self) -> dict[str, str]:
        return {**self.headers, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}


@dataclass
class Borough:
    """A borough and its people.

    Attributes:
        phones: by mail address, the authenticator apps of those who needed one.
    """

    gateway: Gateway
    id: str
    slug: str
    answer: dict[str, Any]
    phones: dict[str, factors.Phone] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The path that its addresses begin with."""
        return f"/api/v1/{self.slug}"

    def administrator(self) -> Someone:
        """Return the administrator, signed in; the first time the invitation is accepted."""
        return self.join(self.answer["invitation"])

    def invite(self, administrator: Someone, name: str, roles: list[str], agency_kind: str | None = None) -> dict[str, Any]:
        """Return a new invitation."""
        agencies = {agency["kind"]: agency["id"] for agency in administrator.get(f"{self.base}/agencies").json["items"]}
        email = f"{name.split(maxsplit=1)[0].lower()}.{uuid4().hex[:6]}@{self.slug}.example"
        body = {"name": name, "email": email, "roles": roles, "agency_id": agencies.get(agency_kind)}
        answer: dict[str, Any] = administrator.post(f"{self.base}/invitations", body).json
        assert "token" in answer, answer
        return answer

    def join(self, invitation: dict[str, Any], password: str = PASSWORD) -> Someone:
        """Accept an invitation, and sign in."""
        self.gateway.anyone.post(f"/api/v1/invitations/{invitation['token']}", {"password": password})
        return self.sign_in(invitation["email"], password)

    def sign_in(self, email: str, password: str = PASSWORD, *, prove: bool = True) -> Someone:
        """Sign in; where a second factor is needed, set it up or prove it, unless ``prove`` says not to."""
        answer = self.gateway.anyone.post("/api/v1/session", {"email": email, "password": password})
        assert answer.status_code == 201, answer.json
        someone = Someone(self.gateway.app.test_client(), answer.json["token"])
        if prove and answer.json["second_factor"] == "set_up":
            self.phones[email] = factors.enrol(someone)
        elif prove and answer.json["second_factor"] == "prove":
            factors.prove(someone, self.phones[email])
        return someone


def application(**changed: str) -> Flask:
    """Return the application with nothing behind it: what needs neither database nor services can be asked."""
    nowhere = dict.fromkeys(DATABASES, "postgresql://nobody@127.0.0.1:1/nothing")
    settings = installation(nowhere, f"inprocess://{uuid4().hex}").settings("gateway", **changed)
    return create_app(Runtime.of(settings, settings.database(), RpcClient(Address(settings.amqp_uri))))


@contextmanager
def gateway_at_work(templates: Templates, amqp_uri: str, **changed: str) -> Iterator[Gateway]:
    """Run a gateway on a fresh database for the length of a ``with`` block; its calls go to ``amqp_uri``."""
    urls = templates.fresh("gateway")
    settings = installation(urls, amqp_uri).settings("gateway", **changed)
    database = settings.database()
    client = RpcClient(Address(amqp_uri), timeout=settings.rpc_timeout_seconds)
    client.open(5)
    yield Gateway(settings, database, create_app(Runtime.of(settings, database, client)))
    client.close()
    database.close()
    templates.drop(urls)
