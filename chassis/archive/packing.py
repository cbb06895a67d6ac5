"""Writing an archive: a file is finished when it has its name, and readable by its owner only."""

import csv
import fcntl
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from chassis.archive import manifest

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Packer:
    """Writes the files of an archive one after the other, and remembers what each is.

    Attributes:
        files: what was written, as the manifest is to say it.
    """

    def __init__(self, package: ZipFile) -> None:
        self._package = package
        self.files: list[dict[str, Any]] = []

    def add(self, place: str, columns: Sequence[str], lines: Callable[[], Iterable[str]]) -> int:
        """Write rows as ``place``.jsonl and ``place``.csv; return how many there are.

        Args:
            place: service and table, ``referrals/families``.
            columns: of the CSV file, in their order.
            lines: yields each row as a line of JSON; called once for each of the two files.
        """
        rows = self._write(f"{place}.jsonl", (f"{line}\n" for line in lines()))
        self._write(f"{place}.csv", _as_csv(columns, lines()), headings=1)
        return rows

    def _write(self, path: str, parts: Iterable[str], headings: int = 0) -> int:
        digest, size, count = sha256(), 0, -headings
        with self._package.open(path, "w", force_zip64=True) as out:
            for part in parts:
                raw = part.encode()
                out.write(raw)
                digest.update(raw)
                size += len(raw)
                count += 1
        self.files.append({"path": path, "rows": count, "size": size, "sha256": digest.hexdigest()})
        return count

    def finish(self, **said: Any) -> str:
        """Write the manifest; return its checksum."""
        raw = manifest.written({"format": manifest.FORMAT, "files": self.files, **said})
        self._package.writestr(manifest.NAME, raw)
        return manifest.checksum(raw)


@contextmanager
def packing(file: Path) -> Iterator[Packer]:
    """Write an archive for the length of a ``with`` block; whatever fails in it leaves no file behind.

    What an export that was cut short left of itself is written over.

    Raises:
        FileExistsError: there is a file of that name already, or another export writes it now.
    """
    if file.exists():
        raise FileExistsError(f"{file} is there already: choose another name")
    unfinished = file.with_name(f"{file.name}.unfinished")
    with _alone_at(unfinished) as out:
        try:
            with ZipFile(out, "w", ZIP_DEFLATED, allowZip64=True) as package:
                yield Packer(package)
            out.flush()
            os.fsync(out.fileno())
            unfinished.rename(file)  # before it is closed: until then nobody else may write it
        finally:
            with suppress(FileNotFoundError):
                unfinished.unlink()


@contextmanager
def _alone_at(unfinished: Path) -> Iterator[IO[bytes]]:
    """Open a file that only its owner reads, empty, and let nobody else write it for the length of a ``with`` block.

    Raises:
        FileExistsError: somebody else writes it now.
    """
    with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "w+b") as out:
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(out.fileno()), unfinished.stat()):
                raise BlockingIOError
        except (BlockingIOError, FileNotFoundError):
            raise FileExistsError(f"{unfinished} is being written by another export: wait for that") from None
        os.fchmod(out.fileno(), 0o600)
        out.truncate(0)
        yield out


def _as_csv(columns: Sequence[str], lines: Iterable[str]) -> Iterator[str]:
    """Yield the heading, then each row as people open it in a spreadsheet."""
    yield _csv_line(columns)
    for line in lines:
        row = json.loads(line, parse_float=Decimal)
        yield _csv_line([_cell(row.get(column)) for column in columns])


def _csv_line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def _cell(value: Any) -> str:
    """Return a value as a cell.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; JSON lines have it as it is.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_STARTS_A_FORMULA) else value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
