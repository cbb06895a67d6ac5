"""What came back, what of it could tell one from another, and what of it belongs to somebody else."""

import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import httpx

from tests.support.isolation.described import Described
from tests.support.isolation.requests import Operation, Request
from tests.support.isolation.rows import UUID

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(\+00:00|Z)?")
_ONCE = re.compile(r"(nonce[=-][\"']?)[\w-]+")
_SEAL = re.compile(r"\b\d{10}\.[0-9a-f]{32}\b")
"""When a form that anybody can open was opened: `gateway.people.seals`."""
_PASSING = {"date", "x-correlation-id", "content-length"}
"""Headers that differ from answer to answer; the length is held against the body that is compared."""


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        seconds: until it was there.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    seconds: float = field(default=0, compare=False)

    def like(self, known: frozenset[str], sent: str = "") -> "Answer":
        """Return what could tell it from another: without moments, numbers used once, and ids that were made for it.

        Args:
            known: identifiers that the asker has; others are new.
            sent: what was asked for.
        """

        def told(text: str) -> str:
            shown = text.replace(sent, "SENT").replace(sent[-8:], "SENT") if sent else text
            text = _SEAL.sub("MOMENT", _ONCE.sub(r"\1N", _MOMENT.sub("MOMENT", shown)))
            return UUID.sub(lambda found: found[0] if found[0] in known else "NEW", text)

        headers = tuple(sorted((name, told(value)) for name, value in self.headers if name not in _PASSING))
        return Answer(self.status, headers, told(self.body))

    @property
    def made(self) -> bool:
        """Whether a change was made."""
        return self.status < HTTPStatus.MULTIPLE_CHOICES

    def shape(self) -> "Answer":
        """Return which fields there are, whatever they say: what a change that was made twice has in common."""
        try:
            document = json.loads(self.body)
        except ValueError:
            return Answer(self.status, (), "")
        return Answer(self.status, tuple(sorted((name, "") for name, _ in self.headers)), " ".join(sorted(set(_paths(document)))))

    def leaks(self, secrets: Iterable[str], ids: frozenset[str]) -> set[str]:
        """Return which of these words and identifiers stand in it."""
        text = f"{self.body} {self.headers}"
        return {one for one in secrets if one in text} | (set(UUID.findall(text)) & ids)


def _paths(value: Any, path: str = "") -> Iterable[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _paths(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, f"{path}[]")
    else:
        yield path


class Asker:
    """Somebody who sends requests with one session, or with none.

    Args:
        url: where the platform answers.
        token: of the session, or empty.
        slug: of the borough that is asked.
        described: is told of each answer of an operation.
    """

    def __init__(self, url: str, token: str, slug: str, described: Described | None = None) -> None:
        self.token, self.slug, self.described = token, slug, described
        self.http = httpx.Client(base_url=url, timeout=60, headers={"Authorization": f"Bearer {token}"} if token else {})

    def ask(self, operation: Operation, request: Request, *, key: str = "") -> Answer:
        """Send a request; a change gets a key of its own unless one is given."""
        address = operation.address.format(**request.path)
        headers = {"Idempotency-Key": key or uuid4().hex} if operation.needs_key else {}
        query: Mapping[str, Any] = {name: value for name, value in request.query.items() if value is not None}
        answer = self.send(operation.method, address, params=query, json=request.body, headers=headers)
        if self.described:
            self.described.hold(operation.method, operation.address, answer)
        return answer

    def send(self, method: str, address: str, **more: Any) -> Answer:
        """Send anything."""
        if more.get("json") is None:
            more.pop("json", None)
        started = time.perf_counter()
        answer = self.http.request(method, address, **more)
        seconds = time.perf_counter() - started
        return Answer(
            answer.status_code, tuple((name.lower(), value) for name, value in answer.headers.multi_items()), answer.text, seconds
        )

    def close(self) -> None:
        """Close the connection."""
        self.http.close()
