"""Requests over connections that are kept: one for each origin, for there is one request at a time to a host.

httpcore's own pool looks through all its connections, and asks the operating system about each idle one, whenever a
request begins and whenever one ends; a table by origin does neither, so connections to more hosts than are being
fetched from at this moment can be kept.
"""

from __future__ import annotations

import ssl
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self, cast

import httpcore
import httpx

from ingest.fetch.backend import PublicBackend, Resolve, look_up, spelt
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.proxy import read_proxy

# Idle connections that are kept for each request that may be under way: as many as hosts that wait for their turn
# (`crawl` keeps eight for each place), so that none has to be opened anew for its next page.
_IDLE_PER_PLACE = 8

_Key = tuple[bytes, bytes, int]


class PublicTransport:
    """Sends requests over a `PublicBackend`, or through the proxy of the policy.

    Exceptions are those of httpcore; `exchange` knows them as they are.

    Through a proxy it is the proxy that looks the name up and connects. Names are looked up and judged here all the
    same before anything is sent; what cannot be ruled out then is a name server that tells the proxy something else.
    """

    def __init__(
        self, policy: FetchPolicy, *, resolve: Resolve = look_up, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        proxy = None if policy.proxy is None else read_proxy(policy.proxy)
        # The operator's own proxy may be on the inner network; nobody else gains by that, all connections go to it.
        to_proxy = frozenset() if proxy is None else frozenset({spelt(proxy.url.host.decode(), proxy.url.port or 80)})
        self._guard = PublicBackend(policy.allow_private, resolve)
        self._connect_timeout_s = policy.connect_timeout_s
        self._proxied = proxy is not None
        # Longer than the pause between two pages of a host, so that the second finds the connection of the first.
        self._keep_s = max(5.0, 2 * policy.delay_s)
        self._most_idle = policy.concurrency * _IDLE_PER_PLACE
        self._idle: OrderedDict[_Key, tuple[float, httpcore.AsyncConnectionInterface]] = OrderedDict()
        # Of the pool only its way to make a connection is used, directly or through the proxy.
        self._maker = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context or httpx.create_ssl_context(trust_env=False),
            proxy=proxy,
            keepalive_expiry=self._keep_s,
            http1=True,
            http2=True,
            network_backend=self._guard if proxy is None else PublicBackend(to_proxy, resolve),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            await self._close_oldest()

    @asynccontextmanager
    async def send(self, request: httpx.Request, on_sending: Callable[[], None]) -> AsyncIterator[httpx.Response]:
        """Send one request and hand out its response, of whose body nothing was read yet.

        The connection is kept where the body was read to its end, else closed. Closing the response would not be
        enough: httpcore leaves its HTTP/2 stream open, and what the server goes on sending eats up the window of the
        connection until nothing more arrives on it.

        Args:
            request: What to send.
            on_sending: Is called once a new connection is ready for the request: name servers and handshakes may have
                taken a while.

        Raises:
            FetchError: The host has no address, or one that is not public.
            httpcore exceptions: The connection or the protocol failed.
        """
        raw = request.url
        url = httpcore.URL(scheme=raw.raw_scheme, host=raw.raw_host, port=raw.port, target=raw.raw_path)
        if self._proxied:
            await self._guard.vet(url.origin.host.decode(), url.origin.port, self._connect_timeout_s)
        connection, is_new = await self._take(url.origin)
        extensions = request.extensions | ({"trace": _tell(on_sending)} if is_new else {})
        finished = False
        try:
            answer = await connection.handle_async_request(
                httpcore.Request("GET", url, headers=request.headers.raw, extensions=extensions)
            )
            response = httpx.Response(
                answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
            )
            try:
                yield response
            finally:
                finished = response.is_closed  # by httpx, at the end of the body
                await response.aclose()
        finally:
            if finished:
                await self._keep(url.origin, connection)
            else:
                await connection.aclose()

    def peer(self, response: httpx.Response) -> str | None:
        """The IP address that a response comes from; unknown through a proxy."""
        address = response.extensions["network_stream"].get_extra_info("server_addr")
        return None if self._proxied or address is None else str(address[0])

    async def _take(self, origin: httpcore.Origin) -> tuple[httpcore.AsyncConnectionInterface, bool]:
        """The kept connection to an origin where it still works, else a new one; whether it is new."""
        _, kept = self._idle.pop(_key(origin), (0.0, None))
        if kept is not None:
            if kept.is_available() and not kept.has_expired():
                return kept, False
            await kept.aclose()
        return self._maker.create_connection(origin), True

    async def _keep(self, origin: httpcore.Origin, connection: httpcore.AsyncConnectionInterface) -> None:
        if _key(origin) in self._idle or not connection.is_available():
            await connection.aclose()
            return
        now = time.monotonic()
        self._idle[_key(origin)] = (now, connection)
        while self._idle and (len(self._idle) > self._most_idle or self._oldest() < now - self._keep_s):
            await self._close_oldest()

    def _oldest(self) -> float:
        return next(iter(self._idle.values()))[0]

    async def _close_oldest(self) -> None:
        _, (_, connection) = self._idle.popitem(last=False)
        await connection.aclose()


def _key(origin: httpcore.Origin) -> _Key:
    return origin.scheme, origin.host, origin.port  # an Origin itself has no hash


def _tell(on_sending: Callable[[], None]) -> Callable[[str, object], Awaitable[None]]:
    """What httpcore calls with everything that happens to a request."""

    async def trace(event: str, info: object) -> None:
        if event.endswith("send_request_headers.started"):
            on_sending()

    return trace


class _Body(httpx.AsyncByteStream):
    """A body of httpcore as httpx wants it."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in cast(AsyncIterator[bytes], self._response.stream):
            yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()
