"""Connections to public addresses only.

The name is looked up here, every address it has is judged, and the connection goes to the very address that was judged:
a name server that answers differently the second time (DNS rebinding) gains nothing. Because this happens where the
connection is made, no redirect and no spelling of a URL gets past it. TLS still uses the host's name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address
from socket import SOCK_STREAM
from typing import Any

import httpcore

from ingest.fetch.addresses import IPAddress, dial_order, is_public
from ingest.fetch.failure import FetchError
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
    """Opens connections for httpcore, after looking where they go.

    Args:
        exempt: Pairs "host:port", spelt as in the URL, whose address may be private.
        resolve: Looks host names up.
    """

    def __init__(self, exempt: frozenset[str], resolve: Resolve = look_up) -> None:
        self._exempt = exempt
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
        addresses = dial_order(await self.vet(host, port, timeout))[:_MAX_DIALS]
        share = None if timeout is None else timeout / len(addresses)
        for address in addresses:
            try:
                return await self._network.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if address == addresses[-1]:
                    raise
        raise AssertionError("unreachable: the last address returns or raises")

    async def vet(self, host: str, port: int, timeout: float | None) -> Sequence[IPAddress]:  # noqa: ASYNC109
        """The addresses of a host, all of them public or the pair exempt.

        Raises:
            FetchError: DNS where the name has no address, PRIVATE_ADDRESS where one of them is not public.
        """
        try:
            async with asyncio.timeout(timeout):  # asyncio.wait_for can lose a cancellation before Python 3.12
                addresses = await self._resolve(host, port)
        except TimeoutError:
            raise _no_address(f"no answer about the name {host} in time") from None
        except (OSError, UnicodeError) as error:
            raise _no_address(f"no address for {host}: {error}") from error
        if not addresses:
            raise _no_address(f"no address for {host}")
        named = spelt(host, port)
        if named not in self._exempt:
            for address in addresses:
                if not is_public(address):
                    detail = f"{address} is not a public address; to allow it: fetch.allow_private = {named}"
                    raise FetchError(Reason.PRIVATE_ADDRESS, detail, reached=False)
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


def spelt(host: str, port: int) -> str:
    """The pair as `FetchPolicy.allow_private` spells it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _no_address(detail: str) -> FetchError:
    return FetchError(Reason.DNS, detail, again=True, reached=False)
