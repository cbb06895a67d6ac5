"""The whole platform as operators run it: one process a service, on a real broker and a real database."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from tests.support.ports import free_port

ROLES = ("referrals", "assessments", "sessions", "outreach", "gateway")


class Platform:
    """Five processes of `stayplay serve`, which tests may kill and start again.

    Attributes:
        url: where the gateway answers.
        operator_token: what an operator signs requests with.
        env: the environment of its processes.
        logs: folder with one log file a role.
    """

    def __init__(self, folder: Path, postgres_url: str, amqp_uri: str) -> None:
        self.logs = folder
        self._ports = {role: free_port() for role in ROLES}
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.env = {
            **os.environ,
            **self._secrets(),
            "AMQP_URI": amqp_uri,
            "POSTGRES_ADMIN_URL": postgres_url,
            "PORT": str(port),
            "PUBLIC_URL": self.url,
            "LOG_FORMAT": "json",
        }
        self.operator_token = self.env["OPERATOR_TOKEN"]
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def _secrets(self) -> dict[str, str]:
        text = subprocess.run([sys.executable, "-m", "stayplay", "keys"], check=True, capture_output=True, text=True).stdout
        return dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))

    def migrate(self) -> None:
        """Create the databases, roles and tables."""
        subprocess.run([sys.executable, "-m", "stayplay", "migrate"], check=True, env=self.env)

    def start(self, *roles: str) -> None:
        """Start these roles, all by default, and wait until each is ready; ``referrals 2`` is a second process of referrals."""
        for role in roles or ROLES:
            port = self._ports.setdefault(role, free_port())
            with (self.logs / f"{role}.log").open("ab") as log:
                self._processes[role] = subprocess.Popen(
                    [sys.executable, "-m", "stayplay", "serve", role.partition(" ")[0]],
                    env={**self.env, "HEALTH_PORT": str(port)},
                    stdout=log,
                    stderr=log,
                )
        try:
            for role in roles or ROLES:
                self._wait_until_ready(role)
        except RuntimeError:
            self.stop()
            raise

    def kill(self, role: str) -> None:
        """End a role as a power cut would."""
        self._processes[role].send_signal(signal.SIGKILL)
        self._processes[role].wait(10)

    def stop(self) -> dict[str, int]:
        """Stop every role as an orchestrator would; return each exit code."""
        for process in self._processes.values():
            process.terminate()
        return {role: process.wait(40) for role, process in self._processes.items()}

    def pid(self, role: str) -> int:
        """Return the process id of a role."""
        return self._processes[role].pid

    def health_port(self, role: str) -> int:
        """Return the port of a role's health and metrics."""
        return self._ports[role]

    def memory(self) -> dict[str, int]:
        """Return each role's resident memory in bytes."""
        return {role: _resident(process.pid) for role, process in self._processes.items()}

    def _wait_until_ready(self, role: str) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self._processes[role].poll() is not None:
                break
            if _ready(self._ports[role]):
                return
            time.sleep(0.1)
        tail = (self.logs / f"{role}.log").read_text()[-2000:]
        raise RuntimeError(f"{role} did not become ready:\n{tail}")


def _ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
