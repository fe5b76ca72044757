"""The internet of the examples, on loopback: a proxy that answers every request itself, https in its own tunnel."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from support.hostile_tls import tls_contexts

from ingest.fetch.addresses import IPAddress

_NOT_FOUND = ("text/plain", b"not here")


async def abroad(host: str, port: int) -> list[IPAddress]:
    """Every name has an address of the public internet, by which nobody is asked; the proxy's own is what it says."""
    return [IPv4Address("93.184.215.14") if host.strip("0123456789.") else ip_address(host)]


class Internet(ThreadingHTTPServer):
    """A context manager.

    Args:
        folder: Where its certificate is written.
        pages: What stands at which address: a content type and a body. Anything else is answered with 404.

    Attributes:
        trusting: The TLS context of a client that trusts it.
    """

    daemon_threads = True

    def __init__(self, folder: Path, pages: Mapping[str, tuple[str, bytes]]) -> None:
        super().__init__(("127.0.0.1", 0), _Site)
        self.pages = pages
        self.tls, self.trusting = tls_contexts(folder, *sorted({urlsplit(url).netloc for url in pages}))
        self.proxy = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()


class _Site(BaseHTTPRequestHandler):
    server: Internet
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_CONNECT(self) -> None:
        """Speak TLS from here on."""
        self.send_response_only(200)
        self.end_headers()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.close_connection = False

    def do_GET(self) -> None:
        """Answer as the site does."""
        kind, body = self.server.pages.get(f"https://{self.headers['Host']}{self.path}", _NOT_FOUND)
        self.send_response(404 if kind == "text/plain" else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def finish(self) -> None:
        """Close the tunnel, too."""
        super().finish()
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Say nothing."""
