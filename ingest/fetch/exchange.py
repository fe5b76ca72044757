"""One request: in its host's slot, under one deadline, with every way to fail turned into a `FetchError`."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpcore
import httpx

from ingest.fetch.body import ACCEPT_ENCODING
from ingest.fetch.failure import FetchError
from ingest.fetch.hosts import Hosts
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.responses import REDIRECTS, refusal, retry_after_s
from ingest.fetch.targets import host_of
from ingest.fetch.transport import PublicTransport
from ingest.outcome import Reason

_log = logging.getLogger(__name__)

# How long a host that refused `attempts` times in a row is left alone: longer than any run waits, so what is left for
# it fails at once and is taken up by the next run.
_REST_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response: a 200 with its decoded body, or a redirect."""

    url: httpx.URL
    status: int
    headers: tuple[tuple[str, str], ...]
    location: str | None
    body: bytes


class Exchange:
    """Sends requests.

    They go to the transport itself: httpx.AsyncClient reads the Location of every redirect, also of one that it is told
    not to follow, and fails where that is no URL; its cookies and its authentication are not wanted either.
    """

    def __init__(self, policy: FetchPolicy, transport: PublicTransport, hosts: Hosts) -> None:
        self._policy = policy
        self._transport = transport
        self._hosts = hosts
        self._headers = {
            "User-Agent": policy.user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        # Reading is bounded by the deadline of the whole.
        self._extensions = {"timeout": {"connect": policy.connect_timeout_s}}

    async def get(self, url: httpx.URL, *, delay_s: float, read: Callable[[httpx.Response], Awaitable[bytes]]) -> Reply:
        """Ask for a URL once, redirects not followed.

        Args:
            url: What to ask for.
            delay_s: The distance to keep from the request before it to this host.
            read: Reads the body of a 200; may refuse it by its head.

        Returns:
            The answer, where its status is 200 or a redirect's.

        Raises:
            FetchError: Anything else.
        """
        host = host_of(url)
        async with self._hosts.slot(host, delay_s):
            started = time.perf_counter()
            try:
                reply = await self._send(url, read)
            except FetchError as error:
                _log.debug("GET %s: %s after %.3f s", url, error, time.perf_counter() - started)
                self._heed(host, error)
                raise
        self._hosts.forget_refusals(host)
        _log.debug(
            "GET %s: %d, %d bytes after %.3f s", url, reply.status, len(reply.body), time.perf_counter() - started
        )
        return reply

    def _heed(self, host: str, error: FetchError) -> None:
        """Keep away from a host that asks for it. "Too many requests" speaks of all of them, not of one page."""
        if error.reason == Reason.TOO_MANY_REQUESTS:
            refusals = self._hosts.count_refusal(host)
            given_up = refusals >= self._policy.attempts
            self._hosts.hold(host, _REST_S if given_up else refusals * self._policy.backoff_s)
        elif not error.reason.transient:
            self._hosts.forget_refusals(host)
        if error.wait_s is not None:
            self._hosts.hold(host, error.wait_s)

    async def _send(self, url: httpx.URL, read: Callable[[httpx.Response], Awaitable[bytes]]) -> Reply:
        finished = False
        try:
            async with asyncio.timeout(self._policy.deadline_s):
                request = httpx.Request("GET", url, headers=self._headers, extensions=self._extensions)
                response = await self._transport.handle_async_request(request)
                try:
                    reply = await self._receive(url, response, read)
                    finished = response.is_closed  # by httpx, at the end of the body
                finally:
                    await response.aclose()
        except FetchError:
            raise
        except Exception as error:
            # Every one: the parsers below httpx (h11, h2, hpack) raise what they do not document when a server means
            # ill, and that costs its own page, not the run.
            raise self._failure(url, error) from error
        finally:
            if not finished:
                await self._transport.hang_up(url)
        return reply

    def _failure(self, url: httpx.URL, error: Exception) -> FetchError:
        """What an exception of the libraries means."""
        if isinstance(error, httpcore.ConnectTimeout):
            phrase = f"no connection within {self._policy.connect_timeout_s:g} s"
            return FetchError(Reason.TIMEOUT, phrase, again=True, reached=False)
        if isinstance(error, TimeoutError | httpcore.TimeoutException):
            # Not again: it has cost a whole deadline already.
            return FetchError(Reason.TIMEOUT, f"no complete answer within {self._policy.deadline_s:g} s")
        if (fault := _tls_fault(error)) is not None:
            return FetchError(Reason.TLS, fault, reached=False)
        if isinstance(error, httpcore.ConnectError):
            return FetchError(Reason.CONNECT, f"no connection: {error}", again=True, reached=False)
        if isinstance(error, httpcore.NetworkError | httpcore.ProtocolError | OSError):
            return FetchError(Reason.CONNECT, f"connection broke: {str(error) or type(error).__name__}", again=True)
        _log.warning("GET %s: unexpected %s", url, type(error).__name__, exc_info=error)
        return FetchError(Reason.CONNECT, f"unusable answer: {type(error).__name__}")

    async def _receive(
        self, url: httpx.URL, response: httpx.Response, read: Callable[[httpx.Response], Awaitable[bytes]]
    ) -> Reply:
        location = response.headers.get("location") if response.status_code in REDIRECTS else None
        if response.status_code != 200 and location is None:
            wait_s = retry_after_s(response.headers.get("retry-after"), datetime.now(UTC))
            asked = wait_s if response.status_code in (429, 503) else None
            raise refusal(response.status_code, wait_s=asked, patience_s=self._policy.retry_after_cap_s)
        body = await read(response) if location is None else b""
        return Reply(
            url=url,
            status=response.status_code,
            headers=tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in response.headers.raw),
            location=location,
            body=body,
        )


def _tls_fault(error: BaseException) -> str | None:
    """What TLS objected to, if that is what broke the connection; httpcore keeps it only as the context."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return f"certificate not accepted: {seen.verify_message}"
        if isinstance(seen, ssl.SSLError):
            return f"TLS failed: {seen.reason or seen}"
        seen = seen.__cause__ or seen.__context__
    return None
