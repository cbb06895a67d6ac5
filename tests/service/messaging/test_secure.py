"""``amqps://``: encrypted, and only to a broker whose certificate is trusted and names it."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import eventlet
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from eventlet.green import socket

from chassis.broker import Address, BrokerUnavailable
from chassis.rpc import RpcClient
from tests.service.messaging.conftest import hosted
from tests.support.echo import ECHO, token

# eventlet's TLS sockets, of which the broker's end here is made, are closed by the collector when a handshake fails
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

Written = tuple[Path, Path]


def certificate(folder: Path, name: x509.GeneralName) -> Written:
    """Write a key and a certificate that it signed itself, for ``name``."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "broker")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return paths


def encrypted(uri: str, written: Written) -> tuple[str, Any]:
    """Put TLS in front of the broker at ``uri``; return the address and what is to be closed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*written)
    broker, listener = urlsplit(uri), eventlet.listen(("127.0.0.1", 0))

    def serve(client: Any) -> None:
        try:
            outer = context.wrap_socket(client, server_side=True)
        except OSError:
            client.close()
            return
        inner = socket.create_connection((broker.hostname, broker.port))
        for one, other in ((outer, inner), (inner, outer)):
            eventlet.spawn(pump, one, other)

    def accept() -> None:
        while True:
            eventlet.spawn(serve, listener.accept()[0])

    thread = eventlet.spawn(accept)
    credentials = broker.netloc.rpartition("@")[0]
    address = broker._replace(scheme="amqps", netloc=f"{credentials}@127.0.0.1:{listener.getsockname()[1]}")
    return address.geturl(), thread


def pump(one: Any, other: Any) -> None:
    try:
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


@pytest.fixture
def secure(amqp_uri: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, Path]]:
    written = certificate(tmp_path, getattr(request, "param", x509.IPAddress(ip_address("127.0.0.1"))))
    address, thread = encrypted(amqp_uri, written)
    yield address, written[0]
    thread.kill()


def test_calls_cross_encrypted(secure: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    address, trusted = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    container, _, _ = hosted(address)
    client = RpcClient(Address(address), timeout=5)
    client.open(10)
    threads = [eventlet.spawn(client.call, ECHO, token(), text=str(n) * 10_000) for n in range(8)]
    assert [thread.wait()["text"] for thread in threads] == [str(n) * 10_000 for n in range(8)]
    client.close()
    container.stop()


def refused(address: str) -> None:
    client = RpcClient(Address(address))
    with pytest.raises(BrokerUnavailable):
        client.open(1)
    client.close()


def test_a_broker_that_nobody_vouches_for_is_refused(secure: tuple[str, Path]) -> None:
    refused(secure[0])


@pytest.mark.parametrize("secure", [x509.DNSName("another.example")], indirect=True, ids=["another name"])
def test_a_broker_with_anothers_certificate_is_refused(secure: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(secure[1]))
    refused(secure[0])
