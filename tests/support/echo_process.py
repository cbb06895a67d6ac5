"""The echo service in a process of its own: ``python -m tests.support.echo_process URI STOP_WITHIN HEALTH_PORT PATIENCE``."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support import green

PUBLIC_KEY = "ECHO_GATEWAY_PUBLIC_KEY"


def main(uri: str, stop_within: float, health_port: int, patience: float) -> int:
    """Serve until told to stop; return the exit code."""
    green.patch()
    from chassis import logging
    from chassis.runner import Hosted, serve
    from tests.support.echo import EchoService, settings_for

    logging.configure("json", service="echo")
    keys = {"gateway": os.environ[PUBLIC_KEY]}
    settings = settings_for(uri, stop_within_seconds=stop_within, health_port=health_port or None, public_keys=keys)
    hosted = Hosted(EchoService, settings, broker_patience=patience)
    return serve([hosted], on_started=lambda: print("started", flush=True))


@contextmanager
def echo_process(
    uri: str, *, stop_within: float = 5.0, health_port: int = 0, patience: float = 60.0, started: bool = True
) -> Iterator["subprocess.Popen[str]"]:
    """Run it for the length of a ``with`` block; wait until it has started, unless told not to."""
    from tests.support.echo import GATEWAY

    values = [uri, str(stop_within), str(health_port), str(patience)]
    command = [sys.executable, "-W", "ignore", "-m", "tests.support.echo_process", *values]
    env = {**os.environ, PUBLIC_KEY: GATEWAY.public}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    try:
        if started:
            assert process.stdout is not None
            assert process.stdout.readline() == "started\n"
        yield process
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
