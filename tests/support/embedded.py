"""The embedded platform, run as a person runs it on a laptop."""

import os
import subprocess
import sys
import time
from pathlib import Path
from signal import SIGABRT
from urllib.request import urlopen

from tests.support.ports import free_port

START_SECONDS = 60
FILL_SECONDS = 200


class Embedded:
    """`stayplay run` in a process of its own.

    Attributes:
        url: where it answers.
        home: where its data is.
    """

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self._port = free_port()
        self.url = f"http://localhost:{self._port}"
        self._command = [sys.executable, "-m", "stayplay", "run", *options]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until its pages answer."""
        self._process = self._begin()
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the embedded platform did not start:\n{self.log()[-2000:]}")
            time.sleep(0.1)

    def refused(self) -> str:
        """Start it where it can't run; return what it says and check that it ends in failure."""
        done = subprocess.run(self._command, env=self._env(), check=False, capture_output=True, text=True, timeout=START_SECONDS)
        assert done.returncode == 1
        return done.stderr

    def stop(self) -> int:
        """Press Ctrl-C; return the exit code."""
        return self._end("-INT")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end("-KILL")

    def log(self) -> str:
        """Return what it printed."""
        return (self.home / "output").read_text()

    def wait_for_log(self, words: str, *, times: int = 1) -> None:
        """Wait until it has printed ``words`` so many times."""
        end = time.monotonic() + FILL_SECONDS
        while self.log().count(words) < times:
            if time.monotonic() > end:
                raise RuntimeError(f"the embedded platform did not say {words!r}:\n{self.log()[-2000:]}")
            time.sleep(0.2)

    def operator_token(self) -> str:
        """Return what its operator signs requests with."""
        lines = (self.home / "secrets.env").read_text().splitlines()
        return next(line.partition("=")[2] for line in lines if line.startswith("OPERATOR_TOKEN="))

    def _begin(self) -> subprocess.Popen[str]:
        self.home.mkdir(exist_ok=True)
        with (self.home / "output").open("a") as output:
            return subprocess.Popen(self._command, env=self._env(), stdout=output, stderr=output, text=True, start_new_session=True)

    def _env(self) -> dict[str, str]:
        return {**os.environ, "PYTHONFAULTHANDLER": "1", "PORT": str(self._port), "STAYPLAY_HOME": str(self.home)}

    def _end(self, signal: str) -> int:
        if self._process is None:
            return 0
        process, self._process = self._process, None
        subprocess.run(["kill", signal, "--", f"-{process.pid}"], check=False, capture_output=True)
        try:
            return process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            process.send_signal(SIGABRT)  # faulthandler writes where it stands
            process.wait(START_SECONDS)
            raise RuntimeError(f"the embedded platform did not stop:\n{self.log()[-4000:]}") from None

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/sign-in", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
