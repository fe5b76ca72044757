"""One outlet's HTTP server: sends the replies it is told to, at their pace, and stops at once."""

from __future__ import annotations

import hashlib
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from flows.demo.traps import Pace, Reply

HOST = "127.0.0.1"
_SLOW_PIECES = 10
_SLOW_PAUSE_S = 0.1
_DRIP_PAUSE_S = 1.0
# How long a server may take to notice that it is to stop; there are seven of them, stopped in turn.
_POLL_S = 0.02

Answer = Callable[[str], Reply]
"""From the path and query of a request to its reply."""


class OutletServer(ThreadingHTTPServer):
    """Answers GET requests on `port`, or on one the system picks where that is ``None`` or taken.

    Connections are noted, so that stopping can cut them.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_port = False  # two demos must not share a port
    request_queue_size = 64

    def __init__(self, name: str, answer: Answer, port: int | None) -> None:
        self.answer = answer
        self.closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        try:
            super().__init__((HOST, port or 0), _Handler)
        except OSError:
            if port is None:
                raise
            super().__init__((HOST, 0), _Handler)
        self.base = f"http://{HOST}:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, args=(_POLL_S,), name=name, daemon=True)

    def start(self) -> None:
        """Answer requests, in threads of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and cut the connections that are open."""
        if self.closing.is_set():
            return
        self.closing.set()
        self.shutdown()
        self.server_close()
        self._thread.join()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            _cut(connection)

    def server_bind(self) -> None:
        """Bind without HTTPServer's look-up of the host's full name, which may ask a name server."""
        TCPServer.server_bind(self)
        self.server_name = HOST
        self.server_port = self.socket.getsockname()[1]

    def note(self, connection: socket.socket) -> None:
        """Remember an open connection; one that comes too late is cut at once."""
        with self._lock:
            self._connections.add(connection)
        if self.closing.is_set():
            _cut(connection)

    def forget(self, connection: socket.socket) -> None:
        """Forget a connection that has ended."""
        with self._lock:
            self._connections.discard(connection)

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Keep silent about clients that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # its own thread, or the client, was faster
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: OutletServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        """Open the connection's files, and note it."""
        super().setup()
        self.server.note(self.connection)

    def finish(self) -> None:
        """Forget the connection, and close its files."""
        self.server.forget(self.connection)
        super().finish()

    def do_GET(self) -> None:
        """Answer as the site says."""
        reply = self.server.answer(self.path)
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        plain = reply.pace is Pace.WHOLE and reply.status == HTTPStatus.OK
        if plain and self.headers.get("If-None-Match") == etag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", etag)
            self.end_headers()
            return
        self.send_response(reply.status)
        if plain:
            self.send_header("ETag", etag)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.pace is Pace.DRIP:
            self.send_header("Connection", "close")  # http.server closes then: a body without a length ends so
        else:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        for piece in self._pieces(reply):
            self.wfile.write(piece)

    def _pieces(self, reply: Reply) -> Iterator[bytes]:
        closing = self.server.closing
        match reply.pace:
            case Pace.WHOLE:
                yield reply.body
            case Pace.SLOW:
                size = len(reply.body) // _SLOW_PIECES + 1
                for start in range(0, len(reply.body), size):
                    if closing.wait(_SLOW_PAUSE_S):
                        return
                    yield reply.body[start : start + size]
            case Pace.DRIP:
                for byte in reply.body:
                    yield bytes([byte])
                    if closing.wait(_DRIP_PAUSE_S):
                        return
                while not closing.wait(_DRIP_PAUSE_S):
                    yield b" "

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name http.server gives it
        """Say nothing."""
