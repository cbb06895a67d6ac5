"""What it costs the gateway and a service to know who asks: session, permission, caller token.

``python -m tests.load.bench.who_asks POSTGRES_ADMIN_URL`` measures and prints CPU milliseconds a request.
"""

from tests.support import green

green.patch()

import json
import sys
import time
from collections.abc import Callable
from statistics import median
from uuid import uuid4

from chassis.caller import TokenVerifier
from gateway.access import current
from tests.support.gateway import Gateway, gateway_at_work
from tests.support.installation import Templates

REQUESTS = 1500
ROUNDS = 7


def main(postgres_url: str) -> None:
    """Measure requests that ask who is there against the same requests that do not; rounds of both in turn."""
    with gateway_at_work(Templates(postgres_url), f"inprocess://{uuid4().hex}") as gateway:
        asking, silent = requests(gateway)
        costs = [cpu_ms(asking) - cpu_ms(silent) for _ in range(ROUNDS)]
    print(json.dumps({"cpu_ms": round(median(costs), 3), "least_ms": round(min(costs), 3), "most_ms": round(max(costs), 3)}))


def requests(gateway: Gateway) -> tuple[Callable[[], None], Callable[[], None]]:
    """Return a request that does what each signed-in one does before its own work, here and in the service called; and a bare one."""
    borough = gateway.onboard()
    token = borough.administrator().token
    verifier = TokenVerifier(gateway.settings.public_keys["gateway"])
    with gateway.app.test_request_context(f"{borough.base}/people", headers={"Authorization": f"Bearer {token}"}) as context:
        environ = context.request.environ

    def silent() -> None:
        with gateway.app.request_context(environ):
            pass

    def asking() -> None:
        with gateway.app.request_context(environ):
            current.require("people.manage")
            verifier.verify(current.asker().token)

    return asking, silent


def cpu_ms(request: Callable[[], None]) -> float:
    """Return CPU milliseconds of this process a request: Python, driver and cryptography; not PostgreSQL's."""
    request()
    started = time.process_time()
    for _ in range(REQUESTS):
        request()
    return (time.process_time() - started) / REQUESTS * 1000


if __name__ == "__main__":
    main(sys.argv[1])
