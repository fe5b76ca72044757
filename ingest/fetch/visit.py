"""One seed, once: through robots.txt and redirects to a page, or to the word that ours is still the newest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import httpx

from ingest.fetch.body import read_body
from ingest.fetch.challenges import challenger
from ingest.fetch.conditions import conditions, is_same_body
from ingest.fetch.exchange import Exchange, Reply
from ingest.fetch.failure import FetchError
from ingest.fetch.hosts import Hosts
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.responses import NOT_MODIFIED, challenge, check_start, check_type
from ingest.fetch.robots import Robots
from ingest.fetch.targets import host_of, parse_url, redirect_target
from ingest.model import Page, Seed
from ingest.outcome import Reason, Unmodified
from ingest.rights import as_evidence


class Visitor:
    """Fetches pages; all its parts are shared by everything that one fetcher does."""

    def __init__(self, policy: FetchPolicy, exchange: Exchange, robots: Robots, hosts: Hosts) -> None:
        self._policy = policy
        self._exchange = exchange
        self._robots = robots
        self._hosts = hosts

    async def visit(self, seed: Seed, *, limit_bytes: int, room: asyncio.Semaphore) -> Page | Unmodified:
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
        asked: list[httpx.URL] = []
        while True:
            delay_s = await self._robots.admit(url, self._policy.delay_of(seed.source))
            got = await self._ask(seed, url, asked, delay_s, limit_bytes, room)
            if isinstance(got, Page):
                said = await self._robots.terms(url)
                return replace(got, terms=tuple(as_evidence(said, got.fetched_at)))
            if not isinstance(got, str):
                return got
            asked.append(url)
            url = redirect_target(url, got)
            if url in asked:
                raise FetchError(Reason.REDIRECTS, f"redirects go round in circles at {url}")
            if len(asked) > self._policy.max_redirects:
                raise FetchError(Reason.REDIRECTS, f"more than {self._policy.max_redirects} redirects")

    async def _ask(
        self,
        seed: Seed,
        url: httpx.URL,
        asked: Sequence[httpx.URL],
        delay_s: float,
        limit_bytes: int,
        room: asyncio.Semaphore,
    ) -> Page | Unmodified | str:
        """Make one hop; a text is where it leads to."""
        # The long wait first, with nothing in hand. A place is taken before the slot: whoever holds a slot never
        # waits for the consumer, so that the consumer itself may fetch from the same host.
        await self._hosts.ready(host_of(url), delay_s)
        await room.acquire()
        kept = False
        try:
            reply = await self._exchange.get(
                url,
                delay_s=delay_s,
                read=partial(self._read, limit_bytes),
                conditions=conditions(seed.validators, first_hop=not asked),
            )
            got = _outcome(seed, reply, asked)
            kept = isinstance(got, Page)
        finally:
            if not kept:
                room.release()
        return got

    async def _read(self, limit_bytes: int, response: httpx.Response) -> bytes:
        opaque = check_type(response.headers.get("content-type"), pdf=self._policy.pdf)
        body = await read_body(
            response,
            limit_bytes,
            max_ratio=self._policy.max_ratio,
            check_start=partial(check_start, pdf=self._policy.pdf) if opaque else None,
        )
        if (by := challenger(response.headers, body)) is not None:
            raise challenge(response.status_code, by)
        return body


def _outcome(seed: Seed, reply: Reply, asked: Sequence[httpx.URL]) -> Page | Unmodified | str:
    if reply.location is not None:
        return reply.location
    if reply.status == NOT_MODIFIED:
        return Unmodified(seed=seed, how="304")
    if is_same_body(seed.validators, reply.body):
        return Unmodified(seed=seed, how="same body")
    return Page(
        seed=seed,
        final_url=str(reply.url),
        body=reply.body,
        fetched_at=datetime.now(UTC),
        status=reply.status,
        headers=reply.headers,
        redirects=tuple(map(str, asked)),
        request=reply.request,
        address=reply.address,
    )
