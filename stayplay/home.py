"""Where the embedded platform keeps what is its own: data, secrets, and a lock against a second one."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from chassis.keys import fresh_secrets


class InUse(Exception):
    """Another process runs the platform from the same folder."""


class Home:
    """One folder, `.stayplay` unless STAYPLAY_HOME says otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @property
    def postgres(self) -> Path:
        """Where the databases are."""
        return self.folder / "postgres"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder where it is missing, and hold it for the length of a ``with`` block.

        Raises:
            InUse: another process holds it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                said = f"Stay & Play runs already from {self.folder}: stop it first, or choose another folder with STAYPLAY_HOME"
                raise InUse(said) from None
            yield

    def secrets(self) -> dict[str, str]:
        """Return keys and passwords: made once, readable by their owner only."""
        file = self.folder / "secrets.env"
        if not file.exists():
            _write_privately(file, fresh_secrets())
        lines = file.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def is_noted(self, name: str, what: str) -> bool:
        """Tell whether ``what`` was noted under ``name``, at this start or an earlier one."""
        note = self.folder / name
        return note.exists() and note.read_text(encoding="utf-8") == what

    def note(self, name: str, what: str) -> None:
        """Note ``what`` under ``name``, for later starts."""
        (self.folder / name).write_text(what, encoding="utf-8")


def fingerprint(files: Iterable[Path]) -> str:
    """Return what changes whenever a name or the content of one of these files does."""
    digest = sha256()
    for file in sorted(files):
        digest.update(f"{file.name}\n".encode() + sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _write_privately(file: Path, secrets: dict[str, str]) -> None:
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.writelines(f"{name}={value}\n" for name, value in sorted(secrets.items()))
    fresh.replace(file)
