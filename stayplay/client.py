"""A client of the public HTTP interface, for the commands that drive it as anyone else would."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx


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


class Client:
    """Speaks JSON with one platform, as one signed-in person or as the operator.

    Attributes:
        at: the moment that calls are dated at; only a practice borough takes one.
    """

    def __init__(self, url: str, *, token: str = "", verify: str | bool = True, timeout: float = 30) -> None:
        self.url, self.verify, self.timeout = url.rstrip("/"), verify, timeout
        self.at: datetime | None = None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=self.url, headers=headers, verify=verify, timeout=timeout)

    def signed_in(self, email: str, password: str) -> "Client":
        """Return a client that is signed in as this person."""
        answer = self.post("/api/v1/session", {"email": email, "password": password})
        return Client(self.url, token=answer["token"], verify=self.verify, timeout=self.timeout)

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
        answer = self._http.request(method, path, **request)
        if answer.is_error:
            raise Refused(method, path, answer)
        return _json(answer)
