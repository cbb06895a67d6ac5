"""What the document says that each operation may answer, held against what it did answer."""

import json
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jsonschema_rs import Draft202012Validator

if TYPE_CHECKING:
    from tests.support.isolation.answers import Answer


class Described:
    """Keeps every answer that the document does not describe.

    Attributes:
        undescribed: what was answered otherwise, each once.
        answers: how many answers were held against it, by status.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.undescribed: set[str] = set()
        self.answers: Counter[int] = Counter()
        self._paths, self._components = document["paths"], document["components"]
        self._validators: dict[str, Draft202012Validator] = {}

    def hold(self, method: str, address: str, answer: "Answer") -> None:
        """Hold one answer against the document."""
        self.answers[answer.status] += 1
        fault = self._fault(method, address, answer)
        if fault:
            self.undescribed.add(f"{method} {address}: {answer.status} {fault}")

    def _fault(self, method: str, address: str, answer: "Answer") -> str:
        response = self._paths[address][method.lower()]["responses"].get(str(answer.status))
        if response is None:
            return f"is not described: {answer.body[:200]}"
        content = self._named(response).get("content", {})
        if not content:
            return "has a body, and should have none" if answer.body else ""
        sent = dict(answer.headers).get("content-type", "").partition(";")[0]
        if sent not in content:
            return f"is {sent}"
        try:
            body = json.loads(answer.body)
        except ValueError:
            return "is no JSON"
        wrong = next(iter(self._validator(content[sent]["schema"]).iter_errors(body)), None)
        return f"{list(wrong.instance_path)}: {wrong.message[:200]}" if wrong else ""

    def _named(self, part: Mapping[str, Any]) -> Mapping[str, Any]:
        pointer = part.get("$ref")
        return self._components["responses"][pointer.rsplit("/", 1)[1]] if pointer else part

    def _validator(self, schema: Mapping[str, Any]) -> Draft202012Validator:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            self._validators[key] = Draft202012Validator({**schema, "components": self._components})
        return self._validators[key]


def well(answers: Counter[int]) -> int:
    """Return how many answers say that all went well."""
    return sum(count for status, count in answers.items() if status < HTTPStatus.MULTIPLE_CHOICES)
