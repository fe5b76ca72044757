"""Connections to public addresses only.

The name is looked up here, every address it has is judged, and the connection goes to the very address that was judged:
a name server that answers differently the second time (DNS rebinding) gains nothing. Because this happens where the
connection is made, no redirect and no spelling of a URL gets past it. TLS still uses the host's name.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address
from socket import SOCK_STREAM
from typing import Any, cast

import httpcore
import httpx

from ingest.fetch.addresses import IPAddress, dial_order, is_public
from ingest.fetch.failure import FetchError
from ingest.fetch.policy import FetchPolicy
from ingest.outcome import Reason

Resolve = Callable[[str, int], Awaitable[Sequence[IPAddress]]]
"""Looks a host name (or an address in any spelling) up; raises OSError or UnicodeError where there is none."""

# Tries for one host: two of each family. Each gets an equal share of the time to connect.
_MAX_DIALS = 4


async def look_up(host: str, port: int) -> list[IPAddress]:
    """Ask the operating system for the addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
    return [ip_address(address[0]) for *_, address in found]


class PublicBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore, after looking where they go."""

    def __init__(self, allow_private: frozenset[str], resolve: Resolve = look_up) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of the host that answers.

        Raises:
            FetchError: The name has no address, or one that is not public.
            httpcore.ConnectError, httpcore.ConnectTimeout: No address answers.
        """
        addresses = dial_order(await self._vetted(host, port, timeout))[:_MAX_DIALS]
        share = None if timeout is None else timeout / len(addresses)
        for address in addresses:
            try:
                return await self._network.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if address == addresses[-1]:
                    raise
        raise AssertionError("unreachable: the last address returns or raises")

    async def _vetted(self, host: str, port: int, timeout: float | None) -> Sequence[IPAddress]:  # noqa: ASYNC109
        try:
            async with asyncio.timeout(timeout):  # asyncio.wait_for can lose a cancellation before Python 3.12
                addresses = await self._resolve(host, port)
        except TimeoutError:
            raise _no_address(f"no answer about the name {host} in time") from None
        except (OSError, UnicodeError) as error:
            raise _no_address(f"no address for {host}: {error}") from error
        if not addresses:
            raise _no_address(f"no address for {host}")
        if _spelt(host, port) not in self._allow_private:
            for address in addresses:
                if not is_public(address):
                    raise FetchError(Reason.PRIVATE_ADDRESS, f"{address} is not a public address", reached=False)
        return addresses

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: no URL leads to a socket on this machine."""
        raise FetchError(Reason.PRIVATE_ADDRESS, f"{path} is a local socket", reached=False)

    async def sleep(self, seconds: float) -> None:
        """Wait, for httpcore."""
        await asyncio.sleep(seconds)


def _no_address(detail: str) -> FetchError:
    return FetchError(Reason.DNS, detail, again=True, reached=False)


def _spelt(host: str, port: int) -> str:
    """The pair as `FetchPolicy.allow_private` spells it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class PublicTransport(httpx.AsyncBaseTransport):
    """What httpx.AsyncHTTPTransport does, over a `PublicBackend`: that one has no public way to pass a backend in.

    Exceptions of httpcore are not translated to those of httpx; `exchange` knows them as they are.
    """

    def __init__(
        self, policy: FetchPolicy, *, resolve: Resolve = look_up, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context or httpx.create_ssl_context(trust_env=False),
            max_connections=policy.concurrency,
            max_keepalive_connections=policy.concurrency,
            # Longer than the pause between two pages of a host, so that the second finds the connection of the first.
            keepalive_expiry=max(5.0, 2 * policy.delay_s),
            http1=True,
            http2=True,
            network_backend=PublicBackend(policy.allow_private, resolve),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=_core_url(request.url),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Stream(response),
            extensions=response.extensions,
        )

    async def hang_up(self, url: httpx.URL) -> None:
        """Close the connections to the origin of a URL, of whose answer the rest is not wanted.

        Closing the response is not enough: httpcore leaves its HTTP/2 stream open, and what the server goes on sending
        eats up the window of the connection until nothing more arrives on it. There is one request to a host at a time,
        so nobody else is cut off.
        """
        origin = _core_url(url).origin
        for connection in self._pool.connections:
            if connection.can_handle_request(origin):
                await connection.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


def _core_url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


class _Stream(httpx.AsyncByteStream):
    """A body of httpcore as httpx wants it."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in cast(AsyncIterator[bytes], self._response.stream):
            yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()
