"""Receivers by TLS: one whose certificate is good is posted to, any other is not told a thing."""

import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from feed.models import WebhookDelivery
from feed.webhooks import transport
from feed.webhooks.sending import webhooks_send
from tests.feed.webhooks.conftest import hooked, publish
from tests.feed.webhooks.receivers import answering, receiver

HOST = "hooks.test"
LONG_AGO, YEARS = datetime(2020, 1, 1, tzinfo=UTC), timedelta(days=36_500)


def name_of(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


class Authority:
    """Issues certificates; ``certificate`` is its own."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = name_of("An authority")
        self.certificate = self._signed(
            self.name, self.key, YEARS, x509.BasicConstraints(ca=True, path_length=None)
        )

    def _signed(self, subject, key, lasts, *extensions):
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(LONG_AGO)
            .not_valid_after(LONG_AGO + lasts)
        )
        for extension in extensions:
            made = made.add_extension(extension, critical=True)
        return made.sign(self.key, hashes.SHA256())

    def server_context(self, folder, host=HOST, lasts=YEARS):
        """Return the context of a server with a new certificate of this name."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        certificate = self._signed(name_of(host), key, lasts, names)
        file = folder / "server.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        file.write_bytes(private + pem(certificate))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


@pytest.fixture
def authority(tmp_path, monkeypatch):
    """Is trusted, as one of an operator's own is: by SSL_CERT_FILE."""
    made = Authority()
    file = tmp_path / "authority.pem"
    file.write_bytes(pem(made.certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    transport._tls.cache_clear()
    yield made
    transport._tls.cache_clear()


def sent_to(owner, monkeypatch, context):
    """Publish one entry to a receiver; return what came in, and the delivery."""
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *a, **k: look_up("127.0.0.1" if host == HOST else host, *a, **k),
    )
    with receiver(answering(200), context) as there:
        port = there.url.split(":")[2].split("/")[0]
        hooked(owner, f"https://{HOST}:{port}/hook")
        publish()
        webhooks_send()
    return there.received, WebhookDelivery.objects.get()


def test_one_with_a_good_certificate_is_told(owner, monkeypatch, authority, tmp_path):
    (message,), delivery = sent_to(owner, monkeypatch, authority.server_context(tmp_path))
    assert message[0]["host"].startswith(HOST)
    assert (delivery.state, delivery.status_code, delivery.error) == ("done", 200, "")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"host": "others.test"}, "tls_other_name"),
        ({"lasts": timedelta(days=30)}, "tls_expired"),
    ],
)
def test_one_whose_certificate_is_bad_is_not(
    owner, monkeypatch, authority, tmp_path, options, error
):
    context = authority.server_context(tmp_path, **options)
    received, delivery = sent_to(owner, monkeypatch, context)
    assert received == []
    assert (delivery.state, delivery.attempts) == ("pending", 1)
    assert (delivery.status_code, delivery.error) == (None, error)


def test_one_of_an_authority_that_nobody_knows_is_not(owner, monkeypatch, authority, tmp_path):
    context = Authority().server_context(tmp_path)
    received, delivery = sent_to(owner, monkeypatch, context)
    assert (received, delivery.error) == ([], "tls_not_trusted")
