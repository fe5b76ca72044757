"""Certificates for servers on loopback, and one that speaks HTTP/2, as badly as a test asks for."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from h2.connection import H2Connection


def tls_contexts(folder: Path, *names: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS context for some host names, and a client's that trusts it; the files are made anew."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain = folder / "server.pem"
    chain.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return server, ssl.create_default_context(cafile=str(chain))


Misbehave = Callable[["H2Connection", int, Callable[[bytes], None]], None]


class Http2Server:
    """A TLS server that speaks HTTP/2 only: every stream gets the same page; a context manager.

    Args:
        tls: Its TLS context.
        body: The page.
        misbehave: What it does with a stream instead of answering, if anything: it is given the connection, the number
            of the stream, and a way to send what the connection wants sent.

    Attributes:
        streams: How many requests were answered.
        connections: How many connections were made.
    """

    def __init__(self, tls: ssl.SSLContext, body: bytes, *, misbehave: Misbehave | None = None) -> None:
        self._misbehave = misbehave
        tls.set_alpn_protocols(["h2"])
        self.streams = 0
        self.connections = 0
        self._tls = tls
        self._body = body
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            # A client that hangs up in the middle is what many tests are about.
            with suppress(OSError), connection, self._tls.wrap_socket(connection, server_side=True) as secure:
                self.connections += 1
                self._speak(secure)

    def _speak(self, secure: ssl.SSLSocket) -> None:
        from h2.config import H2Configuration
        from h2.connection import H2Connection
        from h2.events import RequestReceived

        h2 = H2Connection(H2Configuration(client_side=False))
        h2.initiate_connection()
        secure.sendall(h2.data_to_send())
        while data := secure.recv(65_536):
            for event in h2.receive_data(data):
                if isinstance(event, RequestReceived) and event.stream_id is not None:
                    self.streams += 1
                    if self._misbehave is not None:
                        self._misbehave(h2, event.stream_id, secure.sendall)
                        continue
                    h2.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/html")])
                    h2.send_data(event.stream_id, self._body, end_stream=True)
            secure.sendall(h2.data_to_send())
