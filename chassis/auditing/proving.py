"""What proves the chain of one borough whole, or says exactly which entry is not as it was."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chassis.auditing.canonical import Entry
from chassis.auditing.seals import Head, Seal
from chassis.signing import Verifier

SEALED_WITHIN = timedelta(hours=1)
"""What was written down longer than this before the newest entry must lie under a seal."""


@dataclass(slots=True)
class Proof:
    """What became of one chain.

    Attributes:
        entries, seals: how many there are.
        erased: entries whose reason and values were erased.
        unsealed: the newest entries, which no seal covers yet.
        faults: what is wrong, in the order of the chain, each in a sentence that names the entry by its number.
    """

    entries: int = 0
    seals: int = 0
    erased: int = 0
    unsealed: int = 0
    faults: list[str] = field(default_factory=list)


class Chain:
    """Proves one chain, entry by entry as they come: it holds no more of it than what is sealed."""

    def __init__(self, service: str, seals: Iterable[Seal], keys: list[Verifier], heads: Iterable[Head] = ()) -> None:
        """Say what the chain is held against.

        Args:
            service: whose trail it is.
            seals: those of the borough.
            keys: the service's public key, and those it had before.
            heads: ends of this chain that were kept elsewhere.
        """
        self._seals = sorted(seals, key=lambda seal: seal.head.number)
        before = ["", *(seal.signature for seal in self._seals)]
        genuine = (seal for seal, after in zip(self._seals, before, strict=False) if seal.is_genuine(service, keys, after=after))
        self._genuine = {seal.head.number: seal for seal in genuine}
        self._heads = {head.number: head for head in heads}
        self._proof = Proof(seals=len(self._seals))
        self._last: Entry | None = None
        self._oldest_unsealed: datetime | None = None

    def prove(self, entries: Iterable[Entry]) -> Proof:
        """Return what became of the chain whose ``entries`` come in the order of their numbers."""
        found = self._proof
        found.faults += [
            f"the seal on entry {seal.head.number} is forged, or one before it was removed: the service never signed it after that one"
            for seal in self._seals
            if seal.head.number not in self._genuine
        ]
        for entry in entries:
            found.faults += self._faults_of(entry)
            found.entries += 1
            found.erased += entry.is_erased
            self._last = entry
        found.faults += self._faults_of_end()
        return found

    def _faults_of(self, entry: Entry) -> Iterator[str]:
        before = self._last
        expected = before.number + 1 if before else 1
        if entry.number != expected:
            yield _gap(expected, entry.number)
        elif entry.hash_after(before.hash if before else b"") != entry.hash:
            yield f"entry {entry.number} was edited, put there or moved: it does not have the hash of what it says"
        if not entry.details_hold:
            yield f"entry {entry.number}: its reason or its values were edited"
        yield from self._held_against_kept(entry)
        if entry.number > max(self._genuine, default=0) and self._oldest_unsealed is None:
            self._oldest_unsealed = entry.recorded_at

    def _held_against_kept(self, entry: Entry) -> Iterator[str]:
        seal, head = self._genuine.get(entry.number), self._heads.get(entry.number)
        if seal and seal.head.hash != entry.hash:
            yield f"entry {entry.number} is not the one that was sealed on {seal.at:%Y-%m-%d at %H:%M} UTC: the chain was made anew"
        if head and head.hash != entry.hash:
            yield f"entry {entry.number} is not the one that was kept elsewhere: the chain was made anew"

    def _faults_of_end(self) -> Iterator[str]:
        last = self._last.number if self._last else 0
        sealed, kept = max(self._genuine, default=0), max(self._heads, default=0)
        if sealed > last:
            yield f"{_some(last + 1, sealed)} removed from the end: entry {sealed} was sealed"
        if kept > max(last, sealed):
            yield f"{_some(max(last, sealed) + 1, kept)} removed from the end: the end was kept elsewhere"
        self._proof.unsealed = max(0, last - sealed)
        if self._last and self._oldest_unsealed and self._last.recorded_at - self._oldest_unsealed > SEALED_WITHIN:
            yield (
                f"{_some(sealed + 1, last)} never sealed, though the oldest of them is of {self._oldest_unsealed:%Y-%m-%d at %H:%M} UTC: "
                "either no process of the service ran its timers, or seals were removed"
            )


def _gap(expected: int, found: int) -> str:
    if found < expected:
        return f"entry {found} is there twice"
    return f"{_some(expected, found - 1)} removed"


def _some(first: int, last: int) -> str:
    return f"entry {first} was" if first == last else f"entries {first} to {last} were"
