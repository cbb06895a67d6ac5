"""How soon the embedded platform is ready at its second start, and how much memory all of it takes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from tests.support.ports import free_port

MEGABYTE = 1024 * 1024


def measured(folder: Path) -> dict[str, float]:
    """Return seconds until ready at the second start, and megabytes (proportional set size) of all processes together."""
    with _running(folder):
        pass
    with _running(folder) as (process, seconds):
        time.sleep(1)
        return {"ready_s": round(seconds, 2), "pss_mb": round(_memory(process.pid, _postmaster(folder)), 1)}


@contextmanager
def _running(folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", float]]:
    port, started = free_port(), time.monotonic()
    env = {**os.environ, "PORT": str(port), "STAYPLAY_HOME": str(folder)}
    process = subprocess.Popen([sys.executable, "-m", "stayplay", "run"], env=env, stdout=subprocess.DEVNULL)
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > started + 120:
                raise RuntimeError("the embedded platform did not start")
            time.sleep(0.02)
        yield process, time.monotonic() - started
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _postmaster(folder: Path) -> int:
    """Return the process id of the PostgreSQL, which is nobody's child."""
    return int(next(folder.rglob("postmaster.pid")).read_text().split()[0])


def _memory(*pids: int) -> float:
    every = {each for pid in pids for each in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))}
    return float(sum(process.memory_full_info().pss for process in every)) / MEGABYTE
