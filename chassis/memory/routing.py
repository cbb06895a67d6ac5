"""Which queues a message goes to."""

import re
from dataclasses import dataclass, field
from functools import lru_cache


@lru_cache(maxsize=4096)
def _pattern(binding: str) -> re.Pattern[str]:
    """Return the pattern of a topic binding: ``*`` is one word, ``#`` any number of them."""
    words = (r"(?:\.[^.]*)*" if word == "#" else r"\.[^.]+" if word == "*" else rf"\.{re.escape(word)}" for word in binding.split("."))
    return re.compile("".join(words) + r"\Z")


@dataclass(slots=True)
class Exchange:
    """A direct, topic or fanout exchange with its bindings: pairs of routing key and queue."""

    kind: str = "direct"
    bindings: set[tuple[str, str]] = field(default_factory=set)

    def takers(self, routing_key: str) -> set[str]:
        """Return the names of the queues that a message with this key goes to."""
        return {queue for key, queue in self.bindings if self._matches(key, routing_key)}

    def _matches(self, binding: str, routing_key: str) -> bool:
        if self.kind == "topic":
            return _pattern(binding).match(f".{routing_key}") is not None
        return self.kind == "fanout" or binding == routing_key
