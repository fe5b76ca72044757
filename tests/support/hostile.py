"""Web servers on loopback that behave as badly as a test asks for.

A test says what each path answers: ``server.answers["/a"] = reply(b"<p>text")``. Every request is noted in
``server.hits`` with the moment it arrived.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Answer = Callable[["Handler"], None]

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A request that arrived; `at` is seconds of the monotonic clock."""

    at: float
    path: str
    host: str
    headers: dict[str, str]


class Handler(BaseHTTPRequestHandler):
    """Looks the answer up by path; unknown paths are 404."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    server: _Server

    def do_GET(self) -> None:
        """Answer."""
        owner = self.server.owner
        headers = {key.lower(): value for key, value in self.headers.items()}
        owner.hits.append(Hit(at=time.monotonic(), path=self.path, host=headers.get("host", ""), headers=headers))
        owner.answers.get(self.path, reply(b"nothing here", status=404))(self)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the standard library
        """Say nothing: pytest shows what matters."""

    def hang_up(self) -> None:
        """End the connection after this answer."""
        self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], owner: HostileServer) -> None:
        self.owner = owner
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # a client that went away is what many tests are about
            super().handle_error(request, client_address)


class HostileServer:
    """An HTTP/1.1 server in a thread; a context manager. Robots.txt is 404 unless an answer says otherwise."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.hits: list[Hit] = []
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self)
        self._scheme = "http" if tls is None else "https"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        """The URL of a path."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, in order, robots.txt left out."""
        return [hit.path for hit in self.hits if hit.path != "/robots.txt"]

    def robots(self, text: str) -> None:
        """Put up a robots.txt."""
        self.answers["/robots.txt"] = reply(text.encode(), content_type="text/plain")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def reply(
    body: bytes = b"<html><body><p>Plain text of a page.</p></body></html>",
    *,
    status: int = 200,
    content_type: str | None = HTML,
    headers: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """A well-formed answer."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        if content_type is not None:
            handler.send_header("Content-Type", content_type)
        for name, value in headers:
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def redirect(location: str, *, status: int = 302) -> Answer:
    """A redirect; the location goes out as UTF-8."""
    return reply(b"", status=status, headers=(("Location", location.encode().decode("latin-1")),))


def encoded(body: bytes, encoding: str) -> Answer:
    """A body with a Content-Encoding header, the bytes as given."""
    return reply(body, headers=(("Content-Encoding", encoding),))


def in_turn(*answers: Answer) -> Answer:
    """One answer after the other; the last one for ever."""
    lock = threading.Lock()
    left = list(answers)

    def answer(handler: Handler) -> None:
        with lock:
            now = left.pop(0) if len(left) > 1 else left[0]
        now(handler)

    return answer


def slow(seconds: float, then: Answer) -> Answer:
    """An answer that lets itself be waited for."""

    def answer(handler: Handler) -> None:
        handler.server.owner.stopping.wait(seconds)
        then(handler)

    return answer


def raw(data: bytes) -> Answer:
    """Bytes that need not be HTTP at all; the connection ends after them."""

    def answer(handler: Handler) -> None:
        handler.hang_up()
        handler.wfile.write(data)

    return answer


def reset(handler: Handler) -> None:
    """Cut the connection without a goodbye (a TCP reset)."""
    handler.hang_up()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def drip(handler: Handler) -> None:
    """One byte every tenth of a second, without an end."""
    handler.hang_up()
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while not handler.server.owner.stopping.wait(0.1):
        handler.wfile.write(b"x")


def endless(head: bytes, piece: bytes, *, every_s: float = 0.0) -> Answer:
    """A head, and then the same piece again and again until the client has had enough."""

    def answer(handler: Handler) -> None:
        handler.hang_up()
        handler.wfile.write(head)
        while (
            not handler.server.owner.stopping.wait(every_s) if every_s else not handler.server.owner.stopping.is_set()
        ):
            handler.wfile.write(piece)

    return answer


def stream(total: int) -> Answer:
    """A body of `total` bytes that does not declare its length."""

    def answer(handler: Handler) -> None:
        handler.hang_up()
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(total // 65_536 + 1):
            handler.wfile.write(b"x" * 65_536)

    return answer


def bomb(megabytes: int, *, window_bits: int = zlib.MAX_WBITS | 16) -> bytes:
    """A gzip stream (zlib's own with its window bits) that inflates to so many megabytes of zeros, a thousandfold."""
    member = zlib.compressobj(9, zlib.DEFLATED, window_bits)
    parts = [member.compress(bytes(1_000_000)) for _ in range(megabytes)]
    return b"".join([*parts, member.flush()])


def members(*texts: bytes) -> bytes:
    """A gzip body of several members."""
    return b"".join(gzip.compress(text, mtime=0) for text in texts)


@contextmanager
def silent_listener() -> Iterator[tuple[int, Callable[[], int]]]:
    """A trap: a listening port, and a function that counts the connections that were ever made to it."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as trap:
        trap.setblocking(False)

        def count() -> int:
            made = 0
            while True:
                try:
                    connection, _ = trap.accept()
                except BlockingIOError:
                    return made
                connection.close()
                made += 1

        yield int(trap.getsockname()[1]), count


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
