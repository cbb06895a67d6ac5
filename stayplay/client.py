"""A client of the public HTTP interface, for the commands that drive it as anyone else would."""

import ssl
import time
import weakref
from datetime import datetime
from functools import cache
from typing import Any, Literal
from uuid import uuid4

import httpx

_PASSING = {502, 503, 504}
"""Statuses that say: nothing was lost, ask again with the same key."""


class Refused(Exception):
    """The platform answered with an error.

    Attributes:
        status: HTTP status.
        problem: the problem+json document, or an empty dict.
    """

    def __init__(self, method: str, path: str, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.problem = _json(answer)
        detail = self.problem.get("detail") or answer.reason_phrase
        faults = self.problem.get("faults")
        super().__init__(f"{method} {path}: {self.status} {detail}{f' {faults}' if faults else ''}")


def _json(answer: httpx.Response) -> dict[str, Any]:
    if "json" not in answer.headers.get("content-type", ""):
        return {}
    document = answer.json()
    return document if isinstance(document, dict) else {}


@cache
def trusted(ca_file: str = "") -> ssl.SSLContext:
    """Return what believes the authorities of a file, or the usual ones; read once, for that takes a while and clients are many."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else httpx.create_ssl_context()


class Client:
    """Speaks JSON with one platform, as one signed-in person or as the operator.

    Attributes:
        at: the moment that calls are dated at; only a practice borough takes one.
        patience: seconds for which a call is repeated while the platform, or a part of it, is away.
    """

    def __init__(self, url: str, *, token: str = "", verify: str | Literal[True] = True, timeout: float = 30, patience: float = 0) -> None:
        self.url, self.verify, self.timeout, self.patience = url.rstrip("/"), verify, timeout, patience
        self.at: datetime | None = None
        self.token = token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=self.url, headers=headers, verify=trusted("" if verify is True else verify), timeout=timeout)
        weakref.finalize(self, self._http.close)  # many are made on the way, one a person; none is closed by hand

    def signed_in(self, email: str, password: str) -> "Client":
        """Return a client that is signed in as this person."""
        answer = self.post("/api/v1/session", {"email": email, "password": password})
        return self.with_token(answer["token"])

    def with_token(self, token: str) -> "Client":
        """Return a client of the same platform with another token; an empty one for nobody's."""
        return Client(self.url, token=token, verify=self.verify, timeout=self.timeout, patience=self.patience)

    def get(self, path: str, **query: object) -> dict[str, Any]:
        """Return what is at ``path``.

        Raises:
            Refused: the platform answered with an error.
        """
        return self._send("GET", path, params={name: str(value) for name, value in query.items() if value is not None})

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> dict[str, Any]:
        """Change something; a repeat with the same ``key`` changes nothing more."""
        return self._send("POST", path, json=body or {}, headers={"Idempotency-Key": key or str(uuid4())})

    def delete(self, path: str) -> dict[str, Any]:
        """Take something away."""
        return self._send("DELETE", path)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _send(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        if self.at:
            request["headers"] = {**request.get("headers", {}), "Stay-Play-At": self.at.isoformat()}
        answer = self._patiently(method, path, request)
        if answer.is_error:
            raise Refused(method, path, answer)
        return _json(answer)

    def _patiently(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response:
        end = time.monotonic() + self.patience
        while True:
            try:
                answer = self._http.request(method, path, **request)
            except httpx.TransportError:
                if time.monotonic() > end:
                    raise
            else:
                if answer.status_code not in _PASSING or time.monotonic() > end:
                    return answer
            time.sleep(0.2)
