"""Reading an archive that came from outside: nothing in it is believed before it was held against the manifest.

Nothing is ever unpacked to a disk. Names are compared, never opened; sizes are counted while they come, not taken from
what the file says of itself.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipFile

from chassis.archive import manifest
from chassis.archive.manifest import BadArchive

LONGEST_LINE: Final = 16_000_000
"""Bytes that one row may have."""
MOST_TO_ONE: Final = 400
"""How many times larger than the file its contents may be: JSON lines shrink to a tenth, bombs to a thousandth."""
_CHUNK: Final = 1 << 20
_UNREADABLE: Final = (BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError)
"""What zipfile raises for a damaged part: RuntimeError where it is encrypted, NotImplementedError where it can't unpack that kind."""


class Archive:
    """An archive whose manifest was read.

    Attributes:
        manifest: what it says of itself.
        checksum: SHA-256 of the manifest.
    """

    def __init__(self, package: ZipFile, size: int) -> None:
        self._package = package
        self._size = size
        raw = self._manifest()
        self.manifest: dict[str, Any] = manifest.read(raw)
        self.checksum = manifest.checksum(raw)
        self._files = {file["path"]: file for file in self.manifest["files"]}
        self._check_names()

    def verify(self) -> None:
        """Read every file and hold it against the manifest.

        Raises:
            BadArchive: one was changed, or is another size.
        """
        for path, said in self._files.items():
            digest, size = sha256(), 0
            with self._opened(path) as came:
                while chunk := self._read(came, said["size"] - size, path):
                    digest.update(chunk)
                    size += len(chunk)
            if size != said["size"] or digest.hexdigest() != said["sha256"]:
                raise BadArchive(f"{path} is not as it left: its checksum differs")

    def rows(self, path: str) -> int:
        """Return how many rows a file is said to have; 0 for one that is not there."""
        said = self._files.get(path)
        return int(said["rows"]) if said else 0

    def has(self, path: str) -> bool:
        """Tell whether there is such a file."""
        return path in self._files

    def lines(self, path: str) -> Iterator[str]:
        """Yield the lines of a file, held against its checksum once more: a file may change between two looks.

        Raises:
            BadArchive: it was changed, or has another number of lines.
        """
        said, digest, count, size = self._files[path], sha256(), 0, 0
        with self._opened(path) as came:
            while line := came.readline(LONGEST_LINE):
                digest.update(line)
                size, count = size + len(line), count + 1
                if size > said["size"] or not line.endswith(b"\n"):
                    raise BadArchive(f"{path} is not as it left: it has more in it, or is cut off")
                yield _decoded(line, path)
        if digest.hexdigest() != said["sha256"] or count != said["rows"]:
            raise BadArchive(f"{path} is not as it left: its checksum or its number of rows differs")

    def _manifest(self) -> bytes:
        try:
            with self._package.open(manifest.NAME) as came:
                raw = came.read(manifest.LARGEST + 1)
        except (KeyError, *_UNREADABLE):
            raise BadArchive("it has no manifest that can be read") from None
        if len(raw) > manifest.LARGEST:
            raise BadArchive("its manifest is too large")
        return raw

    def _check_names(self) -> None:
        """Let only those files be there that the manifest names, each once.

        Raises:
            BadArchive: there is another, one is missing, or together they are too large to be true.
        """
        there = [entry.filename for entry in self._package.infolist()]
        if len(self._files) != len(self.manifest["files"]) or sorted(there) != sorted([manifest.NAME, *self._files]):
            raise BadArchive("it holds other files than its manifest says")
        if sum(file["size"] for file in self._files.values()) > MOST_TO_ONE * self._size:
            raise BadArchive("it says that it holds more than it can")

    @contextmanager
    def _opened(self, path: str) -> Iterator[IO[bytes]]:
        try:
            with self._package.open(path) as came:
                yield came
        except _UNREADABLE as fault:
            raise BadArchive(f"{path} can't be read") from fault

    def _read(self, came: IO[bytes], at_most: int, path: str) -> bytes:
        chunk = came.read(min(_CHUNK, at_most + 1))
        if len(chunk) > at_most:
            raise BadArchive(f"{path} is not as it left: it has more in it")
        return chunk


@contextmanager
def unpacking(file: Path) -> Iterator[Archive]:
    """Read an archive for the length of a ``with`` block.

    Raises:
        BadArchive: it is none.
    """
    try:
        package = ZipFile(file)
    except (BadZipFile, OSError, EOFError, ValueError, NotImplementedError):
        raise BadArchive("it can't be read as an archive") from None
    with package:
        yield Archive(package, file.stat().st_size)


def _decoded(line: bytes, path: str) -> str:
    try:
        return line.decode("utf-8").removesuffix("\n")
    except UnicodeDecodeError:
        raise BadArchive(f"{path} is not in UTF-8") from None
