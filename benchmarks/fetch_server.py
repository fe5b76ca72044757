"""The server of the benchmark of fetching: 50 hosts on 127.0.0.1 to 127.0.0.50, each with 50 ms to think."""

from __future__ import annotations

import asyncio
import json
import sys
import time

HOSTS = 50
LATENCY_S = 0.05
ROBOTS = b"User-agent: *\nDisallow: /private/\nDisallow: /*?print=\nAllow: /private/press/\nCrawl-delay: 0\n"


class Host(asyncio.Protocol):
    """Answers every request after the same time; notes when it came."""

    seen: list[tuple[str, float]] = []  # noqa: RUF012 - one list for all connections is what is wanted
    page = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._host = transport.get_extra_info("sockname")[0]
        self._pending = b""

    def data_received(self, data: bytes) -> None:
        """Answer each request whose head is complete."""
        self._pending += data
        while b"\r\n\r\n" in self._pending:
            head, _, self._pending = self._pending.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1]
            if path != b"/log":
                self.seen.append((self._host, time.monotonic()))
            asyncio.get_running_loop().call_later(LATENCY_S, self._transport.write, self._answer(path))

    def _answer(self, path: bytes) -> bytes:
        if path == b"/log":
            return answer(json.dumps(self.seen).encode(), b"application/json")
        return answer(ROBOTS, b"text/plain") if path == b"/robots.txt" else self.page


def answer(body: bytes, content_type: bytes) -> bytes:
    """A whole response."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n" % (content_type, len(body))
    return head + body


async def serve() -> None:
    """Listen on 50 addresses, say which, and stay until standard input ends."""
    paragraph = b"<p>The harbour office said on Tuesday that the last ferry had left an hour late.</p>\n"
    head = b'<html><head><title>Ferries</title><meta property="og:type" content="article"></head><body>'
    Host.page = answer(head + paragraph * (50_000 // len(paragraph)) + b"</body></html>", b"text/html")
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(Host, f"127.0.0.{number}", 0) for number in range(1, HOSTS + 1)]
    names = ["{}:{}".format(*server.sockets[0].getsockname()) for server in servers]
    print(json.dumps({"addresses": names}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
