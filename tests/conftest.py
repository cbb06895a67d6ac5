"""What every test may ask for. The programs that these need are found, or installed, or missed in one line."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import pytest
import structlog
from hypothesis import settings

from tests.support import green
from tests.support.debian import Missing
from tests.support.platform import Platform
from tests.support.rabbitmq import Broker, Node, running_node, running_rabbitmq

BROKERS = ("rabbitmq", "inprocess")
settings.register_profile("house", deadline=None)
"""No example is late: how long one takes says more of what else the machine does."""
settings.register_profile("deep", settings.get_profile("house"), max_examples=1000)
"""For `make test-deep`."""
settings.load_profile("house")

structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback
"""With every local variable, as the library likes it, one traceback takes a second, in which no service of the process works."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run choose the brokers: `--broker inprocess`. Both by default."""
    parser.addoption("--broker", action="append", choices=BROKERS, help="broker that service tests run on; both by default")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a broker once on each."""
    if "broker" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("broker") or BROKERS
        marked = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in chosen]
        metafunc.parametrize("broker", marked, indirect=True, scope="module")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of the administrator of a PostgreSQL: the one at POSTGRES_ADMIN_URL, or one of our own."""
    given = os.environ.get("POSTGRES_ADMIN_URL")
    if given:
        yield given
        return
    from stayplay.postgres import FORGETFUL, Postgres

    folder = Path(mkdtemp(prefix="stayplay-"))  # short: PostgreSQL's socket lies in it
    with Postgres(folder / "pg", **FORGETFUL) as server:
        yield server.url
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[Broker]:
    """A RabbitMQ that is shared: do not stop it."""
    try:
        with running_rabbitmq() as found:
            yield found
    except Missing as fault:
        pytest.exit(str(fault), returncode=2)


@pytest.fixture(scope="module")
def own_rabbitmq() -> Iterator[Node]:
    """A RabbitMQ of the module's own, to stop, kill and alarm."""
    try:
        with running_node() as node:
            yield node
    except Missing as fault:
        pytest.exit(str(fault), returncode=2)


@pytest.fixture(scope="module")
def amqp_uri(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a virtual host of the module's own."""
    found: Broker = request.getfixturevalue("rabbitmq")
    with found.virtual_host() as uri:
        yield uri


@pytest.fixture(scope="module")
def broker(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a broker of the module's own: each test that asks for it runs on RabbitMQ and on the in-process broker."""
    if request.param == "rabbitmq":
        yield request.getfixturevalue("amqp_uri")
    else:
        yield f"inprocess://{uuid4().hex}"


@pytest.fixture(scope="session")
def platform(postgres_url: str, rabbitmq: Broker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The whole platform: a process a service, on RabbitMQ and PostgreSQL."""
    green.refuse_if_patched()
    with rabbitmq.virtual_host() as uri:
        running = Platform(tmp_path_factory.mktemp("platform"), postgres_url, uri)
        running.migrate()
        running.start()
        yield running
        running.stop()
