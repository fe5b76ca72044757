"""One seed, once: through robots.txt and redirects to a page."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx

from ingest.fetch.body import read_body
from ingest.fetch.exchange import Exchange, Reply
from ingest.fetch.failure import FetchError
from ingest.fetch.hosts import Hosts
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.responses import check_type
from ingest.fetch.robots import Robots
from ingest.fetch.targets import host_of, parse_url, redirect_target
from ingest.model import Page, Seed
from ingest.outcome import Reason


class Visitor:
    """Fetches pages; all its parts are shared by everything that one fetcher does."""

    def __init__(self, policy: FetchPolicy, exchange: Exchange, robots: Robots, hosts: Hosts) -> None:
        self._policy = policy
        self._exchange = exchange
        self._robots = robots
        self._hosts = hosts

    async def visit(self, seed: Seed, *, limit_bytes: int, room: asyncio.Semaphore) -> Page:
        """Fetch a seed. Every hop is checked like the first: scheme, robots.txt, address, the slot of its host.

        Args:
            seed: What to fetch.
            limit_bytes: Most bytes of the decoded body.
            room: A place is taken from it for each page and stays taken with the page that is returned; whoever is
                done with the page gives it back.

        Raises:
            FetchError: No page was to be had.
        """
        url = parse_url(seed.url)
        seen = {url}
        while True:
            delay_s = await self._robots.admit(url, self._policy.delay_of(seed.source))
            reply = await self._ask(url, delay_s, limit_bytes, room)
            if reply.location is None:
                return _page(seed, reply)
            url = redirect_target(url, reply.location)
            if url in seen:
                raise FetchError(Reason.REDIRECTS, f"redirects go round in circles at {url}")
            seen.add(url)
            if len(seen) > self._policy.max_redirects + 1:
                raise FetchError(Reason.REDIRECTS, f"more than {self._policy.max_redirects} redirects")

    async def _ask(self, url: httpx.URL, delay_s: float, limit_bytes: int, room: asyncio.Semaphore) -> Reply:
        async def read(response: httpx.Response) -> bytes:
            check_type(response.headers.get("content-type"))
            return await read_body(response, limit_bytes)

        # The long wait first, with nothing in hand. A place is taken before the slot: whoever holds a slot never
        # waits for the consumer, so that the consumer itself may fetch from the same host.
        await self._hosts.ready(host_of(url), delay_s)
        await room.acquire()
        kept = False
        try:
            reply = await self._exchange.get(url, delay_s=delay_s, read=read)
            kept = reply.location is None
        finally:
            if not kept:
                room.release()
        return reply


def _page(seed: Seed, reply: Reply) -> Page:
    return Page(
        seed=seed,
        final_url=str(reply.url),
        body=reply.body,
        fetched_at=datetime.now(UTC),
        status=reply.status,
        headers=reply.headers,
    )
