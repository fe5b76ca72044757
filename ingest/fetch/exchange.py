"""One request: in its host's slot, under one deadline, with every way to fail turned into a `FetchError`."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType

import httpcore
import httpx

from ingest.fetch.body import ACCEPT_ENCODING, read_body
from ingest.fetch.challenges import LOOK_BYTES, challenger, likely_refuser
from ingest.fetch.failure import FetchError
from ingest.fetch.hosts import Hosts
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.responses import NOT_MODIFIED, PAGES, REDIRECTS, challenge, refusal, retry_after_s
from ingest.fetch.targets import host_of
from ingest.fetch.transport import PublicTransport
from ingest.outcome import Reason

_log = logging.getLogger(__name__)

# How long a host that refused `attempts` times in a row is left alone: longer than any run waits, so what is left for
# it fails at once and is taken up by the next run.
_REST_S = 900.0
# How long the body of a refusal or a redirect is read: it may name who refused, and when it is read to its end the
# connection can be used again.
_LOOK_S = 2.0
# Behind these a challenge may hide; 405 is what AWS WAF sends a captcha with.
_MAY_BE_CHALLENGES = frozenset({401, 403, 405, 503})

Read = Callable[[httpx.Response], Awaitable[bytes]]
"""Reads the body of a page; may refuse it by its head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response: a page with its decoded body, a redirect, or a 304 that was asked for.

    `request` are the headers that were sent, `address` is the IP address that answered.
    """

    url: httpx.URL
    status: int
    headers: tuple[tuple[str, str], ...]
    location: str | None
    body: bytes
    request: tuple[tuple[str, str], ...]
    address: str | None


class Exchange:
    """Sends requests.

    They go to a transport of our own: httpx.AsyncClient reads the Location of every redirect, also of one that it is
    told not to follow, and fails where that is no URL; its cookies and its authentication are not wanted either.
    """

    def __init__(self, policy: FetchPolicy, transport: PublicTransport, hosts: Hosts) -> None:
        self._policy = policy
        self._transport = transport
        self._hosts = hosts
        self._headers = {
            b"User-Agent": policy.user_agent.encode("latin-1", "replace"),
            b"Accept": b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
            b"Accept-Encoding": ACCEPT_ENCODING.encode(),
        }
        # Reading is bounded by the deadline of the whole.
        self._extensions = {"timeout": {"connect": policy.connect_timeout_s}}

    async def get(
        self, url: httpx.URL, *, delay_s: float, read: Read, conditions: Mapping[bytes, bytes] = MappingProxyType({})
    ) -> Reply:
        """Ask for a URL once, redirects not followed.

        Args:
            url: What to ask for.
            delay_s: The distance to keep from the request before it to this host.
            read: Reads the body of a page.
            conditions: Headers that make a 304 an answer.

        Returns:
            The answer, where it is a page, a redirect, or a 304 that was asked for.

        Raises:
            FetchError: Anything else.
        """
        host = host_of(url)
        async with self._hosts.slot(host, delay_s):
            started = time.perf_counter()
            try:
                reply = await self._send(url, read, conditions)
            except FetchError as error:
                _log.debug("GET %s: %s after %.3f s", url, error, time.perf_counter() - started)
                self._heed(host, error)
                raise
            self._hosts.note_answer(host)
        _log.debug(
            "GET %s: %d, %d bytes after %.3f s", url, reply.status, len(reply.body), time.perf_counter() - started
        )
        return reply

    def _heed(self, host: str, error: FetchError) -> None:
        """Keep away from a host that asks for it. "Too many requests" speaks of all of them, not of one page."""
        self._hosts.note_failure(host)
        if error.status in (429, 503) and error.reason != Reason.BLOCKED:
            self._hosts.slow_down(host)
        if error.reason == Reason.TOO_MANY_REQUESTS:
            refusals = self._hosts.count_refusal(host)
            given_up = refusals >= self._policy.attempts
            self._hosts.hold(host, _REST_S if given_up else refusals * self._policy.backoff_s)
        elif not error.reason.transient:
            self._hosts.forget_refusals(host)
        if error.wait_s is not None:
            self._hosts.hold(host, error.wait_s)

    async def _send(self, url: httpx.URL, read: Read, conditions: Mapping[bytes, bytes]) -> Reply:
        try:
            async with asyncio.timeout(self._policy.deadline_s):
                # The host, too: httpx would decode it, and fails on what IDNA 2008 forbids.
                headers = {b"Host": url.netloc, **self._headers, **conditions}
                request = httpx.Request("GET", url, headers=headers, extensions=self._extensions)
                async with self._transport.send(request, partial(self._hosts.note_sending, host_of(url))) as response:
                    return await self._receive(request, response, read, conditional=bool(conditions))
        except FetchError:
            raise
        except Exception as error:
            # Every one: the parsers below httpx (h11, h2, hpack) raise what they do not document when a server means
            # ill, and that costs its own page, not the run.
            raise self._failure(url, error) from error

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
        if isinstance(error, httpcore.ConnectError | httpcore.ProxyError):
            how = "" if self._policy.proxy is None else " through the proxy"
            return FetchError(Reason.CONNECT, f"no connection{how}: {error}", again=True, reached=False)
        if isinstance(error, httpcore.NetworkError | httpcore.ProtocolError | OSError):
            return FetchError(Reason.CONNECT, f"connection broke: {str(error) or type(error).__name__}", again=True)
        _log.warning("GET %s: unexpected %s", url, type(error).__name__, exc_info=error)
        return FetchError(Reason.CONNECT, f"unusable answer: {type(error).__name__}")

    async def _receive(
        self, request: httpx.Request, response: httpx.Response, read: Read, *, conditional: bool
    ) -> Reply:
        status = response.status_code
        location = response.headers.get("location") if status in REDIRECTS else None
        body = b""
        if status in PAGES:
            body = await read(response)
        else:
            start = await _look(response)
            if location is None and not (conditional and status == NOT_MODIFIED):
                raise self._refusal(response, start)
        return Reply(
            url=request.url,
            status=status,
            headers=_as_text(response.headers),
            location=location,
            body=body,
            request=_as_text(request.headers),
            address=self._transport.peer(response),
        )

    def _refusal(self, response: httpx.Response, start: bytes) -> FetchError:
        status = response.status_code
        by = challenger(response.headers, start if status in _MAY_BE_CHALLENGES else b"")
        if by is not None:
            return challenge(status, by)
        if status == 407 and self._policy.proxy is not None:
            return FetchError(Reason.CONNECT, "the proxy does not accept our credentials", reached=False)
        wait_s = retry_after_s(response.headers.get("retry-after"), datetime.now(UTC))
        asked = wait_s if status in (429, 503) else None
        patience_s = self._policy.retry_after_cap_s
        return refusal(status, wait_s=asked, patience_s=patience_s, by=likely_refuser(response.headers))


def _as_text(headers: httpx.Headers) -> tuple[tuple[str, str], ...]:
    return tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in headers.raw)


async def _look(response: httpx.Response) -> bytes:
    """The start of a body that nobody asked for; empty where it cannot be had."""
    try:
        async with asyncio.timeout(_LOOK_S):
            return await read_body(response, LOOK_BYTES, cut=True)
    except (FetchError, TimeoutError, httpcore.NetworkError, httpcore.ProtocolError):
        return b""


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
