"""A real RabbitMQ for tests: the one at AMQP_URI, else one on this machine, else a private node.

Each test module gets a virtual host of its own, so that no queue of another is in its way.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

from tests.support.debian import program
from tests.support.ports import free_port

HERE = "amqp://guest:guest@127.0.0.1:5672/"
SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"
START_SECONDS = 60


class Management:
    """RabbitMQ's management interface: virtual hosts, users and what they may do."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url_with_password = url
        self.url = f"{parts.scheme}://{parts.hostname}:{parts.port}"
        signed = f"{unquote(parts.username or 'guest')}:{unquote(parts.password or 'guest')}"
        self._headers = {"Authorization": f"Basic {b64encode(signed.encode()).decode()}", "Content-Type": "application/json"}

    def send(self, method: str, path: str, body: object = None) -> Any:
        """Send one request; return the document it answers with, or None."""
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.url}/api/{path}", data, self._headers, method=method), timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def answers(self) -> bool:
        """Tell whether it is there and lets us in."""
        try:
            self.send("GET", "overview")
        except (HTTPError, URLError, OSError):
            return False
        return True


class Broker:
    """One RabbitMQ.

    Attributes:
        uri: its address, with the virtual host that it was given with.
        management: its management interface, or None where it has none that lets us in.
    """

    def __init__(self, uri: str, management_url: str = "") -> None:
        self.uri = uri
        parts = urlsplit(uri)
        management = Management(management_url or f"http://{parts.netloc.rpartition(':')[0]}:15672")
        self.management = management if management.answers() else None

    @contextmanager
    def virtual_host(self) -> Iterator[str]:
        """Make a virtual host for the length of a ``with`` block; yield its address.

        On a broker whose management interface is closed to us this is the host that it was given with.
        """
        if self.management is None:
            yield self.uri
            return
        name = f"test-{uuid4().hex[:12]}"
        user = quote(unquote(urlsplit(self.uri).username or "guest"))
        self.management.send("PUT", f"vhosts/{name}", {"default_queue_type": "classic"})
        self.management.send("PUT", f"permissions/{name}/{user}", {"configure": ".*", "write": ".*", "read": ".*"})
        try:
            yield urlsplit(self.uri)._replace(path=f"/{name}").geturl()
        finally:
            self.management.send("DELETE", f"vhosts/{name}")


class Node:
    """A RabbitMQ node of one's own: own ports, own data, own cookie. It may be stopped, killed and started again."""

    def __init__(self) -> None:
        self.folder = Path(mkdtemp(prefix="stayplay-rabbitmq-"))
        self.port, self._management_port = free_port(), free_port()
        self.uri = f"amqp://guest:guest@127.0.0.1:{self.port}/"
        self.management_url = f"http://guest:guest@127.0.0.1:{self._management_port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._names: subprocess.Popen[bytes] | None = None
        self._env = self._environment()

    def _environment(self) -> dict[str, str]:
        config = self.folder / "rabbitmq.conf"
        config.write_text(
            f"listeners.tcp.default = 127.0.0.1:{self.port}\nmanagement.tcp.ip = 127.0.0.1\n"
            f"management.tcp.port = {self._management_port}\nloopback_users.guest = true\ndisk_free_limit.absolute = 50MB\n"
        )
        plugins = self.folder / "enabled_plugins"
        plugins.write_text("[rabbitmq_management].\n")
        return {
            **os.environ,
            "HOME": str(self.folder),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(free_port()),
            "RABBITMQ_NODENAME": "stayplay@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(config),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
        }

    def start(self) -> None:
        """Start it and wait until it takes connections.

        Raises:
            Missing: RabbitMQ is not installed and can't be.
        """
        server = program(SERVER, package="rabbitmq-server")
        with (self.folder / "output").open("ab") as output:
            # Erlang's list of nodes; a child of ours, or the node would start one that outlives it
            self._names = self._names or subprocess.Popen(
                [program("epmd", package="erlang-base")], env=self._env, stdout=output, stderr=output
            )
            self._process = subprocess.Popen([server], env=self._env, stdout=output, stderr=output, start_new_session=True)
        end = time.monotonic() + START_SECONDS
        while not (_listens(self.port) and Management(self.management_url).answers()):
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError(f"RabbitMQ did not start:\n{(self.folder / 'output').read_text()[-2000:]}")
            time.sleep(0.1)

    def control(self, *arguments: str) -> str:
        """Run rabbitmqctl on it; return what it prints."""
        command = ["/usr/lib/rabbitmq/bin/rabbitmqctl", *arguments]
        return subprocess.run(command, env=self._env, check=True, capture_output=True, text=True).stdout

    def kill(self) -> None:
        """End it as a power cut would."""
        self._signal("-KILL")

    def stop(self) -> None:
        """End it in its own time."""
        self._signal("-TERM")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it hang for the length of a ``with`` block: connections stay, nothing answers."""
        group = f"-{self._process.pid}" if self._process else "0"
        subprocess.run(["kill", "-STOP", "--", group], check=True)
        try:
            yield
        finally:
            subprocess.run(["kill", "-CONT", "--", group], check=True)

    def remove(self) -> None:
        """End it and its list of nodes, and remove its data."""
        self.kill()
        if self._names is not None:
            self._names.kill()
            self._names.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, signal: str) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        subprocess.run(["kill", signal, "--", f"-{process.pid}"], check=False, capture_output=True)
        process.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running_node() -> Iterator[Node]:
    """Run a private node for the length of a ``with`` block."""
    node = Node()
    try:
        node.start()
        yield node
    finally:
        node.remove()


@contextmanager
def running_rabbitmq() -> Iterator[Broker]:
    """Find a RabbitMQ, or run one for the length of a ``with`` block."""
    given = os.environ.get("AMQP_URI", "")
    if given:
        yield Broker(given, os.environ.get("RABBITMQ_MANAGEMENT_URL", ""))
    elif _listens(5672):
        yield Broker(HERE)
    else:
        with running_node() as node:
            yield Broker(node.uri, node.management_url)
